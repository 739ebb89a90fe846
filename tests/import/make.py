"""Writes the workbooks of this folder. Needs openpyxl and xlwt; run it where it stands."""

import datetime
import re
import shutil
import zipfile

import openpyxl
import xlwt
from openpyxl.comments import Comment
from openpyxl.styles import numbers

HEADS = ["单位名称", "功能科目", "经济科目", "项目名称", "资金性质", "支出类别", "预算金额"]
UNIT = "示例市图书馆"
WAGES = [UNIT, "2070104-图书馆", "30101-基本工资", None, "一般公共预算", "人员类", 120]
BOOKS = [UNIT, "2070104-图书馆", "30299-其他商品和服务支出", "图书购置", "一般公共预算", "特定目标类", 180]


def book(*rows, heads=HEADS, title="2023年部门预算明细", unit="单位：元"):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "明细"
    sheet.append([title])
    if unit:
        sheet.append([None] * (len(heads) - 1) + [unit])
    sheet.append(heads)
    for row in rows:
        sheet.append(row)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads))
    workbook.properties.created = workbook.properties.modified = datetime.datetime(2023, 1, 1)
    return workbook, sheet


def save(workbook, name):
    workbook.save(f"{name}.xlsx")
    settle(f"{name}.xlsx")


def settle(path, extra=None):
    """The same bytes on every run: parts in order, no clock; with further parts, perhaps."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts.update(extra or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def line(base=BOOKS, **cells):
    names = dict(unit=0, code=1, economic=2, project=3, fund=4, kind=5, amount=6)
    row = list(base)
    for name, value in cells.items():
        row[names[name]] = value
    return row


def answered(name, options):
    """The same workbook, and what answers its question."""
    shutil.copy(f"{name}.xlsx", f"{name}-answered.xlsx")
    with open(f"{name}-answered.options", "w") as file:
        file.write(options + "\n")


def platform():
    """What platforms and people make of detail lines."""
    more = line(economic="30227-委托业务费", project=None, amount=20)
    workbook, sheet = book(WAGES, BOOKS, more)
    sheet.merge_cells("D5:D6")
    save(workbook, "project-merged")
    workbook, sheet = book(WAGES, BOOKS, more, more)
    sheet.merge_cells("D5:D6")
    save(workbook, "project-merged-with-a-gap")

    kinds = ["11-人员支出", "12-公用支出", "3-特定目标类项目", "1-人员类项目", "[22]其他运转类"]
    save(book(*[line(kind=kind, amount=10) for kind in kinds])[0], "kinds-with-codes")
    save(book(WAGES, BOOKS, line(kind="2-运转类项目"), line(kind="2-运转类项目"))[0], "kind-unclear")
    answered("kind-unclear", "--word 2-运转类项目=基本支出")

    codes = [2070104, "2070104.0", "207.01.04", "207 01 04 图书馆", "2070104—图书馆", "２０７０１０４"]
    save(book(*[line(code=code, economic="302.99", amount=30) for code in codes])[0], "codes-as-written")
    save(book(line(code="207.1"), line(economic="3029901"))[0], "codes-unclear")
    heads = ["单位名称", "类", "款", "项", "类", "款"] + HEADS[3:]
    save(book([UNIT, 207, 1, "04", "302", "99"] + BOOKS[3:], heads=heads)[0], "codes-in-columns")

    funds = ["合计", "一般公共预算", "政府性基金预算", "上年结转"]
    heads = HEADS[:4] + ["支出类别"] + funds
    side = BOOKS[:4] + ["项目支出", 180, 100, 60, 20]
    save(book(side, heads=heads)[0], "funds-side-by-side")
    save(book(side[:5] + [181] + side[6:], heads=HEADS[:4] + ["支出类别", "金额"] + funds[1:])[0], "funds-do-not-add-up")
    carried = [
        line(fund="政府性基金预算结转", code="2120801-征地", amount=5),
        line(fund="上年结转", code="2120802-土地", amount=6),
        line(fund="111-一般公共预算资金", amount=169),
    ]
    save(book(*carried)[0], "carried-over")

    workbook, sheet = book(WAGES, BOOKS)
    workbook.copy_worksheet(sheet).title = "备份"
    save(workbook, "two-sheets")
    answered("two-sheets", "--sheet 明细")
    heads = HEADS[:6] + ["预算数", "预算金额"]
    save(book(WAGES + [121], BOOKS + [181], heads=heads)[0], "two-amounts")
    answered("two-amounts", "--column 金额=H")
    workbook, sheet = book(WAGES, BOOKS, line(project="隐藏的", amount=9))
    sheet.row_dimensions[6].hidden = True
    save(workbook, "hidden-row")
    answered("hidden-row", "--hidden 不取")
    save(book(WAGES, BOOKS, title="二〇二四年部门预算明细")[0], "other-year")
    answered("other-year", "--any-year")

    workbook, sheet = book(*[line(amount=value) for value in [0.5, 123456, 123456, 12.34, 180]])
    for row, code in enumerate(["0.0%", "0!.0,", "#,##0,", '0.00"万元"', '"¥"#,##0.00'], 4):
        sheet.cell(row, 7).number_format = code
    save(workbook, "formats-that-show-another-number")
    rows = [WAGES, BOOKS, line(project="合计处项目", amount="—"), line(project="乙", amount="无")]
    save(book(*rows, ["本页合计"] + [None] * 5 + [300])[0], "zeros-and-totals")
    save(book(*[line(fund="9-别的钱") for _ in range(30)])[0], "one-doubt-of-thirty-cells")

    workbook, sheet = book(WAGES, BOOKS)
    sheet.insert_rows(1, 30)
    save(workbook, "head-far-down")
    with zipfile.ZipFile("lines.xlsx") as good:
        parts = {name: good.read(name) for name in good.namelist()}
    with zipfile.ZipFile("broken-as-excel-opens-it.xlsx", "w", zipfile.ZIP_DEFLATED) as broken:
        for name, data in parts.items():
            data = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A0"', data)
            name = name.replace("/", chr(92)).replace("sheet1.xml", "Sheet1.xml")
            broken.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def over_cells():
    """What people write over the cells: notes, threads, text boxes."""
    workbook, sheet = book(WAGES, BOOKS)
    sheet["G5"].comment = Comment("馆长：\n减到 150，" + "其余明年再报" * 6, "馆长")
    sheet["A1"].comment = Comment("第二稿 <财务>", "财务")
    save(workbook, "comments")
    thread = "".join(
        f'<threadedComment ref="G5" id="{{{n}}}"><text>{words}</text></threadedComment>'
        for n, words in enumerate(["减到 150？", "同意 &amp; 照改"])
    )
    kinds = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    with zipfile.ZipFile("comments.xlsx") as old:
        rels = old.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    new = f'<Relationship Id="t1" Type="{kinds}" Target="../threadedComments/threadedComment1.xml"/>'
    shutil.copy("comments.xlsx", "comments-in-threads.xlsx")
    settle("comments-in-threads.xlsx", {
        "xl/worksheets/_rels/sheet1.xml.rels": rels.replace("</Relationships>", new + "</Relationships>"),
        "xl/threadedComments/threadedComment1.xml": f"<ThreadedComments>{thread}</ThreadedComments>",
        "xl/drawings/drawing7.xml": "<xdr:wsDr><a:p><a:r><a:t>另加</a:t></a:r><a:r><a:t>2 万</a:t></a:r></a:p></xdr:wsDr>",
    })


def units():
    """Units of money: each column's own, those above and below, and those that nobody can know."""
    priced = HEADS + ["单价（万元）"]
    save(book(WAGES + [None], BOOKS + [0.05], heads=priced, unit=None)[0], "unit-of-another-column")
    thousands = line(WAGES, amount=0.12), line(amount=0.18)
    save(book(*thousands, unit="金额单位：人民币千元")[0], "unit-of-thousands")
    save(book(WAGES, BOOKS, [None] * 6 + ["单位：元"], unit=None)[0], "unit-below")
    save(book(WAGES, BOOKS, unit="单位：元/万元")[0], "unit-of-two-kinds")
    owned = HEADS[:-1] + ["预算金额（元）"]
    save(book(WAGES, BOOKS, heads=owned, unit="单位：万元")[0], "unit-contradicted")
    both = HEADS[:-1] + ["金额（元）", "金额（万元）"]
    save(book(WAGES + [0.012], BOOKS + [0.018], heads=both, unit=None)[0], "unit-both-columns")


def shapes():
    """Paths of codes, sums of classes, and cells that hold no text."""
    path = "[207]文化旅游体育与传媒支出>[20701]文化和旅游>[2070104]图书馆"
    save(book(line(WAGES, code=path), line(code=path))[0], "codes-as-paths")
    save(book(line(WAGES, code="2070104；2070199"), BOOKS)[0], "codes-two-in-a-cell")
    tops = [[UNIT, code, None, None, "一般公共预算", None, 300] for code in ("207", "20701")]
    save(book(*tops, WAGES, BOOKS)[0], "classes-above-their-parts")
    save(book([UNIT, "207", None, None, "一般公共预算", None, 310], WAGES, BOOKS)[0], "classes-unlike-their-parts")
    save(book(WAGES, line(project='=IF(1,"图书购置","")'))[0], "text-not-computed")
    save(book(WAGES, line(project=datetime.datetime(2023, 3, 1)))[0], "text-is-a-date")
    save(book(WAGES, line(fund=None))[0], "fund-left-blank")
    save(book(WAGES, line(project=None, kind="项目支出"))[0], "project-left-blank")
    heads = HEADS[:-1] + ["批复数"]
    save(book(WAGES, BOOKS, heads=heads)[0], "column-unknown")
    answered("column-unknown", "--column 金额=批复数")
    again = ["2024年部门预算明细"], HEADS, BOOKS
    save(book(WAGES, BOOKS, *again)[0], "second-table-of-another-year")
    notes = ["打印日期：2022年11月5日"], [UNIT + "合计"] + [None] * 5 + [300]
    save(book(WAGES, BOOKS, *notes)[0], "totals-and-notes")


def years():
    """The year in a title, in the name of a sheet, in a column."""
    heads = HEADS + ["预算年度"]
    save(book(WAGES + [2022], BOOKS + [2022], heads=heads, title="部门预算明细")[0], "other-year-in-a-column")
    save(book(WAGES + [2023], BOOKS + ["2022年"], heads=heads)[0], "other-year-in-one-line")
    save(book(WAGES + [2023], BOOKS + ["2022年"], heads=heads)[0], "new-other-year-in-one-line")
    workbook, sheet = book(WAGES, BOOKS, title="部门预算明细")
    sheet.title = "2022年明细"
    save(workbook, "other-year-of-a-sheet")
    answered("other-year-in-one-line", "--any-year")


def main():
    save(book(WAGES, BOOKS)[0], "lines")

    wan = [row[:-1] + [row[-1] / 10000] for row in (WAGES, BOOKS)]
    save(book(*wan, heads=HEADS[:-1] + ["预算金额（万元）"], unit=None)[0], "lines-in-wan")
    save(book(WAGES, BOOKS, unit=None)[0], "no-unit")

    # What Excel makes of 0.1 + 0.2, shown with two decimals.
    workbook, sheet = book(WAGES[:-1] + [0.1 + 0.2], BOOKS)
    sheet["G4"].number_format = numbers.FORMAT_NUMBER_COMMA_SEPARATED1
    save(workbook, "floats")

    save(book(WAGES[:-1] + ["1,200.50"], BOOKS[:-1] + ["１８０"])[0], "numbers-as-text")

    # The unit stands in a merged cell; totals follow.
    workbook, sheet = book(WAGES, [None] + BOOKS[1:], [None, None, None, None, None, "合计", 300])
    sheet.merge_cells("A4:A5")
    save(workbook, "merged-and-totals")

    new = [UNIT, "2070109-群众文化", "30201-办公费", "读书活动", "一般公共预算", "特定目标类", 50]
    save(book(WAGES, BOOKS, new)[0], "new-class")

    save(book(WAGES)[0], "lines-missing")
    save(book(WAGES, BOOKS[:4] + ["彩票公益金"] + BOOKS[5:])[0], "unknown-fund")
    save(book(["另一个馆"] + WAGES[1:], BOOKS)[0], "unknown-unit")
    save(book(WAGES[:1] + ["图书馆"] + WAGES[2:], BOOKS)[0], "no-code")
    save(book(WAGES[:-1] + ["一百二十"], BOOKS[:-1] + [datetime.datetime(2023, 5, 1)])[0], "bad-amounts")
    save(book(WAGES[:-1] + ["=100+20"], BOOKS)[0], "formula-not-computed")

    workbook, sheet = book(WAGES, BOOKS)
    workbook.create_sheet("首页")["A1"] = "填报说明"
    sheet.sheet_state = "hidden"
    workbook.active = 1
    save(workbook, "hidden-sheet")

    save(book(["甲", 1], heads=["姓名", "人数"])[0], "other-workbook")

    for name, part in [("macro", "xl/vbaProject.bin"), ("external-link", "xl/externalLinks/externalLink1.xml")]:
        shutil.copy("lines.xlsx", f"{name}.xlsx")
        settle(f"{name}.xlsx", {part: b"not looked at"})

    # Columns that fill what stands alone in a source, and some that fill nothing.
    heads = ["序号"] + HEADS[:4] + ["资金来源", "支出类别", "预算金额", "采购金额", "采购类型"]
    more = [
        [1] + WAGES[:4] + ["一般公共预算拨款", "人员类", 120, None, None],
        [2] + BOOKS[:4] + ["事业收入", "特定目标类", 180, 180, "货物类"],
        [3, UNIT, "2070104-图书馆", "30217-公务接待费", None, "上年结转", "公用经费", 2, None, None],
        [4, UNIT, "2070104-图书馆", "30231-公务用车运行维护费", None, "一般公共预算拨款", "公用经费", 3, 3, "服务"],
    ]
    save(book(*more, heads=heads)[0], "income-and-procurement")
    save(book(*more, heads=heads)[0], "new-income-and-procurement")
    unclear = [row[:-1] + [kind] for row, kind in zip(more, [None, "别的", None, "服务"])]
    unclear[0][5] = "一般公共预算"
    save(book(*unclear, heads=heads)[0], "unclear-source-and-kind")

    other = ["示例市博物馆"] + WAGES[1:]
    save(book(WAGES, BOOKS, other)[0], "new-two-units")
    save(book()[0], "heads-only")

    platform()
    over_cells()
    units()
    shapes()
    years()

    old = xlwt.Workbook()
    old.add_sheet("明细").write(0, 0, "预算金额")
    old.save("old.xls")


main()
