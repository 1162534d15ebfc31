"""Files of every kind that clerks bring: what is in them, or one code that says why they cannot be read."""

import io
import zipfile
from dataclasses import replace

import pytest
from xlsxwriter import Workbook

from branchnet.errors import Invalid
from branchnet.stock.lists import LIMITS, read_table
from branchnet.stock.lists.texts import LONGEST_CELL
from tests.lists.files import opendocument, text, workbook

ROWS = [["条码", "题名"], ["4408001", "红楼梦"], ["4408002", "西游记, 上册"]]
UTF_8_MARK = b"\xef\xbb\xbf"


def refused(content: bytes, name: str = "清单.xlsx", **limits: int) -> Invalid:
    with pytest.raises(Invalid) as error:
        read_table(name, content, replace(LIMITS, **limits))
    assert error.value.data["name"] == name
    return error.value


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("alphabet", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_of_every_alphabet_and_mark(alphabet: str, mark: str) -> None:
    (sheet,) = read_table("清单.csv", text(ROWS, alphabet, mark)).sheets
    assert sheet.rows == ROWS


@pytest.mark.parametrize("alphabet", ["gbk", "gb2312"])
def test_older_chinese_alphabets(alphabet: str) -> None:
    assert read_table("x", text(ROWS, alphabet)).sheets[0].rows == ROWS


def test_rare_characters_of_gb18030() -> None:
    assert read_table("x", text([["题名"], ["䶮㐂𠮷"]], "gb18030")).sheets[0].rows[1] == ["䶮㐂𠮷"]


def test_one_barcode_a_line() -> None:
    assert read_table("x.txt", b"4408001\r\n4408002\r\n\r\n").sheets[0].rows == [["4408001"], ["4408002"]]


def test_a_line_break_inside_quotation_marks_stays_in_its_cell() -> None:
    content = '条码,题名\n1,"两行\n书名"\n2,x\n'.encode()
    assert read_table("x", content).sheets[0].rows[1:] == [["1", "两行\n书名"], ["2", "x"]]


def test_cells_of_a_workbook_keep_what_they_are() -> None:
    rows = [["条码", "价"], ["0044", 25.8], [44080000000001, True], ["=1+1", ""], [], ["5"]]
    (sheet,) = read_table("x.xlsx", workbook(rows)).sheets
    assert sheet.rows == [["条码", "价"], ["0044", 25.8], [44080000000001, "TRUE"], ["=1+1"], [], ["5"]]


def test_rows_are_numbered_as_excel_does() -> None:
    (sheet,) = read_table("x.xlsx", workbook([[], [], ["", "条码"], ["", "1"]])).sheets
    assert sheet.rows[2] == ["", "条码"]


def test_days_are_told_as_days() -> None:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.write_number(0, 0, 43586, book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    assert read_table("x.xlsx", out.getvalue()).sheets[0].rows == [["2019-05-01"]]


def test_an_opendocument_is_read_and_one_that_repeats_itself_without_end_is_not() -> None:
    (sheet,) = read_table("x.ods", opendocument(["条码", "题名"])).sheets
    assert (sheet.name, sheet.rows) == ("清单", [["条码", "题名"]])
    assert refused(opendocument(["1"], "1048576")).reason in ("list_broken", "list_large")


def test_one_long_text_shown_in_every_cell_is_not_written_out_for_each() -> None:
    content = workbook([["长" * 32_000] * 10] * 500)
    assert len(content) < 30_000
    assert refused(content).reason == "list_large"


def test_empty_sheets_are_left_out_and_others_keep_their_names() -> None:
    table = read_table("x.xlsx", workbook([], ROWS, names=["空", "新书"]))
    assert [sheet.name for sheet in table.sheets] == ["新书"]


@pytest.mark.parametrize("content", [b"", b" \r\n\t ", b",,,\n,,\n", workbook([])])
def test_empty_file(content: bytes) -> None:
    assert refused(content).reason == "list_empty"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n...", "PNG"),
        (b"\xff\xd8\xff\xe0...", "JPEG"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "Word"),
    ],
)
def test_what_is_called_a_list_and_is_none(content: bytes, kind: str) -> None:
    error = refused(content)
    assert (error.reason, error.data["kind"]) == ("list_not_a_table", kind)


def zipped(*members: str, size: int = 10) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in members:
            packed.writestr(member, b" " * size)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 and then nothing", "list_broken"),
        (workbook(ROWS)[:-200], "list_broken"),
        (zipped("xl/workbook.xml", "[Content_Types].xml"), "list_broken"),
        (zipped("word/document.xml"), "list_not_a_table"),
        (zipped("xl/workbook.xml", "xl/vbaProject.bin"), "list_macros"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "list_locked"),
        (b"\xd0\xcf\x11\xe0" + "Workbook_VBA_PROJECT".encode("utf-16-le"), "list_macros"),
        (b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), "list_broken"),
        (b"<html><table><tr><td>1</td></tr></table>", "list_web_page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "list_web_page"),
        ("条码,题名\n1,x\n".encode("utf-16-le"), "list_encoding"),
        (bytes(range(256)) * 4, "list_encoding"),
        (b'a,b\n1,"never closed\n' + b"x,y\n" * 40, "list_quotes"),
        (b"a,b\n1," + b"x" * (LONGEST_CELL + 1), "list_quotes"),
    ],
)
def test_broken_and_hostile_files(content: bytes, code: str) -> None:
    assert refused(content).reason == code


def test_the_row_of_an_open_quotation_mark_is_named() -> None:
    assert refused(b'a,b\n1,"x\n' + b"x,y\n" * 40).data["row"] == 2


@pytest.mark.parametrize("content", [text([["1", "2"]] * 30), workbook([["1", "2"]] * 30)])
def test_huge_files_are_told_which_limit(content: bytes) -> None:
    assert refused(content, size=20).reason == "list_large"
    assert refused(content, rows=20).data["limit"] == 20
    assert refused(content, columns=1).reason == "list_columns"


def test_too_many_sheets() -> None:
    assert refused(workbook(ROWS, ROWS, ROWS), sheets=2).reason == "list_sheets"


def test_what_unpacks_to_gigabytes_is_not_unpacked() -> None:
    bomb = zipped("xl/workbook.xml", size=5_000_001)
    assert len(bomb) < 10_000
    assert refused(bomb, unpacked=5_000_000).reason == "list_large"


def test_one_cell_at_the_far_end_does_not_lay_out_all_between() -> None:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, "条码")
    page.write(1_048_575, 16_383, "1")
    book.close()
    assert len(out.getvalue()) < 10_000
    assert refused(out.getvalue()).reason == "list_large"


def test_a_reader_that_takes_too_long_is_ended() -> None:
    assert refused(workbook(ROWS), seconds=0).reason == "list_large"
