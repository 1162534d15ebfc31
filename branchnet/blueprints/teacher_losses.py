"""A teacher says that books are gone or broken: how many, which if they know, and a word."""

from collections.abc import Mapping
from uuid import uuid4

from flask import render_template, url_for

from branchnet.access.acts import Act
from branchnet.access.operations import perform
from branchnet.access.sent import read
from branchnet.batches.commands import report
from branchnet.batches.losses.schemas import LossSchema
from branchnet.batches.losses.there import lot_called
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.points.queries import Point
from branchnet.words import field_words, say

FIELDS = ("kind", "quantity", "what", "word")


def loss_page(point: Point, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """The form, with what was typed."""
    return render_template(
        "teacher/loss.html",
        point={"name": point.name},
        back_href=url_for("teacher.point", code=point.code),
        op_id=str(uuid4()),
        kinds=[("short", _("丢了，找不到")), ("damaged", _("破了，不能看"))],
        values=values,
        errors=errors,
    )


def say_lost(act: Act, point: Point, sent: Mapping[str, str | int]) -> dict[str, int]:
    """Report it as of today. A title that names no one kind of books here goes into the note as it was written."""
    title, word = str(sent["what"]), str(sent["word"])
    lot_id = lot_called(act.network_id, point.place_id, title) if title else None
    told = f"《{title}》" if title and lot_id is None else ""
    note = f"{told}{word}" or None
    return {"case": report(act, point.place_id, str(sent["kind"]), int(sent["quantity"]), act.today(), lot_id, note)}


def say_it(act: Act, point: Point, typed: Mapping[str, str]) -> tuple[str, int]:
    """What was typed, once. Returns what it was and how many (册)."""
    sent = read(LossSchema(), typed)
    body = {"point": point.code, **{name: sent[name] for name in FIELDS}}
    perform(act, sent["op_id"], "report_loss", body, lambda: say_lost(act, point, sent))
    return sent["kind"], sent["quantity"]


def problems(error: BranchNetError) -> dict[str, str]:
    """What is wrong, by field in words; what has no field of its own stands above the form."""
    fields = {name: code for name, code in error.data.get("fields", {}).items() if name in FIELDS}
    if not fields:
        return {"form": " ".join(say(error))}
    told = say(error)[0]
    return {name: told if code == error.reason else field_words(code) for name, code in fields.items()}


def said_words(kind: str, copies: int) -> str:
    """What the library now knows."""
    if kind == "short":
        return _("馆里知道丢了 %(copies)s 册，会来问清楚。", copies=copies)
    return _("馆里知道破了 %(copies)s 册，书先放着。", copies=copies)
