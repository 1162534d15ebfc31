"""Points, towns, kinds and networks set beside each other, beside the year before, and beside what is like them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from branchnet.access.scope import networks_named, parents_on
from branchnet.calendar.rules import bounds, months_before
from branchnet.coverage.areas import area_names
from branchnet.coverage.received import ledger_began
from branchnet.coverage.rules import INDICATORS, Tally, added, middle, sleeps
from branchnet.coverage.tallies import Piece, pieces
from branchnet.models import Network
from branchnet.points.queries import Point, points_on
from branchnet.points.towns import TOWN_DIGITS

GROUPS = ("point", "town", "kind", "network", "subtree")
"""What may be a row: ``network`` is its own points alone, ``subtree`` with those of all networks below it."""

DECIMALS = 1
"""With so many an indicator is shown: who subtracts one from the other finds the change that stands beside them."""

Key = int | str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a point, or all points of a town, a kind, a network."""

    key: Key
    now: Tally
    before: Tally
    """The same months of the year before."""
    values: Mapping[str, float | None]
    last_year: Mapping[str, float | None]
    similar: Mapping[str, float | None]
    """The median: of a point over all points of its kind, of a group over its own points."""

    def change(self, indicator: str) -> float | None:
        """How much more it is than a year before, of both as they are shown; None where one of the two is not known."""
        now, then = self.values[indicator], self.last_year[indicator]
        return None if now is None or then is None else round(round(now, DECIMALS) - round(then, DECIMALS), DECIMALS)

    @property
    def sleeps(self) -> bool:
        """Whether books stand there that hardly anybody borrows."""
        return sleeps(self.now)


@dataclass(frozen=True)
class Comparison:
    """All rows of a period, with the names that they need."""

    first: str
    last: str
    by: str
    lines: list[Line]
    points: Mapping[int, Point]
    towns: Mapping[str, str]
    """By the first nine digits of their codes; counties by the first six."""
    networks: Mapping[int, Network]
    began: str | None
    """The month in which the ledger of the first of them begins."""


def compared(networks: Collection[int], first: str, last: str, by: str, today: date) -> Comparison:
    """Every row of the months from the first to the last. Eleven statements, whatever the number of points.

    What a point was is as of each month: one that changed its kind in the period is in both kinds with its part.
    """
    began = ledger_began(networks)
    now, then = (pieces(networks, months_before(first, back), months_before(last, back), began) for back in (0, 12))
    day = min(bounds(last)[1], today)
    keys = _keys(by, networks, day)
    points = {point.id: point for point in points_on(networks, day)}
    return Comparison(
        first,
        last,
        by,
        _lines(now, then, keys, by, (day, bounds(months_before(last, 12))[1])),
        points,
        area_names(networks),
        {network.id: network for network in networks_named(networks)},
        min(began.values(), default=None),
    )


def ranked(lines: Iterable[Line], indicator: str, sort: str = "value", *, up: bool = False) -> list[Line]:
    """By the indicator, the year before, the change, or the copies on site; the most first, what is not known last."""
    ways: dict[str, Callable[[Line], float | None]] = {
        "value": lambda line: line.values[indicator],
        "last_year": lambda line: line.last_year[indicator],
        "change": lambda line: line.change(indicator),
        "copies": lambda line: line.now.copies,
    }
    told = [(ways[sort](line), line) for line in lines]
    known = [(value, line) for value, line in told if value is not None]
    known.sort(key=lambda one: one[0], reverse=not up)
    return [line for _value, line in known] + [line for value, line in told if value is None]


def _keys(by: str, networks: Collection[int], day: date) -> Callable[[Piece], Iterable[Key]]:
    """To which rows what a point did belongs."""
    if by == "subtree":
        above = _above(networks, day)
        return lambda piece: above[piece.network_id]
    ways: dict[str, Callable[[Piece], Key]] = {
        "point": lambda piece: piece.point_id,
        "town": lambda piece: piece.area_code[:TOWN_DIGITS] if piece.area_code else None,
        "kind": lambda piece: piece.kind,
        "network": lambda piece: piece.network_id,
    }
    return lambda piece: (ways[by](piece),)


def _above(networks: Collection[int], day: date) -> dict[int, list[int]]:
    """By network itself and those in the view that it stands under."""
    parents = parents_on(day)
    found: dict[int, list[int]] = {}
    for network in networks:
        line: list[int] = []
        at: int | None = network
        while at is not None and at not in line:
            line.append(at)
            at = parents.get(at)
        found[network] = [one for one in line if one in networks]
    return found


def _lines(
    now: list[Piece],
    then: list[Piece],
    keys: Callable[[Piece], Iterable[Key]],
    by: str,
    days: tuple[date, date],
) -> list[Line]:
    rows, before = _gathered(now, keys), _gathered(then, keys)
    of_point = {key: _values(tally, days[0]) for key, tally in _gathered(now, lambda one: (one.point_id,)).items()}
    like = _alike(now, keys, by)
    medians = {
        key: {name: middle(of_point[point][name] for point in points) for name in INDICATORS}
        for key, points in like.items()
    }
    kinds, unlike = _kinds(now), dict.fromkeys(INDICATORS)
    return [
        Line(
            key,
            tally,
            before.get(key, Tally()),
            _values(tally, days[0]),
            _values(before.get(key, Tally()), days[1]),
            medians.get(kinds.get(key) if by == "point" else key, unlike),
        )
        for key, tally in rows.items()
    ]


def _gathered(found: Iterable[Piece], keys: Callable[[Piece], Iterable[Key]]) -> dict[Key, Tally]:
    of: dict[Key, list[Tally]] = defaultdict(list)
    for piece in found:
        for key in keys(piece):
            of[key].append(piece.tally)
    return {key: added(tallies) for key, tallies in of.items()}


def _kinds(found: Iterable[Piece]) -> dict[Key, Key]:
    """By point its kind at the end of the period."""
    return {piece.point_id: piece.kind for piece in found if piece.tally.points}


def _alike(found: Iterable[Piece], keys: Callable[[Piece], Iterable[Key]], by: str) -> dict[Key, set[Key]]:
    """By kind, or by row, the points to take the median over."""
    like: dict[Key, set[Key]] = defaultdict(set)
    for piece in found:
        if by != "point":
            for key in keys(piece):
                like[key].add(piece.point_id)
        elif piece.tally.points:
            like[piece.kind].add(piece.point_id)
    return like


def _values(tally: Tally, day: date) -> dict[str, float | None]:
    return {name: of(tally, day) for name, of in INDICATORS.items()}
