"""Log it afterwards (补录): one screen, one press, and every step of a batch is written with its day."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome, perform
from branchnet.access.sent import read_as_far_as_right
from branchnet.batches import queries
from branchnet.batches.afterwards_schema import KINDS, AfterwardsForm, listed_barcodes
from branchnet.batches.commands import Afterwards, NewLine, log_afterwards, wrong_with
from branchnet.batches.queries import BatchHead, End
from branchnet.blueprints.forms import Refusal, op_id, refused
from branchnet.blueprints.staff.beginning import all_points
from branchnet.blueprints.staff.matching import Choice, one_like, point_choices, point_names, title_names
from branchnet.blueprints.staff.root import blueprint
from branchnet.blueprints.staff.words import kind_words, terms_explained
from branchnet.errors import BranchNetError, Invalid, NotFound, together
from branchnet.language import _
from branchnet.models.batch import TERMS
from branchnet.points.queries import central_place
from branchnet.stock.queries import ids_of_copies
from branchnet.stock.rules import NewLot

KEPT = ("to", "kind", "sent_on", "from")
"""What the next one of the same day keeps."""
AS_THEY_ARE = (
    "kind",
    "note",
    "terms",
    "from_before",
    "boxes",
    "received",
    "due_back_on",
    "counted_in_on",
    "counted_in",
    "scanned_on",
)
DAYS = ("received_on", "collected_on", "counted_in_on", "scanned_on", "restocked_on")
"""The days of what follows the sending."""
FOLLOWS_FROM = {
    "received_on": {"sent_on"},
    "collected_on": {"sent_on"},
    "restocked_on": {"sent_on", "collected_on", "counted_in_on", "scanned_on"},
}
"""Days that are filled in where they were left empty, with those that they may be filled in from."""
BOOKS_HANG_ON = {"to", "from", "kind", "copies", "barcodes"}
"""Fields without which nobody can say which books are meant, or whether they are there."""


@blueprint.get("/log")
@require("batch.write")
def log_form() -> str:
    """The form; what the address names stands in it already."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
    return _page(Refusal("log", sent=kept))


@blueprint.post("/log")
@require("batch.write")
def log() -> Response | tuple[str, int]:
    """Write every step that the form tells of."""
    who = staff()
    try:
        sent, told = _told()

        def effect() -> Outcome:
            logged = log_afterwards(who.act, told)
            return {"number": logged.number, "opening": logged.opening_number}

        done = perform(who.act, op_id(), "log_afterwards", sent, effect)
    except BranchNetError as error:
        refusal = refused(error, "log")
        return _page(refusal), refusal.status
    return redirect(url_for("staff.logged", number=done["number"], opening=done["opening"]), 303)


@blueprint.get("/log/<number>")
@require("batch.write")
def logged(number: str) -> str:
    """What was written: each batch with its steps and their days."""
    who = staff()
    numbers = [number, *queries.returns_of(who.network_id, number)]
    if opening := request.args.get("opening"):
        numbers.insert(0, opening)
    day, slug = who.act.today(), who.act.network.slug
    heads = [queries.batch_head([who.network_id], one, slug, day) for one in numbers]
    head = heads[numbers.index(number)]
    point = head.start if head.kind == "return" else head.end
    return render_template(
        "staff/logged.html",
        batch=head,
        day=who.act.today(),
        written=[(one, queries.events_of(one.network_id, one.id)) for one in heads],
        sums=queries.open_sums([who.network_id], [one.id for one in heads]),
        again=url_for("staff.log_form", to=_told_as(point), kind=head.kind, sent_on=head.dispatched_on, **_start(head)),
    )


def _told_as(point: End) -> str:
    """A point so that the form finds it again, and people read it."""
    return f"{point.name} {point.code}"


def _start(head: BatchHead) -> dict[str, Any]:
    return {"from": _told_as(head.start)} if head.kind == "rotation" else {}


def _told() -> tuple[dict[str, Any], Afterwards]:
    """What the form sent, and what it says: its days filled in, its points and its books found.

    Raises one error that tells of every field that is wrong: whoever types a notebook in corrects it once.
    """
    who = staff()
    right, reasons = read_as_far_as_right(AfterwardsForm(), request.form)
    sent: dict[str, Any] = {**dict.fromkeys(AfterwardsForm().fields), **right}
    wrong: dict[str, BranchNetError] = {name: Invalid(fields={name: reason}) for name, reason in reasons.items()}
    ends = _ends(sent, wrong)
    taken: dict[str, Any] = {name: sent[name] for name in AS_THEY_ARE}
    told = Afterwards(**taken | ends | _days(sent))
    wrong = _checked(told, reasons) | wrong
    if not wrong.keys() & BOOKS_HANG_ON:
        with _told_beside(wrong):
            told = _with_books(told, sent, told.from_place_id or central_place(who.network_id, "shelf"))
    if wrong:
        raise together(wrong)
    return sent, told


def _ends(sent: dict[str, Any], wrong: dict[str, BranchNetError]) -> dict[str, int | None]:
    """The places that were typed; what cannot be found is told beside its field."""
    points = all_points()
    called, found = point_names(points), {}
    for name, field in (("to", "to"), ("start", "from")):
        if sent[name] and (name == "to" or sent["kind"] == "rotation"):
            with _told_beside(wrong):
                found[name] = one_like(sent[name], points, called, field).place_id
    if sent["kind"] == "return":
        return {"from_place_id": found.get("to")}
    return {"from_place_id": found.get("start"), "to_place_id": found.get("to")}


def _checked(told: Afterwards, reasons: Mapping[str, str]) -> dict[str, BranchNetError]:
    """What the command would refuse. A day that nobody typed is not told of where the one it follows from is wrong."""
    found = wrong_with(told, staff().act.today())
    wrong = found.keys() | reasons.keys()
    untyped = {name for name in FOLLOWS_FROM if not request.form.get(name, "").strip()}
    return {name: error for name, error in found.items() if name not in untyped or not FOLLOWS_FROM[name] & wrong}


@contextmanager
def _told_beside(wrong: dict[str, BranchNetError]) -> Iterator[None]:
    """What an error says of fields is kept with the others; what it does not say of a field is raised."""
    try:
        yield
    except BranchNetError as error:
        if "fields" not in error.data:
            raise
        wrong.update(dict.fromkeys(error.data["fields"], error))


def _days(sent: dict[str, Any]) -> dict[str, date | None]:
    """The days that follow from others where nobody typed them."""
    known = [day for name in DAYS if (day := sent[name]) is not None]
    # Where the day sent cannot be read, the first of the others stands for it while they are looked at.
    sent_on = sent["sent_on"] or min(known, default=staff().act.today())
    received = sent["received_on"] or (None if sent["on_the_road"] else sent_on)
    collected = sent["collected_on"] or (sent_on if sent["same_day"] and sent["kind"] == "delivery" else None)
    restocked = sent["restocked_on"]
    if restocked is None and collected is not None and not sent["not_shelved"]:
        restocked = max(day for day in (collected, sent["counted_in_on"], sent["scanned_on"]) if day is not None)
    return {"sent_on": sent_on, "received_on": received, "collected_on": collected, "restocked_on": restocked}


def _with_books(told: Afterwards, sent: dict[str, Any], start: int) -> Afterwards:
    """Copies by barcode, and the rest of a counted lot: the one that was named, or that there is most of."""
    network_id, title = staff().network_id, sent["books"] or _("未编目的图书")
    barcodes = listed_barcodes(sent["barcodes"])
    known = ids_of_copies(network_id, barcodes)
    unknown = [barcode for barcode in barcodes if barcode not in known]
    if unknown and not told.from_before:
        raise NotFound("barcode_unknown", fields={"barcodes": "barcode_unknown"}, barcode=unknown[0])
    lines = [NewLine(known[barcode]) for barcode in barcodes if barcode in known]
    unlisted = [NewLot(title, barcode=barcode) for barcode in unknown]
    left = (sent["copies"] or len(barcodes)) - len(barcodes)
    if left:
        lot = _counted_lot(network_id, start, sent["books"], told.from_before)
        if lot is None:
            unlisted.append(NewLot(title, left))
        else:
            lines.append(NewLine(lot, left))
    return replace(told, lines=lines, unlisted=unlisted)


def _counted_lot(network_id: int, place_id: int, typed: str | None, from_before: bool) -> int | None:
    """The counted lot that is meant; None for books that were never taken in. Raises Invalid where there is none."""
    lots = queries.counted_lots_at(network_id, place_id)
    if typed is None and from_before:
        return None
    if typed is None:
        if not lots:
            raise Invalid("no_lot_there", fields={"books": "no_lot_there"})
        return max(lots, key=lambda lot: (lot.quantity, -lot.id)).id
    try:
        return one_like(typed, lots, lambda lot: title_names(lot.title), "books").id
    except Invalid as error:
        if from_before and error.reason == "nothing_like":
            return None
        raise


def _page(refusal: Refusal) -> str:
    who = staff()
    lots = queries.counted_lots_at(who.network_id, central_place(who.network_id, "shelf"))
    return render_template(
        "staff/log.html",
        refusal=refusal,
        points=point_choices(all_points()),
        lots=[
            Choice(lot.title, f"{title_names(lot.title)[1]} {_('在架 %(count)s 册', count=f'{lot.quantity:,}')}")
            for lot in lots
        ],
        most=max(lots, key=lambda lot: (lot.quantity, -lot.id)) if lots else None,
        kinds=[(kind, kind_words(kind)) for kind in KINDS],
        terms=[(term, terms_explained(term)) for term in TERMS],
        day=who.act.today(),
        stay_days=who.act.network.stay_days,
    )
