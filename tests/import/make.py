"""Writes the workbooks of this folder. Needs openpyxl and xlwt; run it where it stands."""

import datetime
import shutil
import zipfile

import openpyxl
import xlwt
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

    old = xlwt.Workbook()
    old.add_sheet("明细").write(0, 0, "预算金额")
    old.save("old.xls")


main()
