"""A point reports a window. Every submission is kept; one holds; what cannot be applied is held for staff."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.calendar.queries import is_closed
from branchnet.calendar.rules import bounds, month_of
from branchnet.errors import Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, PointOpenness, Reading, ReadingRevision, ServicePoint
from branchnet.readings import rules
from branchnet.readings.earlier import earlier_over
from branchnet.stock.counters import count_up
from branchnet.stock.posting import locked_through, mark_stale

# Built once: putting these together takes longer than running them.
_OPENNESS = (
    select(PointOpenness.open_to_community)
    .where(
        PointOpenness.network_id == bindparam("network"),
        PointOpenness.point_id == bindparam("point"),
        PointOpenness.valid_from <= bindparam("day"),
    )
    .order_by(PointOpenness.valid_from.desc())
    .limit(1)
)
_PLACE = select(ServicePoint.place_id).where(
    ServicePoint.network_id == bindparam("network"), ServicePoint.id == bindparam("point")
)
_WRITE = insert(ReadingRevision).returning(ReadingRevision.id)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets: a number to show, and whether it holds now or waits for staff."""

    number: str
    revision: int
    held_reason: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """How a report came: by which channel, seeing which revision, and when the phone says it was filled in."""

    channel: str
    based_on: int | None = None
    claimed_at: datetime | None = None


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
    """Keep a submission as a revision: applied, or held for staff. Raises Invalid("reading") naming the fields."""
    if fields := rules.problems(report, (window.last - window.first).days + 1):
        raise Invalid("reading", fields=fields)
    locked = is_closed(act, window.month, point_id, locked_through(act.network_id))
    reading, current, latest = _reading(act, point_id, window)
    # Looked for after the month's row is there: an earlier window that is entered meanwhile waits for it.
    told = (
        window.kind == "month" and current is None and earlier_over(act.network_id, point_id, window.first, window.last)
    )
    held = rules.held_because(locked=locked, based_on=sent.based_on, current=current, overlaps=bool(told))
    receipt = Receipt(_receipt_number(act), latest + 1, held)
    revision_id = _write(act, reading, report, sent, receipt, _openness(act, point_id, window.last))
    if held is None:
        reading.current_id = revision_id
        db.session.flush()
        mark_stale(act, [_place_of(act, point_id)], window.month)
    return receipt


def _reading(act: Act, point_id: int, window: Window) -> tuple[Reading, int | None, int]:
    """The window's row under lock, made if need be; the number of the revision that holds; the latest number."""
    same = {
        "stay": (Reading.batch_id == window.batch_id,),
        "month": (Reading.point_id == point_id, Reading.month == window.month),
    }.get(window.kind, (Reading.point_id == point_id, Reading.first_on == window.first))
    reading = db.session.scalars(
        select(Reading)
        .where(Reading.network_id == act.network_id, Reading.window_kind == window.kind, *same)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if reading is None:
        reading = Reading(
            network_id=act.network_id,
            point_id=point_id,
            window_kind=window.kind,
            month=window.month if window.kind in ("month", "stay") else None,
            batch_id=window.batch_id,
            first_on=window.first,
            last_on=window.last,
            created_at=clock.now(),
        )
        db.session.add(reading)
        db.session.flush()
        return reading, None, 0
    numbers = dict(
        db.session.execute(
            select(ReadingRevision.id, ReadingRevision.number).where(
                ReadingRevision.network_id == act.network_id, ReadingRevision.reading_id == reading.id
            )
        ).all()
    )
    current = None if reading.current_id is None else numbers[reading.current_id]
    return reading, current, max(numbers.values(), default=0)


def _write(
    act: Act, reading: Reading, report: rules.Report, sent: Sent, receipt: Receipt, open_to_community: bool
) -> int:
    return int(
        db.session.execute(
            _WRITE,
            {
                "network_id": act.network_id,
                "reading_id": reading.id,
                "number": receipt.revision,
                "based_on": sent.based_on,
                **rules.without_community(report, open_to_community),
                "method": report.method,
                "not_open": report.not_open,
                "note": report.note or None,
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


def _openness(act: Act, point_id: int, on: date) -> bool:
    """Whether the point was open to its neighbours by the end of the window."""
    return bool(db.session.scalar(_OPENNESS, {"network": act.network_id, "point": point_id, "day": on}))


def _place_of(act: Act, point_id: int) -> int:
    place_id = db.session.scalar(_PLACE, {"network": act.network_id, "point": point_id})
    if place_id is None:
        raise NotFound(point_id=point_id)
    return place_id
