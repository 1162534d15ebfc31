"""The library's own agreement as a Word file: checked before it is kept, filled in where it is asked for.

A Jinja template is a program, and a .docx is an archive: neither is trusted. Only names of our placeholders may stand
between the braces, and filling in runs in a sandbox all the same.
"""

import lzma
import re
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from branchnet.errors import Invalid

LARGEST = 2 * 1024 * 1024
"""Bytes of a file; an agreement with a picture of the library's mark has some 100,000."""
LARGEST_UNPACKED = 20 * 1024 * 1024
LARGEST_TEXT = 1024 * 1024
"""Bytes of one part that is read as text: an agreement of ten pages has some 200,000."""
MOST_PARTS = 300
_DOCUMENT = "word/document.xml"
_MACROS = re.compile(r"vbaProject|\.bin$", re.IGNORECASE)
_DECLARED = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
"""Word declares no document type; with one come entities that unfold."""
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)
_BRACES = re.compile(r"\{[{%#].*?[}%#]\}|[{｛][{｛%#].{0,30}")
_TAGS = re.compile(r"<[^>]+>")
_BROKEN = (ValueError, KeyError, AttributeError, SyntaxError, PackageNotFoundError)
"""What Word's parts raise where they are not what they should be; errors of XML are errors of syntax."""
_NO_ARCHIVE = (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error, lzma.LZMAError)
"""What an archive raises that is none, that is encrypted, cut short, or packed in a way nobody knows."""


def check(file_name: str, content: bytes, known: Iterable[str]) -> list[str]:
    """The placeholders of a file that can be the template, in their order.

    Raises Invalid: template_type, template_large, template_broken, template_unsafe (macros, links to other files),
    template_empty (nothing to fill in); and with the placeholder in ``data['named']``: template_unknown,
    template_program (more than a name), template_braces (not closed).
    """
    if not file_name.lower().endswith(".docx"):
        raise Invalid("template_type")
    if len(content) > LARGEST:
        raise Invalid("template_large")
    _check_archive(content)
    allowed, names = set(known), _names(content)
    for name in names:
        if name not in allowed:
            raise Invalid("template_unknown", named=name)
    if not names:
        raise Invalid("template_empty")
    # A file that cannot be filled in is told of now, not on the day of the signing.
    fill(content, dict.fromkeys(allowed, "1"))
    return list(dict.fromkeys(names))


def fill(content: bytes, words: Mapping[str, str]) -> bytes:
    """The template with its placeholders filled in. Raises Invalid("template_broken") where Word's own parts are."""
    try:
        paper = DocxTemplate(BytesIO(content))
        paper.render(dict(words), _sandbox(), autoescape=True)
        out = BytesIO()
        paper.save(out)
    except _BROKEN as error:
        raise Invalid("template_broken") from error
    return out.getvalue()


def _sandbox() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True)


def _check_archive(content: bytes) -> None:
    """What it would unpack to is looked at before anything is unpacked."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check_parts(archive)
    except _NO_ARCHIVE as error:
        raise Invalid("template_broken") from error


def _check_parts(archive: ZipFile) -> None:
    parts = archive.infolist()
    texts = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    if _DOCUMENT not in {part.filename for part in parts}:
        raise Invalid("template_broken")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Invalid("template_large")
    if any(part.file_size > LARGEST_TEXT for part in texts):
        raise Invalid("template_large")
    if any(_MACROS.search(part.filename) for part in parts):
        raise Invalid("template_unsafe")
    # The package says itself which parts are read as XML, whatever they are called.
    for part in parts:
        text = archive.read(part)
        if any(declared in text for declared in _DECLARED):
            raise Invalid("template_unsafe")


def _names(content: bytes) -> list[str]:
    """The placeholders of a template in their order. Raises Invalid where braces hold anything but a name."""
    try:
        paper = DocxTemplate(BytesIO(content))
        paper.init_docx()
        package = paper.docx.part.package
        reaches_out = any(rel.is_external and not rel.reltype.endswith("/hyperlink") for rel in package.iter_rels())
        texts = list(_texts(paper))
    except (*_BROKEN, *_NO_ARCHIVE) as error:
        raise Invalid("template_broken") from error
    if reaches_out:
        raise Invalid("template_unsafe")
    return [name for raw in texts for name in _names_in(raw, paper.patch_xml(raw))]


def _texts(paper: Any) -> Iterable[str]:
    """Every part that is filled in."""
    yield paper.get_xml()
    for place in (paper.HEADER_URI, paper.FOOTER_URI):
        for _key, part in paper.get_headers_footers(place):
            yield paper.get_part_xml(part)
    for part in paper.docx.part.package.iter_parts():
        if part.content_type.endswith(".footnotes+xml"):
            yield part.blob.decode("utf-8")
    about = paper.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield getattr(about, name) or ""


def _names_in(raw: str, patched: str) -> list[str]:
    """What people see between braces has to be a name, and what Jinja sees has to be nothing but names."""
    for found in _BRACES.findall(_TAGS.sub("", raw)):
        if not (found.startswith("{{") and found.endswith("}}") and found[2:-2].strip().isidentifier()):
            code = "template_program" if found.endswith("}") and "{{" not in found[2:] else "template_braces"
            raise Invalid(code, named=" ".join(found.split())[:40])
    try:
        tree = _sandbox().parse(patched)
    except TemplateSyntaxError as error:
        raise Invalid("template_braces", named="") from error
    if any(not isinstance(node, _PLAIN) for node in tree.find_all(nodes.Node)):
        raise Invalid("template_program", named="")
    return [node.name for node in tree.find_all(nodes.Name)]
