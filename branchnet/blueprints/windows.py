"""What is reported, as teachers and staff name it: a month or a delivery's stay of a point, and the command for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from branchnet.access.acts import Act
from branchnet.calendar.queries import is_closed
from branchnet.calendar.rules import bounds, month_of
from branchnet.language import _, month_name
from branchnet.points.queries import Point, points_on
from branchnet.readings.commands import Receipt, Sent, submit_month, submit_stay
from branchnet.readings.rules import Report
from branchnet.readings.windows import Stay


@dataclass(frozen=True, slots=True)
class Window:
    """A month or a stay of a point as it was then, and the command that takes it. ``key``: as its address says it."""

    point: Point
    kind: str
    key: str
    title: str
    locked: bool
    first: date
    last: date
    submit: Callable[[Act, Report, Sent], Receipt]

    @property
    def days(self) -> int:
        """How many there are in it."""
        return (self.last - self.first).days + 1


def month_of_point(act: Act, point: Point, month: str, closed: str | None) -> Window:
    """A month of a point, in the network that ``act`` is about; ``closed``: how far its months are."""
    first, last = bounds(month)
    return Window(
        point=as_of(point, last),
        kind="month",
        key=month,
        title=month_name(month),
        locked=is_closed(act, month, point.id, closed),
        first=first,
        last=last,
        submit=lambda who, report, sent: submit_month(who, point.id, month, report, sent),
    )


def stay_at_point(act: Act, point: Point, one: Stay, closed: str | None) -> Window:
    """A delivery's stay at a point, in the network that ``act`` is about; ``closed``: how far its months are."""
    return Window(
        point=as_of(point, one.last_on),
        kind="stay",
        key=one.number,
        title=stay_words(one.number, one.first_on, one.last_on),
        locked=is_closed(act, month_of(one.last_on), point.id, closed),
        first=one.first_on,
        last=one.last_on,
        submit=lambda who, report, sent: submit_stay(who, one.batch_id, report, sent),
    )


def as_of(point: Point, day: date) -> Point:
    """The point as it was at the end of a window: its name then, and whether it was open to its neighbours."""
    return points_on([point.network_id], day, [point.id])[0]


def stay_words(number: str, first_on: date, last_on: date) -> str:
    """A stay by its days and its delivery's number."""
    return _(
        "%(first)s 到 %(last)s 送书（批次 %(number)s）",
        first=first_on.isoformat(),
        last=last_on.isoformat(),
        number=number,
    )
