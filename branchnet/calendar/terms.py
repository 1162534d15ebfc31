"""Terms (学期) as papers name them: those of the calendar, or the usual ones where it has none."""

from dataclasses import dataclass
from datetime import date

from branchnet.calendar.queries import periods_of
from branchnet.calendar.rules import month_of, months, school_year_of
from branchnet.calendar.usual import usual_year


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its name (none: it is the usual one), its days, both included, and for which host (none: all)."""

    name: str | None
    first: date
    last: date
    host: str | None = None

    @property
    def key(self) -> str:
        """What an address calls it."""
        return self.first.isoformat()

    @property
    def months(self) -> list[str]:
        """The months that it touches."""
        return list(months(month_of(self.first), month_of(self.last)))


def terms_begun(network_id: int, today: date, host: str | None = None, since: date | None = None) -> list[Term]:
    """The terms that have begun, the latest first, as a kind of host keeps them: one of its own goes before all's.

    ``since``: as far back as something is told; what the calendar does not reach is in the usual terms.
    """
    known = [
        Term(period.name, period.first_on, period.last_on, period.host)
        for period in periods_of(network_id)
        if period.kind == "term" and period.first_on <= today and period.host in (None, host)
    ]
    own = [term for term in known if term.host is not None]
    rest = [term for term in known if term.host is None and not any(_overlap(term, other) for other in own)]
    found = sorted([*own, *rest], key=lambda term: term.first, reverse=True)
    if not found:
        return _usual(today, since)
    before = [] if since is None else _usual(today, since)
    return found + [term for term in before if term.last < found[-1].first and term.last >= (since or term.last)]


def _overlap(one: Term, other: Term) -> bool:
    return one.first <= other.last and one.last >= other.first


def _usual(today: date, since: date | None) -> list[Term]:
    year = school_year_of(today)
    oldest = min(year - 1, school_year_of(since or today))
    return [
        Term(None, period.first_on, period.last_on)
        for one in range(year, oldest - 1, -1)
        for period in reversed(usual_year(one))
        if period.kind == "term" and period.first_on <= today
    ]
