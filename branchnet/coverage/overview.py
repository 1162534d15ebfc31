"""The director's figures: facts by network and month, added up over a period, beside the same months a year before.

Every number is summed by the database over facts of points by month; nothing is read point by point. Units stay apart:
册 are added to 册, 人次 to 人次, and what nobody counted is None.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.access.acts import Act
from branchnet.access.scope import below, networks_named, within
from branchnet.access.sessions import Actor
from branchnet.calendar.rules import bounds, month_of, months
from branchnet.coverage.queries import network_seen
from branchnet.coverage.received import ledger_began, received
from branchnet.coverage.rules import QUALITIES, add_counts, worst
from branchnet.coverage.rules.periods import Period, period, shifted
from branchnet.database import Rows
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Network, PointMonth, Reading, ReadingRevision, ServicePoint
from branchnet.readings.reporting import Owed, Reporting, reporting

A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Facts:
    """A network's month, or several of them together.

    ``copies``: on site at the end (册), with their worst quality; ``book_months``: copies on site over days (册·月);
    ``batches``: received (批), a delivery too in the month in which it came; both None before the ledger began;
    ``visits`` 人次 and ``loans`` 册次, in school and by neighbours; None: not counted; ``points``: how many have facts.
    """

    copies: int | None = 0
    quality: str = "exact"
    book_months: float = 0.0
    batches: int | None = 0
    visits: int | None = None
    loans: int | None = None
    points: int = 0


ByMonth = Mapping[tuple[int, str], Facts]


@dataclass(frozen=True)
class Stood:
    """What stood at the points of a network at the end of a month (册), how well known; None: no facts reach back."""

    copies: int | None
    quality: str


@dataclass(frozen=True)
class Overview:
    """Everything that figures, table and plots of a period are made of."""

    network: Network
    networks: list[Network]
    """The network and those below it that one may see."""
    today: date
    period: Period
    facts: ByMonth
    stood: Mapping[tuple[int, str], Stood]
    """At the end of the period and at the end of the one a year before."""
    reporting: Reporting
    roughly: frozenset[tuple[int, str]]
    """By network the months in which visits or loans of some point were sampled or estimated."""
    began: Mapping[int, str]
    """By network the month in which its first books came into the ledger."""

    def ids(self, only: int | None = None) -> list[int]:
        """All networks, or the one."""
        return [one.id for one in self.networks] if only is None else [only]

    def summed(self, wanted: Sequence[str], only: int | None = None) -> Facts | None:
        """Over these months; None where no facts are of any of them. Copies are not added over months: see `stock`."""
        found = [
            self.facts[key] for network in self.ids(only) for month in wanted if (key := (network, month)) in self.facts
        ]
        return together(found) if found else None

    def months_known(self, what: str, wanted: Iterable[str], only: int | None = None) -> int:
        """Of how many of these months a number is known."""
        return sum(getattr(self.summed([month], only), what, None) is not None for month in wanted)

    def before_ledger(self, month: str, only: int | None = None) -> bool:
        """Whether none of the networks had a book in the ledger by the end of a month."""
        return not any(self.began.get(network, shifted(month, 1)) <= month for network in self.ids(only))

    def stock(self, month: str, only: int | None = None) -> Stood:
        """What stood at the points at the end of one of the two periods."""
        return _all(self.stood[key] for network in self.ids(only) if (key := (network, month)) in self.stood)

    def owed(self, wanted: Iterable[str], only: int | None = None) -> Owed:
        """What these months owed and what of it was reported."""
        found = [self.reporting.of(network, month) for month in wanted for network in self.ids(only)]
        return Owed(
            sum(one.owed for one in found),
            sum(one.reported for one in found),
            sum(one.open_and_owed for one in found),
            sum(one.operating for one in found),
        )

    def open_points(self, month: str, only: int | None = None) -> int:
        """How many points (个) are open on the last day of a month."""
        opened = self.reporting.open_on(bounds(month)[1])
        return sum(opened[network] for network in self.ids(only))

    def shown(self) -> list[str]:
        """The months of plots and table: those of the period, and so many before that there are twelve."""
        return list(months(min(self.period.first, shifted(self.period.last, 1 - A_YEAR)), self.period.last))

    def rough(self, wanted: Iterable[str], only: int | None = None) -> bool:
        """Whether some of what was read in these months was sampled or estimated."""
        return any((network, month) in self.roughly for month in wanted for network in self.ids(only))


def asked_period(
    who: Actor, network: str | None, first: str | None, last: str | None
) -> tuple[Network, list[Network], Period]:
    """The network somebody asks for, with those below it, and the months.

    Raises NotFound for one they may not see, Invalid for months that have not begun and for more than ten years.
    """
    top = network_seen(who, network)
    today = Act(top.id).today()
    now = month_of(today)
    asked = period(first, last, now)
    for name, month in (("from", first), ("to", last)):
        if month and month > now:
            raise Invalid(fields={name: "month"})
        if month and month < asked.first:
            raise Invalid(fields={name: "ten_years"})
    seen = below(top.id, min(bounds(asked.last)[1], today)) & who.networks
    return top, networks_named(seen), asked


def overview(network: Network, networks: list[Network], asked: Period) -> Overview:
    """The figures of these networks over a period, and of the same months a year before."""
    ids, today = [one.id for one in networks], Act(network.id).today()
    began = ledger_began(ids)
    return Overview(
        network=network,
        networks=networks,
        today=today,
        period=asked,
        facts=by_month(ids, asked.before.first, asked.last, began),
        stood=stock_at(ids, asked.last, began) | stock_at(ids, asked.before.last, began),
        reporting=reporting(ids, asked.before.first, asked.last, today),
        roughly=_roughly(ids, asked.first, asked.last),
        began=began,
    )


def totals(networks: Iterable[int], asked: Period) -> tuple[Facts | None, Stood]:
    """What the facts of a period add up to, and what stood at its end. Four statements."""
    ids = sorted(networks)
    began = ledger_began(ids)
    facts, stood = by_month(ids, asked.first, asked.last, began), stock_at(ids, asked.last, began)
    return together(list(facts.values())) if facts else None, _all(stood.values())


def by_month(
    networks: Collection[int], first: str, last: str, began: Mapping[int, str]
) -> dict[tuple[int, str], Facts]:
    """Facts of all points together, by network and month; ``began``: see `ledger_began`. Two statements."""
    came = received(networks, first, last)
    rows = db.session.execute(
        within(
            select(PointMonth.network_id, PointMonth.month, *sums()).where(PointMonth.month.between(first, last)),
            PointMonth,
            networks,
        ).group_by(PointMonth.network_id, PointMonth.month)
    )
    return {
        (network, month): _since(began.get(network), month, facts_of(month, row), came.get((network, month), 0))
        for network, month, *row in rows
    }


def _since(began: str | None, month: str, facts: Facts, came: int) -> Facts:
    """The facts of a month with the batches that came in it; of books nothing before the ledger began."""
    if began is None or month < began:
        return replace(facts, copies=None, batches=None)
    return replace(facts, batches=came)


def sums() -> tuple[Any, ...]:
    """What `facts_of` reads, in its order."""
    return (
        func.sum(PointMonth.copies),
        ranked(),
        func.sum(PointMonth.book_days),
        func.sum(PointMonth.in_school_visits),
        func.sum(PointMonth.community_visits),
        func.sum(PointMonth.in_school_loans),
        func.sum(PointMonth.community_loans),
        func.count(),
    )


def ranked() -> Any:
    """The worst quality of the copies that stand somewhere, as its place in `QUALITIES`; None where none stand."""
    rank = case({name: place for place, name in enumerate(QUALITIES)}, value=PointMonth.copies_quality)
    return func.max(case((PointMonth.copies > 0, rank)))


def facts_of(month: str, row: Sequence[Any]) -> Facts:
    """The sums of a month. Book-days become book-months by the days that the month has."""
    copies, rank, book_days, visits, out_visits, loans, out_loans, points = row
    return Facts(
        int(copies),
        QUALITIES[rank or 0],
        int(book_days) / bounds(month)[1].day,
        0,
        _whole(visits, out_visits),
        _whole(loans, out_loans),
        int(points),
    )


def _whole(*numbers: int | None) -> int | None:
    total = add_counts(numbers)
    return None if total is None else int(total)


def together(found: Sequence[Facts]) -> Facts:
    """Several as one: each unit for itself."""
    return Facts(
        add_counts(one.copies for one in found),
        worst(one.quality for one in found if one.copies),
        sum(one.book_months for one in found),
        add_counts(one.batches for one in found),
        add_counts(one.visits for one in found),
        add_counts(one.loans for one in found),
        sum(one.points for one in found),
    )


def _all(stood: Iterable[Stood]) -> Stood:
    found = list(stood)
    return Stood(add_counts(one.copies for one in found), worst(one.quality for one in found if one.copies))


def stock_at(networks: Iterable[int], month: str, began: Mapping[int, str]) -> dict[tuple[int, str], Stood]:
    """By network what stood at its points at the end of a month, where the ledger had begun. One statement."""
    rows = db.session.execute(
        within(
            select(PointMonth.network_id, func.sum(PointMonth.copies), ranked()).join(
                ServicePoint, facts_at(PointMonth, month)
            ),
            PointMonth,
            networks,
        ).group_by(PointMonth.network_id)
    )
    return {
        (network, month): Stood(int(copies), QUALITIES[rank or 0])
        for network, copies, rank in rows
        if began.get(network, shifted(month, 1)) <= month
    }


def facts_at(facts: Any, month: str) -> Any:
    """What joins points to the facts that tell what stands there at the end of a month: the month's own.

    On its first day those of an open point may not be there yet: then the ones before still hold.
    """
    other = aliased(PointMonth)
    own = exists().where(other.network_id == facts.network_id, other.point_id == facts.point_id, other.month == month)
    goes_on = or_(ServicePoint.closed_on.is_(None), ServicePoint.closed_on > bounds(month)[0])
    before = and_(facts.month == shifted(month, -1), goes_on, ~own)
    return and_(
        facts.network_id == ServicePoint.network_id,
        facts.point_id == ServicePoint.id,
        facts.month.in_((shifted(month, -1), month)),
        or_(facts.month == month, before),
    )


def _roughly(networks: Iterable[int], first: str, last: str) -> frozenset[tuple[int, str]]:
    query: Rows = (
        select(Reading.network_id, Reading.month)
        .join(
            ReadingRevision,
            and_(ReadingRevision.network_id == Reading.network_id, ReadingRevision.id == Reading.current_id),
        )
        .where(
            Reading.month.between(first, last),
            or_(ReadingRevision.method == "sampled", ReadingRevision.method == "estimated"),
        )
        .distinct()
    )
    rows = db.session.execute(within(query, Reading, networks))
    return frozenset((network, month) for network, month in rows)
