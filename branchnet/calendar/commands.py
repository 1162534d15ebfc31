"""The network's calendar is written down; a month is closed."""

from datetime import date

from sqlalchemy import insert, select

from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.calendar.rules import bounds
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db
from branchnet.models import CalendarPeriod, Network


def add_period(act: Act, kind: str, name: str, first_on: date, last_on: date, host: str | None = None) -> None:
    """Enter a school year, a term or a holiday (寒暑假); for one kind of host or for all."""
    if last_on < first_on:
        raise Invalid("dates", fields={"last_on": "dates"})
    db.session.execute(
        insert(CalendarPeriod).values(
            network_id=act.network_id, kind=kind, name=name, first_on=first_on, last_on=last_on, host=host
        )
    )


def lock_through(act: Act, month: str) -> None:
    """Close all months up to and with this one (封账), for readings and moves.

    FOR UPDATE waits for postings under way. Raises Conflict("locked_already"), Invalid for a month not over.
    """
    if bounds(month)[1] >= act.today():
        raise Invalid("month", fields={"month": "month"})
    network = db.session.scalars(
        select(Network).where(Network.id == act.network_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if network.locked_through is not None and month <= network.locked_through:
        raise Conflict("locked_already", month=network.locked_through)
    network.locked_through = month
    audit.record(act, "month.locked", "network", act.network_id, month=month)
    db.session.flush()
