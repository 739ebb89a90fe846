"""What LibreOffice makes of an exported Word document: it reads the same text, saving it again
changes nothing, and what is edited in it comes back.

    /usr/bin/python3 tests/word.py [SOURCE.yaml ...]

Needs soffice with Writer, python3-uno, pdftotext, and target/release/yusuan.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
import zipfile

import uno
from com.sun.star.beans import PropertyValue

ROOT = pathlib.Path(__file__).parent.parent
PROGRAM = ROOT / "target/release/yusuan"
CASES = ROOT / "tests/word"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PIPE = "yusuan-word"


class Office:
    """LibreOffice without a window."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile",
             f"--accept=pipe,name={PIPE};urp"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        for _ in range(120):
            try:
                context = resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
                break
            except Exception:
                time.sleep(0.5)
        else:
            raise SystemExit("LibreOffice does not start")
        self.manager, self.context = context.ServiceManager, context
        self.desktop = self.manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def convert(self, source, target, kind, edit=None):
        document = self.desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, properties(Hidden=True))
        if edit:
            edit(self, document)
        document.storeToURL(target.as_uri(), properties(FilterName=kind))
        document.close(True)
        return target

    def dispatch(self, document, command):
        helper = self.manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", self.context)
        helper.executeDispatch(document.CurrentController.Frame, command, "", 0, ())

    def close(self):
        try:
            self.desktop.terminate()
        except Exception:
            pass
        self.process.wait(60)


def properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


DOCX, PDF = "MS Word 2007 XML", "writer_pdf_Export"


def lines(path):
    """The paragraphs and rows of a document, but for the 目录."""
    with zipfile.ZipFile(path) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))[0]
        styles = ElementTree.fromstring(archive.read("word/styles.xml"))
    names = {style.get(W + "styleId"): style.find(W + "name").get(W + "val").lower() for style in styles.iter(W + "style")}

    def text(element):
        runs = []
        for it in element.iter():
            if it.tag == W + "t":
                runs.append(it.text or "")
            elif it.tag == W + "tab":
                runs.append("\t" if it.get(W + "val") is None else "")
            elif it.tag == W + "br":
                runs.append("\n")
        return "".join(runs).strip()

    def walk(parent):
        for element in parent:
            if element.tag == W + "p":
                style = element.find(f"{W}pPr/{W}pStyle")
                name = names.get(style.get(W + "val"), "") if style is not None else ""
                if not name.startswith(("toc 1", "toc 2", "toc 3")) and text(element):
                    yield text(element)
            elif element.tag == W + "tbl":
                for row in element.iter(W + "tr"):
                    cells = (text(cell) for cell in row.iter(W + "tc"))
                    yield " | ".join(cells)
            elif element.tag in (W + "sdt", W + "sdtContent"):
                yield from walk(element)

    return list(walk(body))


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def dense(text):
    return "".join(text.split())


def same_text(office, source, folder):
    """Whether LibreOffice reads what was written, prints it, and saves it so that nothing changed."""
    exported, copy = folder / "exported.docx", folder / "source.yaml"
    copy.write_bytes(source.read_bytes())
    code, said = run(PROGRAM, "export", copy, "--to", "docx", "-o", exported)
    assert code == 0, said
    saved = office.convert(exported, folder / "saved.docx", DOCX)
    wrong = []
    if lines(exported) != lines(saved):
        pairs = [pair for pair in zip(lines(exported), lines(saved)) if pair[0] != pair[1]]
        wrong.append(f"other text: {pairs[:3]}")
    pages = office.convert(exported, folder / "pages.pdf", PDF)
    _, printed = run("pdftotext", "-layout", pages, "-")
    # Paragraphs go on over page numbers.
    printed = re.sub(r"—\d+—", "", dense(printed))
    for line in lines(exported):
        if " | " not in line and "\t" not in line and dense(line) not in printed:
            wrong.append(f"not on the pages: {line[:40]}")
    code, said = run(PROGRAM, "import", saved, "--into", copy)
    if code != 0 or "没有要改的" not in said:
        wrong.append(f"saved again, it changes something: {said[:2000]}")
    print(f"{source.name}: {len(lines(exported))} paragraphs and rows, {len(wrong)} wrong")
    return wrong


def replace(old, new):
    def edit(office, document):
        search = document.createReplaceDescriptor()
        search.SearchString, search.ReplaceString = old, new
        assert document.replaceAll(search), f"there is no {old}"
    return edit


def tracked(inner):
    def edit(office, document):
        document.RecordChanges = True
        inner(office, document)
        document.RecordChanges = False
    return edit


def decided(inner, command):
    def edit(office, document):
        tracked(inner)(office, document)
        office.dispatch(document, command)
    return edit


def paragraph(document, words):
    search = document.createSearchDescriptor()
    search.SearchString = words
    found = document.findFirst(search)
    assert found, f"there is no {words}"
    cursor = found.Text.createTextCursorByRange(found)
    cursor.gotoStartOfParagraph(False)
    cursor.gotoEndOfParagraph(True)
    return cursor


def moved(words, behind):
    def edit(office, document):
        cursor = paragraph(document, words)
        text = cursor.String
        cursor.goRight(1, True)
        cursor.String = ""
        other = paragraph(document, behind)
        other.gotoEndOfParagraph(False)
        document.Text.insertControlCharacter(other, 0, False)
        document.Text.insertString(other, text, False)
    return edit


def new_paragraph(behind, text):
    def edit(office, document):
        other = paragraph(document, behind)
        other.gotoEndOfParagraph(False)
        document.Text.insertControlCharacter(other, 0, False)
        document.Text.insertString(other, text, False)
    return edit


def commented(words, comment):
    def edit(office, document):
        note = document.createInstance("com.sun.star.text.textfield.Annotation")
        note.Content, note.Author = comment, "张三"
        cursor = paragraph(document, words)
        cursor.Text.insertTextContent(cursor, note, False)
    return edit


def pasted_row(head, cells):
    def edit(office, document):
        tables = document.TextTables
        tables = [tables.getByIndex(at) for at in range(tables.Count)]
        table = next(it for it in tables if it.getCellByName("A1").String == head)
        table.Rows.insertByIndex(table.Rows.Count, 1)
        for letter, text in zip("ABCDEFG", cells):
            table.getCellByName(f"{letter}{table.Rows.Count}").String = text
    return edit


# What is done, the options of the import, the exit code, what it says, and what the source has after it.
EDITS = [
    ("words", replace("老旧图纸的扫描和著录", "破损图纸的扫描"), [], 0, "取 ", "用途: 破损图纸的扫描"),
    ("a stated figure", replace("扫描加工180万元", "扫描加工190万元"), [], 0, "180 → 190", "金额: 190"),
    ("a computed figure", replace("人员支出500万元", "人员支出510万元"), [], 1, "算出来的", None),
    ("tracked words", tracked(replace("收集、保管全市", "收集、保管和利用全市")), [], 0, "修订：", "收集、保管和利用全市"),
    ("accepted", decided(replace("收集、保管全市", "收集、保存全市"), ".uno:AcceptAllTrackedChanges"), [], 0, "取 ", "收集、保存全市"),
    ("rejected", decided(replace("收集、保管全市", "收集、保存全市"), ".uno:RejectAllTrackedChanges"), [], 0, "没有要改的", None),
    ("a new term", new_paragraph("馆藏数字化：指把纸质", "十二、数字副本：指扫描后形成的电子文件。"), [], 0, "新加", "数字副本: 指扫描后"),
    ("a moved paragraph", moved("馆藏数字化：指把纸质", "一般公共预算拨款收入：指"), [], 1, "挪了位置", None),
    ("a pasted row", pasted_row("项目名称", ["目录整理", "30", "编完三万条目录。"]), [], 0, "新加", "名称: 目录整理"),
    ("form wording", replace("主要职责是", "主要职责有"), [], 1, "表式的文字", None),
    ("a comment", commented("查阅更加方便", "请再核"), [], 0, "批注：", None),
]


def edited(office, folder):
    wrong = []
    source, exported = folder / "edited.yaml", folder / "edited-exported.docx"
    original = (CASES / "source.yaml").read_text(encoding="utf-8")
    source.write_text(original, encoding="utf-8")
    code, said = run(PROGRAM, "export", source, "--to", "docx", "-o", exported)
    assert code == 0, said
    for name, edit, options, wanted, words, line in EDITS:
        source.write_text(original, encoding="utf-8")
        draft = office.convert(exported, folder / "draft.docx", DOCX, edit)
        code, said = run(PROGRAM, "import", draft, "--into", source, *options)
        after = source.read_text(encoding="utf-8")
        good = code == wanted and words in said and (line in after if line else after == original)
        print(f"{name}: {'as it should be' if good else 'WRONG'}")
        if not good:
            wrong.append(f"{name}: {code}, {said}")
    return wrong


def main():
    named = [pathlib.Path(name) for name in sys.argv[1:]]
    sources = named or [ROOT / "input/2023.yaml", CASES / "source.yaml", ROOT / "tests/libreoffice/two-units.yaml"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        office = Office(folder)
        try:
            wrong = [one for source in sources for one in same_text(office, source, folder)]
            wrong += edited(office, folder)
        finally:
            office.close()
    for one in wrong:
        print("  " + one)
    sys.exit(1 if wrong else 0)


main()
