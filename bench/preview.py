#!/usr/bin/env python3
"""Measures the preview: `just bench`.

From the write of the source to the event in the browser, part by part; a source of 200 pages; a cold
build for comparison; the memory over 500 edits. Needs nothing but Python.
"""

import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sources

ROOT = Path(__file__).resolve().parent.parent
YUSUAN = ROOT / "target/release/yusuan"
PARTS = ("wait", "read", "report", "audit", "typeset")
EDITS = 60
MEMORY_EDITS = 500


class Preview:
    """A running preview and its events."""

    def __init__(self, source):
        self.source = source
        command = [str(YUSUAN), "preview", str(source), "--no-open"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        port, token = re.search(r":(\d+)/\?token=(\w+)", self.process.stdout.readline()).groups()
        self.connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
        self.connection.request("GET", f"/events?token={token}")
        self.events = self.connection.getresponse()

    def event(self):
        """The next event: its name and what it tells."""
        name = None
        while True:
            line = self.events.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: ") and name:
                return name, json.loads(line[6:])

    def edit(self, text):
        """Writes the source; answers the milliseconds to the event, and the event."""
        start = time.perf_counter()
        self.source.write_text(text)
        name, told = self.event()
        return (time.perf_counter() - start) * 1000, name, told

    def memory(self):
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def quantile(times, part):
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def variants(text, old, new, count):
    """The text with one figure different each time."""
    assert old in text, old
    return [text.replace(old, new.format(1000 + number), 1) for number in range(count)]


def measure(title, source, texts):
    """Edits a source; prints latencies and parts; answers the median."""
    with Preview(source) as preview:
        name, told = preview.event()
        assert name == "report", told
        times, parts, changed = [], {part: [] for part in (*PARTS, "total")}, []
        for number, text in enumerate(texts):
            time.sleep(0.05)
            elapsed, name, told = preview.edit(text)
            assert name == "report", told
            if number < 5:
                continue
            times.append(elapsed)
            changed.append(len(told["changed"]))
            for part in parts:
                parts[part].append(told["ms"][part])
    median, high = statistics.median(times), quantile(times, 0.95)
    print(f"\n## {title}: {len(told['pages'])} pages, {len(times)} edits\n")
    print(f"write to event: median {median:.1f} ms, 95th percentile {high:.1f} ms; pages changed: {statistics.median(changed):.0f}\n")
    print("| part | median ms | 95th percentile |\n|---|---|---|")
    for part in PARTS:
        print(f"| {part} | {statistics.median(parts[part]):.1f} | {quantile(parts[part], 0.95):.1f} |")
    sent = [a - b for a, b in zip(times, parts["total"])]
    print(f"| write and send | {statistics.median(sent):.1f} | {quantile(sent, 0.95):.1f} |")
    print("\n(audit runs beside typeset)")
    return median


def cold(source):
    """The median of cold builds, in milliseconds."""
    times = []
    for _ in range(15):
        start = time.perf_counter()
        subprocess.run([YUSUAN, "build", source, "-o", source.with_suffix(".pdf")], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def memory(source, texts):
    """The memory curve of many edits."""
    print(f"\n## Resident memory over {len(texts)} edits\n\n| edits | MB |\n|---|---|")
    curve = {}
    with Preview(source) as preview:
        preview.event()
        for number, text in enumerate(texts, 1):
            preview.edit(text)
            if number % 50 == 0:
                curve[number] = preview.memory()
                print(f"| {number} | {curve[number]:.0f} |", flush=True)
    print(f"\nlast against the 50th: {curve[len(texts)] / curve[50]:.2f}")


def main():
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as work:
        small = Path(work) / "2023.yaml"
        text = (ROOT / "input/2023.yaml").read_text()
        small.write_text(text)
        build = cold(small)
        texts = variants(text, "预算: 1141", "预算: {}", EDITS)
        median = measure("2023", small, texts)
        print(f"\ncold build: median {build:.0f} ms, {build / median:.1f} times the edit")
        large = Path(work) / "large.yaml"
        long = sources.source(7, units=26)
        large.write_text(long)
        # Printed in 万元: a change below that would not be seen.
        stated = re.search(r"个项目, 预算: (\d+)\d{8},", long)
        new = stated.group(0).replace(stated.group(1) + stated.group(0)[-9:-1], stated.group(1) + "{}0000")
        texts = variants(long, stated.group(0), new, EDITS)
        slow = measure("200 pages", large, texts)
        print(f"\n{slow / median:.1f} times the edit of 2023")
        if not quick:
            small.write_text(text)
            memory(small, variants(text, "预算: 1141", "预算: {}", MEMORY_EDITS))


if __name__ == "__main__":
    main()
