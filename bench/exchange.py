"""Export against check, and import of 20,000 detail lines against calamine alone, side by side.

    cargo build --release && cargo build --release --example calamine
    python3 bench/exchange.py

Needs openpyxl. Both of a pair run in turn, so that a busy machine slows both; least times count.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

import openpyxl

ROOT = pathlib.Path(__file__).parent.parent
YUSUAN = ROOT / "target/release/yusuan"
CALAMINE = ROOT / "target/release/examples/calamine"
LINES = 20_000
RUNS = 15


def codes(name, length):
    lines = (ROOT / "templates/shenzhen-2023/codes" / name).read_text().splitlines()
    found = [line.split("\t")[0] for line in lines]
    return [code for code in found if code.isdigit() and len(code) == length]


def make(folder):
    functional, economic = codes("functional.tsv", 7), codes("economic.tsv", 5)
    projects = [f"项目{number}" for number in range(1, 41)]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("明细")
    sheet.append(["预算单位", "功能科目", "经济科目", "项目名称", "资金性质", "支出类别", "金额（元）"])
    for at in range(LINES):
        basic = (at * 7 // 13) % 3 == 0
        sheet.append(["示例部门", functional[at % len(functional)], economic[at % len(economic)],
                      None if basic else projects[at % len(projects)], "一般公共预算",
                      "人员类" if basic else "特定目标类", 1000 + at % 97 + 0.25])
    workbook = folder / "lines.xlsx"
    book.save(workbook)
    classes = lambda codes: "".join(f"      - {{编码: {code}, 基本支出: 1}}\n" for code in codes)
    source = folder / "source.yaml"
    source.write_text(
        "表式: shenzhen-2023\n年度: 2023\n金额: {单位: 元, 小数: 2}\n部门: {名称: 示例部门}\n"
        "预算单位:\n  - 性质: 事业单位\n    功能分类:\n" + classes(functional)
        + "    经济分类:\n" + classes(economic) + "    项目:\n"
        + "".join(f"      - {{名称: {name}, 预算: 1}}\n" for name in projects))
    return workbook, source


def took(command):
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return (time.perf_counter() - start) * 1000


def side_by_side(first, second):
    times = [(took(first), took(second)) for _ in range(RUNS)]
    return min(time for time, _ in times), min(time for _, time in times)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        source = ROOT / "input/2023.yaml"
        export, check = side_by_side([YUSUAN, "export", source, "-o", folder / "2023.xlsx"],
                                     [YUSUAN, "check", source])
        print(f"export {export:.0f} ms, check {check:.0f} ms: {export - check:+.0f} ms (at most +50)")
        workbook, source = make(folder)
        imported, alone = side_by_side([YUSUAN, "import", workbook, "--into", source, "--dry-run"],
                                       [CALAMINE, workbook])
        print(f"import of {LINES:,} lines {imported:.0f} ms, calamine alone {alone:.0f} ms: "
              f"{imported / alone:.1f} times (at most 3)")
    sys.exit(0 if export - check <= 50 and imported <= 3 * alone else 1)


main()
