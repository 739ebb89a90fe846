#!/usr/bin/env python3
"""Validates PDFs against PDF/A-2a (PDF/A-3a with files attached) and PDF/UA-1 with page-validation (PyPI), an independent reader.

One rule has a known false alarm: a stream whose last byte is a carriage return is followed by a
line feed, and the validator takes both for one line end, so the stream seems a byte short. Such a
failure is let pass only when the stream's /Length, counted here, is exact.
"""

import re
import sys
from pathlib import Path

import page

STREAM_LENGTH = re.compile(r"PDFA[23]A-STREAM-LENGTH-001")


def profiles(path):
    """What the file says it is."""
    attached = b"/EmbeddedFile" in path.read_bytes()
    archive = page.ValidationProfile.PDF_A_3A if attached else page.ValidationProfile.PDF_A_2A
    return [archive, page.ValidationProfile.PDF_UA_1]


def length_is_exact(data, number):
    """Whether the stream of object `number` ends where its /Length says, before `endstream`."""
    head = re.search(rb"(?:^|[\r\n])%d 0 obj(.*?)stream\r?\n" % number, data, re.S)
    length = head and re.search(rb"/Length (\d+)", head.group(1))
    return bool(length) and data[head.end() + int(length.group(1)) :].startswith(b"\nendstream")


def failures(path, profile):
    """The verdict, and the failures that count."""
    report = page.validate_pdf(str(path), profile=profile)
    data = path.read_bytes()

    def counts(failure):
        known = STREAM_LENGTH.fullmatch(failure.rule_id) and failure.object_id
        return not (known and length_is_exact(data, failure.object_id.object_number))

    return report, [failure for failure in report.failures if counts(failure)]


def main(paths):
    failed = 0
    for path in map(Path, paths):
        for profile in profiles(path):
            report, found = failures(path, profile)
            print(f"{path} {report.profile.name}: {report.rules.failed} of {report.rules.total} rules failed")
            for failure in found:
                print(f"  {failure.rule_id}: {failure.message}")
            failed += len(found)
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
