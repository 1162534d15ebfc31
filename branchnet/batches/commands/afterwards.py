"""Logged afterwards (补录): every step of a batch from the notebook, each with the day on which it happened."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from branchnet.access.acts import Act
from branchnet.batches import rules
from branchnet.batches.commands.bringing_back import collect
from branchnet.batches.commands.coming_back import count_in, restock, scan
from branchnet.batches.commands.drafting import NewBatch, draft, open_boxes
from branchnet.batches.commands.from_before import bring_from_before
from branchnet.batches.commands.goods import Goods, add_goods
from branchnet.batches.commands.lines import NewLine, add_lines
from branchnet.batches.commands.receiving import arrive, parts_on_the_road, receive
from branchnet.batches.commands.road import dispatch
from branchnet.batches.commands.shared import copies_of
from branchnet.errors import BranchNetError, Invalid, TooEarly, together
from branchnet.models import Batch
from branchnet.points.queries import central_place
from branchnet.stock.rules import NewLot

KINDS = tuple(rules.ENDS)
BOXES_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Afterwards:
    """A batch as the notebook has it. Only the kind, the ends, the copies and the day sent are needed.

    ``received``: the copies (册) counted in all, ``counts`` by box; neither: as sent. ``boxes``: how many, without
    saying what is in which. ``counted_in`` and the days after it are of what came back: of the return itself, or of
    the one that collects a delivery; restocked without a scan means counted onto the shelf. ``from_before``: copies
    that the starting place does not hold in the books, and the ``unlisted`` ones that no lot stands for, were there
    before records began.
    """

    kind: str
    sent_on: date
    to_place_id: int | None = None
    from_place_id: int | None = None
    lines: Sequence[NewLine] = ()
    unlisted: Sequence[NewLot] = ()
    from_before: bool = False
    boxes: int | None = None
    goods: Sequence[Goods] = ()
    terms: str = "deposit"
    received_on: date | None = None
    received: int | None = None
    counts: Mapping[int, int] | None = None
    due_back_on: date | None = None
    collected_on: date | None = None
    counted_in: int | None = None
    counted_in_on: date | None = None
    scanned_on: date | None = None
    restocked_on: date | None = None
    note: str | None = None

    @property
    def days(self) -> list[tuple[str, date | None]]:
        """The days of the steps, in their order."""
        names = ("sent_on", "received_on", "collected_on", "counted_in_on", "scanned_on", "restocked_on")
        return [(name, getattr(self, name)) for name in names]

    @property
    def tells_of_coming_back(self) -> bool:
        """Whether anything is said of the books after they were back."""
        return any(
            told is not None for told in (self.counted_in, self.counted_in_on, self.scanned_on, self.restocked_on)
        )


@dataclass(frozen=True, slots=True)
class Logged:
    """What was written: the batch, the return that collected it, the opening of books from before; and differences."""

    number: str
    return_number: str | None
    opening_number: str | None
    batch_id: int
    return_id: int | None
    differences: tuple[int, ...]


def log_afterwards(act: Act, told: Afterwards) -> Logged:
    """Write every step of a batch, from its draft to wherever the notebook ends.

    Raises Invalid and TooEarly (with the earliest day) naming the field; CopiesElsewhere where the starting place
    does not hold the copies, unless they are ``from_before``; and what the steps raise.
    """
    if wrong := wrong_with(told, act.today()):
        raise together(wrong)
    opening, batch = _drafted(act, told)
    with _field("sent_on"):
        dispatch(act, batch.id, told.sent_on)
    if told.kind == "return":
        found = _came_back(act, batch, told, told.received_on)
        return _logged(opening, batch, None, found)
    found = []
    if told.received_on is not None:
        with _field("received_on"):
            found = receive(act, batch.id, told.received_on, _counts(act, batch, told), told.note)
    if told.collected_on is None:
        return _logged(opening, batch, None, found)
    with _field("collected_on"):
        back = collect(act, batch.id, told.collected_on)
    found += _came_back(act, back, told, None)
    return _logged(opening, batch, back, found)


def _logged(opening: Batch | None, batch: Batch, back: Batch | None, found: Sequence[int]) -> Logged:
    return Logged(
        number=batch.number,
        return_number=None if back is None else back.number,
        opening_number=None if opening is None else opening.number,
        batch_id=batch.id,
        return_id=None if back is None else back.id,
        differences=tuple(found),
    )


def wrong_with(told: Afterwards, today: date) -> dict[str, BranchNetError]:
    """By field what is wrong, as far as it can be said without the books; TooEarly for the order of the days."""
    found = {name: "in_the_future" for name, day in told.days if day is not None and day > today}
    if told.kind in KINDS:
        found |= rules.draft_problems(told.kind, *rules.ENDS[told.kind], told.terms, told.due_back_on is not None)
        found |= _unfounded(told)
    else:
        found["kind"] = "kind"
    if told.boxes is not None and not 0 < told.boxes <= BOXES_AT_MOST:
        found["boxes"] = "boxes"
    if told.unlisted and not told.from_before:
        found["from_before"] = "from_before"
    early = rules.out_of_order(told.days)
    if told.due_back_on is not None and told.due_back_on < told.sent_on:
        early["due_back_on"] = told.sent_on
    return {
        **{name: TooEarly(earliest=day, fields={name: "too_early"}) for name, day in early.items()},
        **{name: Invalid(fields={name: reason}) for name, reason in found.items()},
    }


def _unfounded(told: Afterwards) -> dict[str, str]:
    """By field what is told of a step that did not happen, or cannot."""
    found = _uncollected(told)
    counted = told.received is not None or told.counts is not None
    if counted and (told.received_on or told.restocked_on) is None:
        found["received_on"] = "required"
    if counted and told.kind == "return" and told.scanned_on is not None:
        found["received"] = "count_or_scan"
    if told.received is not None and told.received < 1:
        found["received"] = "quantity_not_positive"
    if told.counted_in is not None and told.counted_in < 0:
        found["counted_in"] = "not_a_number"
    return found


def _uncollected(told: Afterwards) -> dict[str, str]:
    """Only a delivery is collected, once it was received; what came back is told of a return or a collected one."""
    if told.kind != "delivery" and told.collected_on is not None:
        return {"collected_on": "not_collected"}
    if told.kind == "return":
        return {}
    if told.collected_on is None:
        return {"collected_on": "required"} if told.tells_of_coming_back else {}
    return {"received_on": "required"} if told.received_on is None else {}


def _drafted(act: Act, told: Afterwards) -> tuple[Batch | None, Batch]:
    """The batch with its boxes, lines and goods, and the opening it needed."""
    opening, lines = None, list(told.lines)
    if told.from_before:
        start = told.from_place_id or central_place(act.network_id, "shelf")
        with _field("sent_on"):
            lines, opening = bring_from_before(act, start, told.sent_on, told.lines, told.unlisted)
    batch = draft(
        act,
        NewBatch(
            kind=told.kind,
            drafted_on=told.sent_on,
            to_place_id=told.to_place_id,
            from_place_id=told.from_place_id,
            terms=told.terms,
            note=told.note,
            due_back_on=told.due_back_on,
        ),
    )
    boxes = max(told.boxes or 0, *(line.box or 0 for line in lines), 0)
    if boxes:
        open_boxes(act, batch.id, boxes)
    add_lines(act, batch.id, lines)
    for one in told.goods:
        add_goods(act, batch.id, one)
    return opening, batch


def _came_back(act: Act, batch: Batch, told: Afterwards, came_on: date | None) -> list[int]:
    """What is told of a return: it came, was counted in, scanned, restocked; or was counted straight onto the shelf."""
    if told.counted_in is not None or told.counted_in_on is not None:
        copies = copies_of(act, batch.id) if told.counted_in is None else told.counted_in
        with _field("counted_in_on"):
            count_in(act, batch.id, told.counted_in_on or came_on or batch.dispatched_on or told.sent_on, copies)
    if told.scanned_on is not None:
        with _field("scanned_on"):
            found = scan(act, batch.id, told.scanned_on)
        if told.restocked_on is not None:
            with _field("restocked_on"):
                found += restock(act, batch.id, told.restocked_on)
        return found
    shelved_on = told.restocked_on or (max(came_on, told.counted_in_on or came_on) if came_on else None)
    if shelved_on is None:
        return []
    if came_on is not None and came_on < shelved_on:
        with _field("received_on"):
            arrive(act, batch.id, came_on)
    with _field("received_on" if told.restocked_on is None else "restocked_on"):
        return receive(act, batch.id, shelved_on, _counts(act, batch, told), told.note)


def _counts(act: Act, batch: Batch, told: Afterwards) -> Mapping[int, int] | None:
    """By box what was counted. A number for all of it says nothing of boxes that hold different copies."""
    if told.counts is not None and batch.kind == told.kind:
        return told.counts
    total = told.received if batch.kind == told.kind and told.received is not None else None
    if batch.kind == "return" and total is None:
        total = told.counted_in
    parts = parts_on_the_road(act, batch)
    if total is None or total == sum(part.copies for part in parts.values()):
        return None
    if len(parts) > 1:
        raise Invalid("count_by_box", fields={"received": "count_by_box"})
    return dict.fromkeys(parts, total)


@contextmanager
def _field(name: str) -> Iterator[None]:
    """A day that a step refuses is told by the field in which it was typed."""
    try:
        yield
    except TooEarly as error:
        raise TooEarly(**{**error.data, "fields": {name: "too_early"}}) from error
