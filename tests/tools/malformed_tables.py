"""Files that are nearly tables: bytes changed, types that lie, packages that swell, cells that mean harm."""

import io
import random
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date

import openpyxl
from openpyxl.workbook.protection import WorkbookProtection

from tests.geo.table_samples import CZECH, MALFORMED, OLE, SHEET, changed_part, text_file, xlsx, zip_of
from tests.layers.hostile_texts import HOSTILE

MAIN_NS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
TWO = [["Libuš", "12"], ["Troja", "40"]]
NUMBERS = (
    "1e999", "-1e999", "NaN", "inf", "-inf", "9" * 5000, "0." + "1" * 5000, "1_000", "0x10", "1,2,3", "1.2.3", "--5", "５", "٣", "²",
    "½", "Ⅷ", "1e-400", "１２３", "5\u00a0000", "5\u202f000", "(5)", "5-", "<5", "1/0", "#REF!", "#DIV/0!", "TRUE", "=1+1", "=cmd|'/c calc'!A0",
    "+1+1", "-1+1", "@SUM(A1)", "\t=1", "'=1", '=HYPERLINK("http://outside.invalid")', "1\x00", "\u202e21", "\ud7ff", "\U000e0041", "١٬٠٠٠",
    "31. 2. 2026", "0000", "-0", "1e5", "5 osob", "5*", "5)", "—", "x", "…", ".", ",", "i.d.", "5;6", '"', "5\r6", "%", "12 %", "1 200,5 %",
)  # fmt: skip
NAMES = (
    "", ".", "..", "../../etc/passwd", "C:\\x\\y.xlsx", "a" * 5000 + ".csv", "x\x00.csv", "tabulka.pdf", "tabulka.xlsx.exe", "\u202ecsv.exe",
    "${window.ran=1}.csv", "<script>window.ran=1</script>.xlsx", "čísla žáků.xlsx", "\ud800.csv".encode("utf-8", "replace").decode(), "x\n.csv", "CON",
)  # fmt: skip
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1250", "iso8859-2", "cp852", "mac-latin2",
)  # fmt: skip


def hand_made() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield a name and what makes the file, each of another kind."""
    yield from ((name, make) for name, make, _code in MALFORMED)
    for number in NUMBERS:
        yield f"a number {number[:12]!r}", lambda n=number: text_file([["MČ", "n"], ["Libuš", n], ["Troja", "40"]])
        yield (
            f"a unit {number[:12]!r}",
            lambda n=number: text_file([["MČ", "n"], [n, "12"], ["Libuš", "12"], ["Troja", "40"]]),
        )
    for index, text in enumerate(HOSTILE):
        yield f"hostile header {index}", lambda t=text: text_file([["MČ", t], *TWO])
        yield f"hostile title {index}", lambda t=text: text_file([[t], ["MČ", "n"], *TWO, [t, ""]])
    for encoding in ENCODINGS:
        yield f"in {encoding}", lambda e=encoding: text_file(CZECH, encoding=e)
        yield f"in {encoding} and cut", lambda e=encoding: text_file(CZECH, encoding=e)[:-3]
    yield "two encodings in one file", lambda: text_file(CZECH[:3]) + text_file(CZECH[3:], encoding="cp1250")
    yield "a byte order mark in the middle", lambda: text_file(CZECH[:3]) + b"\xef\xbb\xbf" + text_file(CZECH[3:])
    yield "nul bytes between", lambda: text_file(CZECH).replace(b"\r\n", b"\x00\r\n")
    yield "only carriage returns", lambda: text_file(CZECH).replace(b"\r\n", b"\r")
    yield "a line of 10 MB", lambda: b"Libus;" + b"1" * (10 * 2**20 - 20)
    yield "nothing but quotes", lambda: b'"' * 100_000
    yield "nothing but delimiters", lambda: b";" * 1_000_000
    yield "rows of all lengths", lambda: text_file([["MČ", "n"], *([["Libuš", *["1"] * n] for n in range(150)])])
    yield "the same unit 4,000 times", lambda: text_file([["MČ", "n"], *[["Libuš", "1"]] * 4000])
    yield from workbooks()
    yield from packages()


def workbooks() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield workbooks that a spreadsheet could have written, and some that none would."""
    merges = (["A1:B1"], ["A1:A3"], ["A1:B7"], ["A1:XFD1"], ["A2:A7", "B1:B7"], ["A1:A1"])
    for merge in merges:
        yield f"merged {merge}", lambda m=merge: xlsx(CZECH, merge=m)
    for value in (
        "=B3",
        "=1/0",
        '=HYPERLINK("http://outside.invalid")',
        "=cmd|'/c calc'!A0",
        '=INDIRECT("x")',
        "=" + "(" * 500,
    ):
        yield f"formula {value[:20]}", lambda v=value: xlsx([["MČ", "n"], ["Libuš", v], ["Troja", 40]])
    for value in (True, date(1, 1, 1), 1e308, -1e308, 5e-324, 10**300, 1.5, -5, 0):
        yield f"a cell {value}", lambda v=value: xlsx([["MČ", "n"], ["Libuš", v], ["Troja", 40]])
    for number_format in ("yyyy-mm-dd", "[h]:mm", "0%", ";;;", '"x"', "@", "# ?/?", "0" * 200):
        yield (
            f"format {number_format[:12]}",
            lambda f=number_format: xlsx([["MČ", "n"], ["Libuš", 1e9], ["Troja", 40]], formats={"B2": f}),
        )
    yield (
        "dates out of range",
        lambda: xlsx([["MČ", "n"], ["Libuš", 1e300], ["Troja", -5]], formats={"B2": "d.m.yyyy", "B3": "d.m.yyyy"}),
    )
    yield "two hundred sheets", lambda: xlsx(*[CZECH] * 200)
    yield "protected sheet", protected
    yield "hidden rows and columns", hidden_parts
    # A workbook with macros is read as one without: they are never run.
    yield "macros", lambda: with_part("xl/vbaProject.bin", OLE + b"\0" * 500)
    yield "an embedded program", lambda: with_part("xl/embeddings/oleObject1.bin", b"MZ\x90" + b"\0" * 500)
    yield (
        "an external link",
        lambda: with_part(
            "xl/externalLinks/externalLink1.xml", b'<externalLink><externalBook r:id="1"/></externalLink>'
        ),
    )


def packages() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield packages whose parts do not hold together."""
    sheet = {
        "deep xml": lambda _: MAIN_NS + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</worksheet>",
        "a cell of 30 MB": lambda xml: xml.replace(b"351", b"9" * 30_000_000),
        "a million empty rows": lambda _: MAIN_NS + b"<sheetData>" + b"<row/>" * 1_000_000 + b"</sheetData></worksheet>",
        "a row far below": lambda xml: xml.replace(b'r="2"', b'r="1048576"', 1),
        "a row out of range": lambda xml: xml.replace(b'<row r="2"', b'<row r="99999999999999999999"', 1),
        "a row below zero": lambda xml: xml.replace(b'<row r="2"', b'<row r="-5"', 1),
        "a column out of range": lambda xml: xml.replace(b'r="A2"', b'r="ZZZZ2"', 1),
        "a cell without a place": lambda xml: xml.replace(b'r="A2"', b'r=""', 1),
        "a lying size": lambda xml: xml.replace(b'ref="A1:B7"', b'ref="A1:XFD1048576"', 1),
        "a style that is none": lambda xml: xml.replace(b'r="A2"', b'r="A2" s="99999"', 1),
        "a type that is none": lambda xml: xml.replace(b't="inlineStr"', b't="zzz"', 1),
        "a number that is none": lambda xml: xml.replace(b't="inlineStr"', b't="n"'),
        "a date that is none": lambda xml: xml.replace(b't="inlineStr"', b't="d"'),
        "nul in a text": lambda xml: xml.replace(b"351", b"3\x0051"),
        "wrong bytes in a text": lambda xml: xml.replace(b"351", b"\xff\xfe\xfd"),
        "another encoding declared": lambda xml: b'<?xml version="1.0" encoding="utf-7"?>' + xml,
        "an entity by number": lambda xml: xml.replace(b"351", b"&#0;&#x1F;&#xFFFF;"),
        "a doctype in utf-16": lambda _: '<!DOCTYPE x [<!ENTITY a "a">]><worksheet/>'.encode("utf-16"),
        "a merge without end": lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells><mergeCell ref='A1'/><mergeCell ref=''/></mergeCells>"),
        "another namespace": lambda xml: xml.replace(b"spreadsheetml/2006", b"spreadsheetml/1999"),
    }  # fmt: skip
    for name, change in sheet.items():
        yield name, lambda c=change: changed_part(SHEET, c)
    book = "xl/workbook.xml"
    yield "a sheet without a name", lambda: changed_part(book, lambda xml: xml.replace(b'name="List1"', b'name=""'))
    yield (
        "a sheet of another file",
        lambda: changed_part(book, lambda xml: xml.replace(b'r:id="rId1"', b'r:id="rId99"')),
    )
    yield (
        "1904 dates",
        lambda: changed_part(book, lambda xml: xml.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1)),
    )
    yield "a part that climbs", lambda: with_part("../../../../tmp/kanarek", b"x")
    yield "a part twice", twice
    yield "a package in a package", lambda: zip_of({"xl/workbook.xml": xlsx(CZECH)})
    yield (
        "a swelling shared text",
        lambda: with_part("xl/sharedStrings.xml", b"<sst>" + b"<si><t>a</t></si>" * 2_000_000 + b"</sst>"),
    )
    yield "a swelling style", lambda: with_part("xl/theme/theme9.xml", b"<a>" + b" " * (70 * 2**20) + b"</a>")
    yield "parts that lie about their size", lying_size
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield f"packed by method {method}", lambda m=method: repacked(m)
    yield "packed by no known method", lambda: repacked(zipfile.ZIP_DEFLATED).replace(b"\x08\x00", b"\x63\x00")
    yield "bytes before the package", lambda: b"PK\x03\x04" + b"\0" * 200 + xlsx(CZECH)
    yield "bytes after the package", lambda: xlsx(CZECH) + b"\0" * 70_000


def repacked(method):
    return zip_of(parts_of(xlsx(CZECH)), method)


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_part(name, content):
    return zip_of({**parts_of(xlsx(CZECH)), name: content})


def twice():
    out = io.BytesIO(xlsx(CZECH))
    with zipfile.ZipFile(out, "a") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package.writestr(SHEET, b"<worksheet/>")
    return out.getvalue()


def lying_size():
    """Return a package that says of a swelling part that it is small."""
    data = bytearray(changed_part(SHEET, lambda xml: xml.replace(b"351", b"9" * 5_000_000)))
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        if data[place + 46 :].startswith(SHEET.encode()):
            data[place + 24 : place + 28] = (900).to_bytes(4, "little")
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def protected():
    book = openpyxl.load_workbook(io.BytesIO(xlsx(CZECH)))
    book.security = WorkbookProtection(workbookPassword="x", lockStructure=True)
    book.active.protection.enable()
    return saved(book)


def hidden_parts():
    book = openpyxl.load_workbook(io.BytesIO(xlsx(CZECH)))
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


MAGICS = (
    b"%PDF-1.7",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"PK\x03\x04",
    b"PK\x05\x06" + b"\0" * 18,
    OLE,
    b"MZ\x90\0",
    b"\x7fELF",
    b"BM",
    b"{\\rtf1",
)


def damaged(rng: random.Random) -> tuple[str, bytes]:
    """Return a good table that something happened to."""
    what = rng.choice(["workbook", "text"])
    data = bytearray(xlsx(CZECH) if what == "workbook" else text_file(CZECH, encoding=rng.choice(ENCODINGS)))
    how = rng.choice(["cut", "flipped", "lying", "doubled", "inserted", "swapped"])
    if how == "cut":
        data = data[: rng.randrange(len(data))]
    elif how == "flipped":
        for _ in range(rng.randint(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif how == "lying":
        data = bytearray(rng.choice(MAGICS)) + data
    elif how == "doubled":
        data += data[rng.randrange(len(data)) :]
    elif how == "inserted":
        place = rng.randrange(len(data))
        data[place:place] = rng.choice([b"\x00", b"\xff\xfe", b'"', b"\r", b";", b"\x1a"]) * rng.randint(1, 3000)
    else:
        place = rng.randrange(len(data))
        data = data[place:] + data[:place]
    return f"{how} {what}", bytes(data)
