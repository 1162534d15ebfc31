"""A point reports a window. Every submission is kept; one holds; what cannot be applied is held for staff."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.calendar.queries import is_closed
from branchnet.calendar.rules import bounds, month_of
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Reading, ReadingRevision, ServicePoint
from branchnet.readings import rules
from branchnet.readings.earlier import earlier_over
from branchnet.readings.plausible.queries import COMPARED, Asked, asked, has_numbers, known
from branchnet.readings.plausible.rules import Doubt, Known, doubts
from branchnet.readings.queries import decided
from branchnet.stock.counters import count_up
from branchnet.stock.posting import mark_stale

# The tables themselves: the way through the mapped classes takes several times as long.
_READINGS, _REVISIONS = cast("Table", Reading.__table__), cast("Table", ReadingRevision.__table__)
_NEW: dict[str, Executable] = {
    name: dialect.insert(_READINGS).on_conflict_do_nothing().returning(_READINGS.c.id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_WRITE = insert(_REVISIONS).returning(_REVISIONS.c.id)
_APPLY = (
    update(_READINGS)
    .where(_READINGS.c.network_id == bindparam("network"), _READINGS.c.id == bindparam("reading"))
    .values(current_id=bindparam("revision"))
)
_SAME = select(_READINGS.c.id, _READINGS.c.current_id).where(
    _READINGS.c.network_id == bindparam("network"), _READINGS.c.window_kind == bindparam("kind")
)
_SAME_STAY = _SAME.where(_READINGS.c.batch_id == bindparam("batch")).with_for_update()
_SAME_MONTH = _SAME.where(
    _READINGS.c.point_id == bindparam("point"), _READINGS.c.month == bindparam("month")
).with_for_update()
_SAME_EARLIER = _SAME.where(
    _READINGS.c.point_id == bindparam("point"), _READINGS.c.first_on == bindparam("first")
).with_for_update()
_REVISIONS_OF = select(_REVISIONS.c.id, _REVISIONS.c.number).where(
    _REVISIONS.c.network_id == bindparam("network"), _REVISIONS.c.reading_id == bindparam("reading")
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets: a number to show, and whether it holds now or waits for staff."""

    number: str
    revision: int
    held_reason: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """How a report came: by which channel, seeing which revision, and when the phone says it was filled in.

    ``held``: why it waits for staff, where the way it came in already says so (a link that ended meanwhile).
    """

    channel: str
    based_on: int | None = None
    claimed_at: datetime | None = None
    held: str | None = None
    confirmed: bool = True
    """Whether it is kept as it is, whatever is not plausible; who can still be asked is asked first."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is reported: a month, a delivery's stay, or an earlier term or year; which month it is locked with.

    An earlier window is locked with the month of its last day, and belongs to no month.
    """

    kind: str
    month: str
    first: date
    last: date
    batch_id: int | None = None


def submit_month(act: Act, point_id: int, month: str, report: rules.Report, sent: Sent) -> Receipt:
    """Report a month of a point (月报). Raises Invalid("reading") naming the fields that cannot be, NotFound.

    A month that has not begun cannot be reported; a locked one, or one that changed since the sender looked, is held.
    """
    try:
        first, last = bounds(month)
    except ValueError:
        raise Invalid("reading", fields={"month": "month"}) from None
    if first > act.today():
        raise Invalid("reading", fields={"month": "month"})
    return submit_window(act, point_id, Window("month", month, first, last), report, sent)


def submit_stay(act: Act, batch_id: int, report: rules.Report, sent: Sent) -> Receipt:
    """Report a delivery's stay: it belongs whole to the month of collection.

    Raises Invalid("stay_running") before the books were fetched.
    """
    row = db.session.execute(
        select(Batch.dispatched_on, Batch.received_on, Batch.collected_on, ServicePoint.id)
        .join(
            ServicePoint,
            (ServicePoint.network_id == Batch.network_id) & (ServicePoint.place_id == Batch.to_place_id),
        )
        .where(Batch.network_id == act.network_id, Batch.id == batch_id, Batch.kind == "delivery")
    ).one_or_none()
    if row is None:
        raise NotFound(batch_id=batch_id)
    if row.collected_on is None:
        raise Invalid("stay_running")
    first, last = rules.stay_days(row.dispatched_on, row.received_on, row.collected_on)
    window = Window("stay", month_of(row.collected_on), first, last, batch_id)
    return submit_window(act, row.id, window, report, sent)


def submit_window(act: Act, point_id: int, window: Window, report: rules.Report, sent: Sent) -> Receipt:
    """Keep a submission as a revision: applied, or held for staff. Raises Invalid("reading") naming the fields.

    Raises Conflict("not_plausible") with its ``doubts`` where its sender is to be asked first; they are kept with it.
    """
    if fields := rules.problems(report, (window.last - window.first).days + 1):
        raise Invalid("reading", fields=fields)
    point = asked(act.network_id, point_id, window.month, window.last)
    report = rules.as_applicable(report, point.open_to_community)
    found = _doubts(report, point, window)
    if found and not sent.confirmed:
        raise Conflict("not_plausible", doubts=found)
    locked = is_closed(act, window.month, point_id, point.locked_through)
    reading_id, current, latest = _reading(act, point_id, window)
    # Looked for after the month's row is there: an earlier window that is entered meanwhile waits for it.
    told = (
        window.kind == "month" and current is None and earlier_over(act.network_id, point_id, window.first, window.last)
    )
    saw = _saw(act, reading_id, sent.based_on, current)
    held = rules.held_because(locked=locked, based_on=saw, current=current, known=sent.held, overlaps=bool(told))
    receipt = Receipt(_receipt_number(act), latest + 1, held)
    revision_id = _write(act, reading_id, report, sent, receipt, [doubt.kept for doubt in found])
    if held is None:
        db.session.execute(_APPLY, {"network": act.network_id, "reading": reading_id, "revision": revision_id})
        mark_stale(act, [point.place_id], window.month)
    return receipt


def _doubts(report: rules.Report, point: Asked, window: Window) -> list[Doubt]:
    """What is not plausible; an earlier term or year has nothing that it could be compared with."""
    if window.kind not in COMPARED:
        return []
    if report.not_open:
        return doubts(report, Known(reported=has_numbers(point, window.kind, window.first, window.last)))
    return doubts(report, known(point, report, window.kind, window.first, window.last))


def _reading(act: Act, point_id: int, window: Window) -> tuple[int, int | None, int]:
    """The window's row under lock, made if need be; the number of the revision that holds; the latest number.

    It is made first and looked for afterwards: nearly every report is its window's first, and of two that come at
    once the second waits here for the first.
    """
    made = _made(act, point_id, window)
    if made is not None:
        return made, None, 0
    ways: dict[str, tuple[Any, dict[str, Any]]] = {
        "stay": (_SAME_STAY, {"batch": window.batch_id}),
        "month": (_SAME_MONTH, {"point": point_id, "month": window.month}),
    }
    same, which = ways.get(window.kind, (_SAME_EARLIER, {"point": point_id, "first": window.first}))
    known = db.session.execute(same, {"network": act.network_id, "kind": window.kind, **which}).one()
    rows = db.session.execute(_REVISIONS_OF, {"network": act.network_id, "reading": known.id})
    numbers = {row.id: int(row.number) for row in rows}
    current = None if known.current_id is None else numbers[known.current_id]
    return known.id, current, max(numbers.values(), default=0)


def _saw(act: Act, reading_id: int, based_on: int | None, current: int | None) -> int | None:
    """The number that the sender's form began from; of one that still waits, the one that it began from itself.

    So what is added to a held correction is no staler than that correction.
    """
    if based_on is None or current is None or based_on == current:
        return based_on
    rows = db.session.execute(
        select(ReadingRevision.number, ReadingRevision.based_on).where(
            ReadingRevision.network_id == act.network_id,
            ReadingRevision.reading_id == reading_id,
            ReadingRevision.outcome == "held",
            ~decided(),
        )
    )
    waits: dict[int, int | None] = dict(rows.all())
    while based_on in waits and based_on != current:
        based_on = waits.pop(based_on)
    return based_on


def _made(act: Act, point_id: int, window: Window) -> int | None:
    """The id of a window's new row; None where it has one already."""
    row = {
        "network_id": act.network_id,
        "point_id": point_id,
        "window_kind": window.kind,
        "month": window.month if window.kind in COMPARED else None,
        "batch_id": window.batch_id,
        "first_on": window.first,
        "last_on": window.last,
        "created_at": clock.now(),
    }
    made: int | None = db.session.execute(_NEW[db.session.get_bind().dialect.name], row).scalar_one_or_none()
    return made


def _write(act: Act, reading_id: int, report: rules.Report, sent: Sent, receipt: Receipt, warnings: list[str]) -> int:
    return int(
        db.session.execute(
            _WRITE,
            {
                "network_id": act.network_id,
                "reading_id": reading_id,
                "number": receipt.revision,
                "based_on": sent.based_on,
                **report.numbers(),
                "method": report.method,
                "not_open": report.not_open,
                "note": report.note or None,
                "warnings": warnings or None,
                "outcome": "applied" if receipt.held_reason is None else "held",
                "held_reason": receipt.held_reason,
                "receipt": receipt.number,
                "channel": sent.channel,
                "submitted_by": act.person_id,
                "submitted_at": clock.now(),
                "claimed_at": sent.claimed_at,
            },
        ).scalar_one()
    )


def _receipt_number(act: Act) -> str:
    """A number short enough to read out by phone: the day and a running number."""
    day = f"{act.today():%y%m%d}"
    return f"{day}-{count_up(act, f'receipt-{day}'):04d}"
