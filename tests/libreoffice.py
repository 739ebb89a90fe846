"""LibreOffice computes every formula of an exported workbook anew: each result has to be the one
that the workbook was written with.

    python3 tests/libreoffice.py [SOURCE.yaml ...]

Needs soffice and openpyxl, and target/release/yusuan.
"""

import pathlib
import subprocess
import sys
import tempfile

import openpyxl

PROGRAM = pathlib.Path(__file__).parent.parent / "target/release/yusuan"


def convert(workbook, folder):
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
               "--convert-to", "xlsx", "--outdir", str(folder / "computed"), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / "computed" / workbook.name


def values(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return {(sheet.title, cell.coordinate): cell.value
            for sheet in book for row in sheet.iter_rows() for cell in row}


def check(source, folder):
    exported = folder / "exported.xlsx"
    subprocess.run([PROGRAM, "export", source, "-o", exported], check=True, capture_output=True)
    cached = values(exported)
    book = openpyxl.load_workbook(exported)
    formulas = [(sheet.title, cell.coordinate)
                for sheet in book for row in sheet.iter_rows() for cell in row
                if cell.data_type == "f"]
    # Saved by openpyxl, formulas have no results: LibreOffice has to compute them.
    bare = folder / "bare.xlsx"
    book.save(bare)
    computed = values(convert(bare, folder))
    wrong = [f"{sheet}!{cell}: {cached[sheet, cell]!r} in the workbook, {computed.get((sheet, cell))!r} computed"
             for sheet, cell in formulas if cached[sheet, cell] != computed.get((sheet, cell))]
    # As it was written, with its results: opened without repair, nothing else changed.
    opened = values(convert(exported, folder))
    wrong += [f"{sheet}!{cell}: {value!r} became {opened.get((sheet, cell))!r}"
              for (sheet, cell), value in cached.items()
              if value is not None and opened.get((sheet, cell)) != value]
    print(f"{source}: {len(formulas)} formulas, {len(cached)} cells, {len(wrong)} wrong")
    for line in wrong[:20]:
        print("  " + line)
    return formulas and not wrong


def main():
    sources = sys.argv[1:] or ["input/2023.yaml", "tests/libreoffice/two-units.yaml"]
    with tempfile.TemporaryDirectory() as folder:
        results = [check(source, pathlib.Path(folder)) for source in sources]
    sys.exit(0 if all(results) else 1)


main()
