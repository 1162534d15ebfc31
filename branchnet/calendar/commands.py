"""The network's calendar is written down; a month is closed, and opened again for some by exception."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.calendar.queries import holding
from branchnet.calendar.rules import bounds, month_to_close
from branchnet.calendar.usual import Period
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import CalendarPeriod, LockException, Network, ServicePoint

LONGEST_EXCEPTION = 366
"""Days that an exception may hold at most: it is to end, and not to be forgotten."""


def add_period(act: Act, kind: str, name: str, first_on: date, last_on: date, host: str | None = None) -> int:
    """Enter a school year, a term or a holiday (寒暑假), for one kind of host or for all schools. Returns its id.

    Raises Invalid("dates"), Conflict("period_overlaps") naming another of its kind and host that shares days with it.
    """
    _network(act)
    _fits(act, Period(kind, name, first_on, last_on, host))
    period_id = int(
        db.session.execute(
            insert(CalendarPeriod)
            .values(network_id=act.network_id, kind=kind, name=name, first_on=first_on, last_on=last_on, host=host)
            .returning(CalendarPeriod.id)
        ).scalar_one()
    )
    audit.record(act, "period.added", "calendar_period", period_id, kind=kind, **_days(first_on, last_on))
    return period_id


def add_year(act: Act, periods: Sequence[Period]) -> list[int]:
    """Enter a whole school year at once, or nothing of it. Raises what `add_period` raises."""
    return [add_period(act, one.kind, one.name, one.first_on, one.last_on, one.host) for one in periods]


def change_period(act: Act, period_id: int, name: str, first_on: date, last_on: date, host: str | None) -> None:
    """Put a period right. Raises NotFound, and what `add_period` raises."""
    _network(act)
    row = _period(act, period_id)
    _fits(act, Period(row.kind, name, first_on, last_on, host), period_id)
    before = _days(row.first_on, row.last_on, "before_")
    row.name, row.first_on, row.last_on, row.host = name, first_on, last_on, host
    audit.record(act, "period.changed", "calendar_period", period_id, **before, **_days(first_on, last_on))
    db.session.flush()


def remove_period(act: Act, period_id: int) -> None:
    """It was entered by mistake and is gone; that it was there, and on which days, stays in the audit trail."""
    row = _period(act, period_id)
    audit.record(act, "period.removed", "calendar_period", period_id, kind=row.kind, **_days(row.first_on, row.last_on))
    db.session.delete(row)
    db.session.flush()


def set_months(act: Act, min_open_days: int, report_by_day: int, remind_on_day: int, closes_on_day: int | None) -> None:
    """When a month is owed, due, reminded of and closed; days are those of the following month, none: by hand.

    Raises Invalid("closes_before_due") where a month would close while its readings are still in time.
    """
    if closes_on_day is not None and closes_on_day <= report_by_day:
        raise Invalid("closes_before_due", fields={"closes_on_day": "closes_before_due"})
    network = _network(act)
    chosen = {
        "min_open_days": min_open_days,
        "report_by_day": report_by_day,
        "remind_on_day": remind_on_day,
        "closes_on_day": closes_on_day,
    }
    before = {f"before_{name}": getattr(network, name) for name in chosen}
    for name, value in chosen.items():
        setattr(network, name, value)
    audit.record(act, "network.months", "network", act.network_id, **before, **chosen)
    db.session.flush()


def lock_through(act: Act, month: str) -> None:
    """Close all months up to and with this one (封账), for readings and moves. They are never unlocked.

    FOR UPDATE waits for postings under way. Raises Conflict("locked_already"), Invalid for a month not over.
    """
    if bounds(month)[1] >= act.today():
        raise Invalid("month", fields={"month": "month"})
    network = _network(act)
    if network.locked_through is not None and month <= network.locked_through:
        raise Conflict("locked_already", month=network.locked_through)
    _lock(act, network, month)


def lock_due(act: Act) -> str | None:
    """Close the months whose day has come. Returns the last; None where none is to be closed (any more)."""
    network = _network(act)
    if network.closes_on_day is None:
        return None
    month = month_to_close(act.today(), network.closes_on_day)
    if network.locked_through is not None and month <= network.locked_through:
        return None
    _lock(act, network, month)
    return month


def grant_exception(act: Act, month: str, point_id: int | None, reason: str, ends_on: date) -> int:
    """A closed month may be written in after all, for one point or (none) for all, until a day. Returns its id.

    Raises Invalid for a day that is past or too far, Conflict("month_not_closed"), Conflict("excepted_already") where
    the same holds already, NotFound.
    """
    days = (ends_on - act.today()).days
    if not 0 <= days <= LONGEST_EXCEPTION:
        raise Invalid(fields={"ends_on": "day_past" if days < 0 else "day_far"})
    network = _network(act)
    if network.locked_through is None or month > network.locked_through:
        raise Conflict("month_not_closed", month=month)
    if point_id is not None:
        _known(act, point_id)
    held = select(LockException.ends_on).where(
        LockException.network_id == act.network_id,
        holding(act.today()),
        LockException.month == month,
        LockException.point_id.is_not_distinct_from(point_id),
    )
    if (until := db.session.scalar(held)) is not None:
        raise Conflict("excepted_already", month=month, until=until)
    row = LockException(
        network_id=act.network_id,
        month=month,
        point_id=point_id,
        reason=reason,
        ends_on=ends_on,
        granted_at=clock.now(),
        granted_by=act.person_id,
    )
    db.session.add(row)
    db.session.flush()
    said = {"month": month, "point": point_id, "ends_on": ends_on.isoformat()}
    audit.record(act, "exception.granted", "lock_exception", row.id, **said)
    return row.id


def end_exception(act: Act, exception_id: int) -> None:
    """It holds no longer. Waits for what is being posted by it. Raises NotFound, Conflict("exception_over")."""
    _network(act)
    row = db.session.scalars(
        select(LockException).where(LockException.network_id == act.network_id, LockException.id == exception_id)
    ).one_or_none()
    if row is None:
        raise NotFound(exception_id=exception_id)
    if row.ended_at is not None or row.ends_on < act.today():
        raise Conflict("exception_over", month=row.month)
    row.ended_at, row.ended_by = clock.now(), act.person_id
    audit.record(act, "exception.ended", "lock_exception", row.id, month=row.month)
    db.session.flush()


def _lock(act: Act, network: Network, month: str) -> None:
    network.locked_through = month
    audit.record(act, "month.locked", "network", act.network_id, month=month)
    db.session.flush()


def _network(act: Act) -> Network:
    """The network under lock: whoever posts meanwhile, or closes a month, or opens one, is waited for."""
    query = select(Network).where(Network.id == act.network_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _fits(act: Act, period: Period, itself: int | None = None) -> None:
    if period.last_on < period.first_on:
        raise Invalid("dates", fields={"last_on": "dates"})
    other = db.session.scalars(
        select(CalendarPeriod)
        .where(
            CalendarPeriod.network_id == act.network_id,
            CalendarPeriod.kind == period.kind,
            CalendarPeriod.host.is_not_distinct_from(period.host),
            CalendarPeriod.first_on <= period.last_on,
            CalendarPeriod.last_on >= period.first_on,
            *(() if itself is None else (CalendarPeriod.id != itself,)),
        )
        .limit(1)
    ).first()
    if other is not None:
        raise Conflict(
            "period_overlaps", name=period.name, other=other.name, first_on=other.first_on, last_on=other.last_on
        )


def _period(act: Act, period_id: int) -> CalendarPeriod:
    row = db.session.scalars(
        select(CalendarPeriod).where(CalendarPeriod.network_id == act.network_id, CalendarPeriod.id == period_id)
    ).one_or_none()
    if row is None:
        raise NotFound(period_id=period_id)
    return row


def _days(first_on: date, last_on: date, prefix: str = "") -> dict[str, str]:
    return {f"{prefix}first_on": first_on.isoformat(), f"{prefix}last_on": last_on.isoformat()}


def _known(act: Act, point_id: int) -> None:
    known = select(ServicePoint.id).where(ServicePoint.network_id == act.network_id, ServicePoint.id == point_id)
    if db.session.scalar(known) is None:
        raise NotFound(point_id=point_id)
