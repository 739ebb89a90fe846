#!/usr/bin/env python3
"""Measures yusuan side by side with the stock Typst compiler: `just bench`.

Needs hyperfine, and `typst` 0.15.1 on the PATH or in target/bench/bin (installed there on demand).
Every comparison runs both sides in one hyperfine run, because machines are noisy.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import sources

ROOT = Path(__file__).resolve().parent.parent
YUSUAN = ROOT / "target/release/yusuan"
RUNS = "15"
BATCH = 100


def run(*command, **options):
    return subprocess.run([str(part) for part in command], cwd=ROOT, **{"check": True, "stdin": subprocess.DEVNULL, **options})


def typst():
    """The stock compiler."""
    found = shutil.which("typst")
    local = ROOT / "target/bench/bin/typst"
    if not found and not local.exists():
        run("cargo", "install", "typst-cli", "--version", "0.15.1", "--locked", "--root", ROOT / "target/bench")
    return Path(found) if found else local


def peak(*command):
    """The peak memory of a command in MB, measured in a process of its own."""
    code = (
        "import resource,subprocess,sys;"
        "subprocess.run(sys.argv[1:],check=False,stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024)"
    )
    done = run(sys.executable, "-c", code, *command, stdout=subprocess.PIPE, text=True)
    return int(done.stdout.split()[-1])


def compare(title, named, runs=RUNS):
    """Runs commands side by side; prints their times; returns the medians."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = ["hyperfine", "--warmup", "2", "--runs", runs, "--ignore-failure", "--style", "none", "--export-json", out.name]
        for name, line in named:
            command += ["--command-name", name, line]
        run(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        results = json.loads(Path(out.name).read_text())["results"]
    print(f"\n## {title}\n\n| command | median ms | min | max |\n|---|---|---|---|")
    for result in results:
        cells = [result[key] * 1000 for key in ("median", "min", "max")]
        print(f"| {result['command']} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |")
    return [result["median"] for result in results]


def stock(main, pdf):
    standards = "--pdf-standard a-2a,ua-1"
    return f"{typst()} compile --font-path {ROOT}/fonts --ignore-system-fonts {standards} {main} {pdf}"


def one_report(work):
    run(YUSUAN, "build", "input/2023.yaml", "--to", "typ", "-o", f"{work}/", stdout=subprocess.DEVNULL)
    ours = f"{YUSUAN} build input/2023.yaml -o {work}/a.pdf"
    theirs = stock(f"{work}/2023-typ/main.typ", f"{work}/b.pdf")
    a, b = compare("One cold build of 2023, against the stock compiler on its markup", [("yusuan build", ours), ("typst compile", theirs)])
    memory = peak(*ours.split()), peak(*theirs.split())
    print(f"\nratio {a / b:.2f} in time; peak memory {memory[0]} MB against {memory[1]} MB, ratio {memory[0] / memory[1]:.2f}")
    print("\nWhere the time goes (--timings):\n")
    run(*ours.split(), "--timings", stdout=subprocess.DEVNULL, stderr=sys.stdout)


def many_reports(work):
    folder = work / "sources"
    folder.mkdir()
    for seed in range(BATCH):
        (folder / f"s{seed:03}.yaml").write_text(sources.source(seed))
    files = sorted(map(str, folder.glob("*.yaml")))
    run(YUSUAN, "build", *files, "--to", "typ", "-o", f"{work}/typ/", stdout=subprocess.DEVNULL)
    ours = f"{YUSUAN} build {' '.join(files)} -o {work}/pdf/"
    script = work / "stock.sh"
    script.write_text("".join(stock(f"{work}/typ/s{seed:03}-typ/main.typ", f"{work}/c.pdf") + "\n" for seed in range(BATCH)))
    a, b = compare(f"{BATCH} different reports", [("yusuan build, one run", ours), (f"typst compile, {BATCH} runs", f"sh {script}")], runs="3")
    assert len(list((work / "pdf").glob("*.pdf"))) == BATCH, "a report was not built: nothing was compared"
    print(f"\n{b / a:.2f} times the throughput; peak memory {peak(*ours.split())} MB")


def check(work):
    check = f"{YUSUAN} check input/2023.yaml"
    build = f"{YUSUAN} build input/2023.yaml -o {work}/a.pdf"
    a, b = compare("check against build", [("yusuan check", check), ("yusuan build", build)])
    print(f"\nratio {a / b:.3f}")
    times = []
    for rows in (10_000, 20_000):
        path = work / f"rows{rows}.yaml"
        path.write_text(sources.source(7, units=40, rows=rows // 40))
        times.append((f"check, 40 units, {rows} rows", f"{YUSUAN} check {path} --json"))
    a, b = compare("check, linear in rows", times, runs="5")
    print(f"\nratio {b / a:.2f}")


def main():
    run("cargo", "build", "--release")
    with tempfile.TemporaryDirectory() as work:
        one_report(Path(work))
        many_reports(Path(work))
        check(Path(work))


if __name__ == "__main__":
    main()
