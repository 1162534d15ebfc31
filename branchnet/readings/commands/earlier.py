"""Earlier years from the old ledger: a term or a year as one reading, never spread over months."""

from datetime import date

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.calendar.queries import is_closed, locked_through
from branchnet.calendar.rules import month_of
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import ServicePoint
from branchnet.points.queries import points_on
from branchnet.readings import rules
from branchnet.readings.commands.submitting import Receipt, Sent, Window, submit_window
from branchnet.readings.earlier import KINDS, in_the_way, reported_over


def submit_earlier(
    act: Act, point_id: int, kind: str, first: date, last: date, report: rules.Report, sent: Sent
) -> Receipt:
    """Report an earlier term or year of a point; sent again for the same days it is a revision.

    Raises Invalid("reading") naming the fields, NotFound, Conflict: "earlier_closed" where its last month is closed and
    no exception opens it, "windows_overlap" with the point's name and the ``windows`` that are in the way. Deliveries'
    stays are in nobody's way.
    """
    _check(act, kind, first, last)
    point = db.session.scalars(
        # A month that is reported meanwhile waits: its row refers to the point.
        select(ServicePoint)
        .where(ServicePoint.network_id == act.network_id, ServicePoint.id == point_id)
        .with_for_update()
    ).one_or_none()
    if point is None:
        raise NotFound(point_id=point_id)
    if is_closed(act, month_of(last), point_id, locked_through(act.network_id)):
        raise Conflict("earlier_closed", month=month_of(last))
    others = in_the_way(reported_over(act.network_id, [point_id], first, last), kind, first, last)
    if others:
        name = points_on([act.network_id], act.today(), [point_id])[0].name
        raise Conflict("windows_overlap", point=name, windows=[one.name for one in others])
    return submit_window(act, point_id, Window(kind, month_of(last), first, last), report, sent)


def _check(act: Act, kind: str, first: date, last: date) -> None:
    if kind not in KINDS:
        raise Invalid("reading", fields={"kind": "kind"})
    if last < first:
        raise Invalid("reading", fields={"last": "dates"})
    if last > act.today():
        raise Invalid("reading", fields={"last": "in_the_future"})
