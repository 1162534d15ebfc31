"""Barcodes by the column: pasted or from a text file into a batch, and out of any batch as a text file."""

import re

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read
from branchnet.batches import commands, queries
from branchnet.batches.candidates import look_at
from branchnet.batches.schemas import LIST_AT_MOST, ListForm
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.batch import head_of, show
from branchnet.blueprints.staff.picking import Answer, part
from branchnet.blueprints.staff.root import blueprint
from branchnet.errors import BranchNetError, Invalid
from branchnet.language import _
from branchnet.words import say

LARGEST = 1024 * 1024
"""Bytes of a text file: many times the longest list."""
_BETWEEN = re.compile(r"[\r\n\t,，;；]+")


@blueprint.post("/batches/<number>/copies/list")
@require("batch.write")
def add_list(number: str) -> Answer:
    """A column of barcodes, pasted or from a text file: the good ones are added, the others told one by one."""
    who = staff()
    batch = queries.draft_of(who.network_id, number)
    try:
        sent = read(ListForm(), request.form)
        barcodes = barcodes_sent(sent["barcodes"], request.files.get("file"))

        def effect() -> Outcome:
            added = commands.add_list(who.act, batch.id, barcodes, sent["box"])
            return {
                "list": added.copies,
                "refused": added.refused,
                "repeated": added.repeated,
                "box": sent["box"],
            }

        body = {"batch": number, "barcodes": barcodes, "box": sent["box"]}
        done = perform(who.act, op_id(), "add_list", body, effect)
    except BranchNetError as error:
        refusal = refused(error, "list")
        return (part(batch, {}, refusal) if _htmx() else show(number, refusal)), refusal.status
    done["reasons"] = _reasons(batch.id, done)
    if _htmx():
        return part(batch, done, Refusal()), 200
    # What could not be added stays in its field, to be mended or taken to the shelf.
    left = Refusal("list", sent={"barcodes": "\n".join(done["refused"])})
    return show(number, left, done), 200


@blueprint.get("/batches/<number>/barcodes.txt")
@require("batch.see")
def barcodes_txt(number: str) -> Response:
    """The barcodes of a batch, one a line, for the library system; box by box, in the order of scanning."""
    head = head_of(number)
    lines = [f"{barcode}\r\n" for barcode in queries.barcodes_of(head.network_id, head.id)]
    response = Response("".join(lines), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{head.number}.txt"'
    return response


def barcodes_sent(pasted: str, file: FileStorage | None) -> list[str]:
    """A column that was pasted and one from a file as one, without what is empty.

    Raises Invalid for none and for too many.
    """
    found = [one.strip() for one in _BETWEEN.split(f"{pasted}\n{_text(file)}") if one.strip()]
    if not found:
        raise Invalid(fields={"barcodes": "required"})
    if len(found) > LIST_AT_MOST:
        raise Invalid(fields={"barcodes": "list_long"})
    return found


def _text(file: FileStorage | None) -> str:
    """What a text file says, in the ways that Chinese computers write one. Raises Invalid for what is no text."""
    if file is None or not file.filename:
        return ""
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Invalid(fields={"file": "list_long"})
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        text = _decoded(raw, encoding)
        if text is not None and "\0" not in text:
            return text
    raise Invalid(fields={"file": "not_text"})


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _reasons(batch_id: int, done: Outcome) -> list[tuple[str, str]]:
    """Of each barcode that was not added, why not: asked anew, so that a repeated answer tells it too."""
    found = look_at(staff().network_id, batch_id, done["refused"])
    told = {barcode: say(error)[0] for barcode, error in found.refused.items()}
    return [(barcode, told.get(barcode, _("刚才加不进去，现在可以了，请再加一次。"))) for barcode in done["refused"]]


def _htmx() -> bool:
    return "HX-Request" in request.headers
