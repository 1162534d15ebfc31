"""The library's own Word template: what is kept, what is refused and how it is told, what is filled in."""

from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from flask import Flask
from flask_babel import Babel

from branchnet.batches.papers import built_in, template
from branchnet.batches.papers.placeholders import Parties, filled, placeholders
from branchnet.batches.papers.seen import blocks
from branchnet.errors import Invalid
from branchnet.points.agreements import AgreementRow
from branchnet.words import WORDS
from tests.papers.books import HOSTILE

DOCUMENT = "word/document.xml"
ATTACHED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
KNOWN = ("编号", "甲方", "乙方")


def written(*texts: str, header: str = "", title: str = "", outside: str = "") -> bytes:
    """A Word file that says this, each text in three runs as Word itself cuts them."""
    paper = Document()
    for text in texts:
        paragraph = paper.add_paragraph()
        for part in (text[:1], text[1:4], text[4:]):
            paragraph.add_run(part)
    if header:
        paper.sections[0].header.paragraphs[0].text = header
    paper.core_properties.title = title
    if outside:
        paper.part.relate_to("http://example.invalid/t.dotx", outside, is_external=True)
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def repacked(content: bytes, names: dict[str, bytes]) -> bytes:
    """The same archive with parts put in or replaced."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, data in names.items():
            new.writestr(name, data)
    return out.getvalue()


def refused(content: bytes, name: str = "x.docx") -> tuple[str, str]:
    with pytest.raises(Invalid) as raised:
        template.check(name, content, KNOWN)
    return raised.value.reason, raised.value.data.get("named", "")


def test_placeholders_are_found_wherever_they_stand() -> None:
    content = written("编号 {{ 编号 }}，{{甲方}}", header="{{ 乙方 }}", title="{{ 编号 }}")
    assert template.check("协议.DOCX", content, KNOWN) == ["编号", "甲方", "乙方"]


def test_a_file_with_nothing_to_fill_in_is_no_template() -> None:
    assert refused(written("没有占位符")) == ("template_empty", "")
    assert "template_empty" in WORDS


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("{{ 丙方 }}", "template_unknown", "丙方"),
        ("{{ 7*7 }}", "template_program", "{{ 7*7 }}"),
        ("{{ 编号.__class__ }}", "template_program", "{{ 编号.__class__ }}"),
        ("{{ 编号|upper }}", "template_program", "{{ 编号|upper }}"),
        ("{{r 编号 }}", "template_program", "{{r 编号 }}"),
        ("{% for x in range(10**9) %}{% endfor %}", "template_program", "{% for x in range(10**9) %}"),
        ("{# 备注 #}", "template_program", "{# 备注 #}"),
        ("{{ 编号 ", "template_braces", "{{ 编号"),
        ("{{ 编号 } 甲方 {{ 甲方 }}", "template_braces", "{{ 编号 } 甲方 {{ 甲方 }}"),
        ("｛｛编号｝｝", "template_braces", "｛｛编号｝｝"),
        ("{{ }}", "template_program", "{{ }}"),
    ],
)
def test_what_is_no_placeholder_of_ours_is_named(text: str, code: str, named: str) -> None:
    assert refused(written("甲方和乙方", f"约定：{text}")) == (code, named)
    assert refused(written(header=f"约定：{text}"))[0] == code
    assert code in WORDS


def test_what_is_no_word_file_is_refused() -> None:
    whole = written("{{ 编号 }}")
    assert refused(whole, "协议.doc") == ("template_type", "")
    assert refused(b"") == refused(b"PK\x03\x04rubbish") == refused(whole[:900]) == ("template_broken", "")
    assert refused(repacked(whole, {DOCUMENT: b"<w:document>"}))[0] == "template_broken"
    assert refused(repacked(whole, {"[Content_Types].xml": b""}))[0] == "template_broken"
    spreadsheet = BytesIO()
    with ZipFile(spreadsheet, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert refused(spreadsheet.getvalue())[0] == "template_broken"


def test_what_would_unpack_to_too_much_is_never_unpacked() -> None:
    whole = written("{{ 编号 }}")
    assert refused(b"0" * (template.LARGEST + 1))[0] == "template_large"
    assert (
        refused(repacked(whole, {"word/media/big.png": b"0" * (template.LARGEST_UNPACKED + 1)}))[0] == "template_large"
    )
    assert refused(repacked(whole, {"word/notes.xml": b" " * (template.LARGEST_TEXT + 1)}))[0] == "template_large"
    many = {f"word/part{number}": b"" for number in range(template.MOST_PARTS + 1)}
    assert refused(repacked(whole, many))[0] == "template_large"


def test_macros_and_other_files_are_not_taken_along() -> None:
    assert refused(repacked(written("x"), {"word/vbaProject.bin": b"x"}))[0] == "template_unsafe"
    assert refused(written("x", outside=ATTACHED))[0] == "template_unsafe"
    assert template.check("x.docx", written("{{ 编号 }}", outside=RELATIONSHIP_TYPE.HYPERLINK), KNOWN) == ["编号"]


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_entities_are_not_unfolded(code: str) -> None:
    whole = written("{{ 编号 }}")
    with ZipFile(BytesIO(whole)) as archive:
        head, body = archive.read(DOCUMENT).decode().split("?>", 1)
    bomb = f'{head}?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>{body}'.replace("{{", "&b;{{")
    told = bomb.replace("UTF-8", code).encode(code)
    # Which parts are read as XML the package says itself, whatever they are called.
    for part in (DOCUMENT, "word/document.dat"):
        assert refused(repacked(whole, {part: told}))[0] == "template_unsafe"


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_put_in_as_they_are(name: str) -> None:
    made = template.fill(written("甲方：{{ 甲方 }}。"), {"甲方": name.replace("\x0b", "").replace("\x00", "")})
    said = blocks(made)[0].text
    assert said == f"甲方：{name}。".replace("\x0b", "").replace("\x00", "")


def test_the_template_that_comes_with_us_says_what_was_agreed() -> None:
    assert set(template.check(built_in.FILE_NAME, built_in.built_in(), placeholders())) <= set(placeholders())
    row = AgreementRow(1, 1, "协〔2026〕3号", None, date(2026, 3, 1), date(2028, 2, 29), 45, 20, None, False)
    app = Flask("papers")
    Babel(app, default_locale="zh")
    with app.test_request_context("/"):
        assert len(placeholders()) == 11
        words = filled(row, Parties("少儿图书馆", HOSTILE[3], "CL-01"), 30, date(2026, 3, 5))
    said = blocks(template.fill(built_in.built_in(), words))
    text = "\n".join(block.text for block in said)
    assert said[0].centred
    assert "2026年3月1日至2028年2月29日" in text
    assert "放 45 天" in text
    assert "20‰" in text
    assert "乙方：恐龙与化石（编号 CL-01）" in text
    assert "{{" not in text
    signed = next(block.rows for block in said if block.rows)
    assert signed[0] == ("甲方（盖章）：少儿图书馆", "乙方（盖章）：恐龙与化石")
    paragraph = Document(BytesIO(template.fill(built_in.built_in(), words))).paragraphs[3]
    assert [run.element.rPr.rFonts.get(qn("w:eastAsia")) for run in paragraph.runs] == ["宋体"]
