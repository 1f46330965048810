"""Files that are no tables, each with the code it is refused with; and the ways to make files."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

from geo.unit_names import city_part_names


def xlsx(*sheets: Sequence[Sequence[Any]], merge: Sequence[str] = (), formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"List{number + 1}")
        for row in rows:
            sheet.append(list(row))
        for area in merge:
            sheet.merge_cells(area)
        for cell, number_format in (formats or {}).items():
            sheet[cell].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_file(rows: Sequence[Sequence[str]], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


CZECH = [["Městská část", "Cizinci"], ["Praha-Libuš", "351"], ["Praha-Nebušice", "1 204"], ["Praha-Štěrboholy", "88"],
         ["Praha-Ďáblice", "5"], ["Praha-Řeporyje", "7"], ["Praha-Šeberov", "9"]]  # fmt: skip


def zip_of(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def changed_part(part: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx(CZECH))) as package:
        files = {name: package.read(name) for name in package.namelist()}
    files[part] = change(files[part])
    return zip_of(files)


def without_part(part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx(CZECH))) as package:
        return zip_of({name: package.read(name) for name in package.namelist() if name != part})


def encrypted_zip() -> bytes:
    data = bytearray(xlsx(CZECH))
    central = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, central + 8, 1)
    return bytes(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"
MALFORMED: list[tuple[str, Callable[[], bytes], str]] = [
    ("nothing", lambda: b"", "table_empty"),
    ("spaces", lambda: b" \r\n\t ", "table_empty"),
    ("only a byte order mark", lambda: b"\xef\xbb\xbf", "table_empty"),
    ("only delimiters", lambda: b";;;\r\n;;;\r\n", "table_empty"),
    ("one byte", lambda: b"a", "table_not_a_table"),
    ("one column", "MČ\nLibuš\nTroja\n".encode, "table_not_a_table"),
    ("header only", "MČ;n\n".encode, "table_not_a_table"),
    ("one column of values only", ";5\n;6\n".encode, "table_not_a_table"),
    ("prose", "Vážená paní, zasíláme tabulku.\nS pozdravem".encode, "table_not_a_table"),
    ("too large", lambda: b"a;b\n" * (11 * 2**18), "table_too_large"),
    ("old excel", lambda: OLE + b"\x00" * 600, "table_old_excel"),
    ("encrypted workbook", lambda: OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "table_encrypted"),
    ("encrypted zip", encrypted_zip, "table_encrypted"),
    ("pdf", lambda: b"%PDF-1.7\n1 0 obj", "table_wrong_type"),
    ("png", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "table_wrong_type"),
    ("jpeg", lambda: b"\xff\xd8\xff\xe0" + b"\x00" * 50, "table_wrong_type"),
    ("gif", lambda: b"GIF89a" + b"\x00" * 50, "table_wrong_type"),
    ("gzip", lambda: b"\x1f\x8b\x08" + b"\x00" * 50, "table_wrong_type"),
    ("7z", lambda: b"7z\xbc\xaf\x27\x1c" + b"\x00" * 50, "table_wrong_type"),
    ("rar", lambda: b"Rar!\x1a\x07" + b"\x00" * 50, "table_wrong_type"),
    ("sqlite", lambda: b"SQLite format 3\x00" + b"\x00" * 50, "table_wrong_type"),
    ("rtf", lambda: b"{\\rtf1 a;b}", "table_wrong_type"),
    ("program", lambda: b"MZ\x90\x00" + b"\x00" * 50, "table_wrong_type"),
    ("html named xls", lambda: b"<html><table><tr><td>Praha;1</td></tr></table></html>", "table_wrong_type"),
    ("xml", lambda: b"<?xml version='1.0'?><a>1;2</a>", "table_wrong_type"),
    ("json", lambda: b'[{"a": 1, "b": 2}]', "table_wrong_type"),
    ("zip of anything", lambda: zip_of({"a.txt": b"x"}), "table_wrong_type"),
    ("word document", lambda: zip_of({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "table_wrong_type"),
    ("presentation", lambda: zip_of({"ppt/presentation.xml": b"<a/>"}), "table_wrong_type"),
    ("binary workbook", lambda: zip_of({"xl/workbook.bin": b"x"}), "table_wrong_type"),
    ("ods", lambda: zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "table_wrong_type"),
    ("binary text", lambda: bytes(range(1, 32)) * 40 + b";\n", "table_wrong_type"),
    ("zip cut in half", lambda: xlsx(CZECH)[:2000], "table_damaged"),
    ("zip with rubbish", lambda: b"PK\x03\x04" + b"\xff" * 500, "table_damaged"),
    ("broken xml", lambda: changed_part(SHEET, lambda xml: xml[: len(xml) // 2]), "table_damaged"),
    ("rubbish for a sheet", lambda: changed_part(SHEET, lambda _: b"\x00\x01\x02"), "table_damaged"),
    ("no sheet", lambda: without_part(SHEET), "table_empty"),
    ("no relations", lambda: without_part("xl/_rels/workbook.xml.rels"), "table_damaged"),
    ("entities", lambda: changed_part(SHEET, lambda xml: xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)), "table_damaged"),
    ("external entity", lambda: changed_part("xl/workbook.xml", lambda xml: xml.replace(b"<workbook", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><workbook', 1)), "table_damaged"),
    ("shared string out of range", lambda: changed_part(SHEET, lambda xml: xml.replace(b't="inlineStr"><is><t>351</t></is>', b't="s"><v>99999</v>')), "table_damaged"),
    ("zip bomb", lambda: zip_of({"xl/workbook.xml": b"<a/>", SHEET: b" " * (65 * 2**20)}), "table_unpacked_too_large"),
    ("too many parts", lambda: zip_of({f"xl/{n}.xml": b"" for n in range(1001)}, zipfile.ZIP_STORED), "table_unpacked_too_large"),
    ("too many rows", lambda: b"Libus;1\n" * 5001, "table_too_many_rows"),
    ("too many rows in a workbook", lambda: xlsx([["Libuš", 1]] * 5001), "table_too_many_rows"),
    ("too many values", lambda: (b"Libus" + b";1" * 150 + b"\n") * 1400, "table_too_many_cells"),
    ("too many columns", lambda: b";".join([b"1"] * 201) + b"\nLibus" + b";1" * 200 + b"\n", "table_too_many_columns"),
    ("too many columns in a workbook", lambda: xlsx([[1] * 201, ["Libuš"] + [1] * 200]), "table_too_many_columns"),
    ("a quote that never closes", 'MČ;n\n"Libuš;1\nTroja;2\n'.encode, "table_broken_quotes"),
    ("text after a quote", 'MČ;n\n"Libuš"x;1\n'.encode, "table_broken_quotes"),
    ("a field without end", lambda: b"Libus;" + b"a" * 40_000 + b"\nTroja;1\n", "table_broken_quotes"),
    ("broken utf-16", lambda: b"\xff\xfe" + "Libuš;1\n".encode("utf-16-le") + b"\x00", "table_unreadable_text"),
    ("cyrillic in its own encoding", lambda: "Прага;число\nПрага;5\n".encode("cp1251"), "table_unreadable_text"),
    ("a cell longer than any", lambda: changed_part(SHEET, lambda xml: xml.replace(b"351", b"9" * 32_768)), "table_damaged"),
    ("empty workbook", lambda: xlsx([]), "table_empty"),
    ("workbook of one cell", lambda: xlsx([["Praha"]]), "table_not_a_table"),
    ("city parts across", lambda: text_file([["", *list(city_part_names().values())[10:20]], ["cizinci", *["1"] * 10]]), "table_units_across"),
    ("names of persons", lambda: text_file([["MČ", "Jméno a příjmení", "n"], ["Libuš", "N. N.", "1"], ["Troja", "N. N.", "2"]]), "table_personal_data"),
    ("birth numbers by label", lambda: text_file([["MČ", "Rodné číslo"], ["Libuš", "1"], ["Troja", "2"]]), "table_personal_data"),
    ("birth numbers by look", lambda: text_file([["MČ", "kód"], ["Libuš", "000101/0009"], ["Troja", "005101/0009"]]), "table_personal_data"),
    ("birth numbers as numbers", lambda: xlsx([["MČ", "kód"], *([name, 11 * (91000910 + n)] for n, name in enumerate(["Libuš", "Troja", "Lipence"]))]), "table_personal_data"),
    ("telephones", lambda: text_file([["MČ", "spojení"], ["Libuš", "+420 000 000 000"], ["Troja", ""]]), "table_personal_data"),
    ("e-mails", lambda: text_file([["MČ", "kontakt"], ["Libuš", "nekdo@example.org"], ["Troja", "1"]]), "table_personal_data"),
    ("telephone by label", lambda: text_file([["MČ", "Telefon"], ["Libuš", "000"], ["Troja", "1"]]), "table_personal_data"),
]  # fmt: skip
