"""The sheet of points, judged: which are in the books, which will open, and of which nobody can say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from branchnet.access.acts import Act
from branchnet.batches.opening.places import Places, Spot, same
from branchnet.batches.opening.plans import Teacher
from branchnet.batches.opening.rows import Named, PointRow
from branchnet.points.commands import NewPoint, Position
from branchnet.points.communities.checks import stray
from branchnet.points.communities.queries import own_counties
from branchnet.points.datum import Datum, to_wgs84
from branchnet.points.queries import points_on
from branchnet.points.rules import next_code
from branchnet.points.towns import Town, codes_taken, towns
from branchnet.stock.lists.rows import Problem


@dataclass
class Pointed:
    """The points that rows may mean, those that will open, their teachers; by row what is wrong and what is strange."""

    places: Places
    points: list[NewPoint] = field(default_factory=list)
    teachers: list[Teacher] = field(default_factory=list)
    told: list[tuple[PointRow, list[Problem], list[Problem]]] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)
    """By code and by name the first row of a point that has mistakes of its own."""

    def row_of(self, named: Named) -> int | None:
        """The row that must be mended before the point that is meant can be found."""
        return self.wrong.get(named.code) or self.wrong.get(same(named.name or named.code))


def pointed(act: Act, rows: Sequence[PointRow], day: date) -> Pointed:
    """Match the points of a ledger to those that the books know, by code or by exactly the name; the others are new."""
    found = Pointed(Places())
    for point in points_on([act.network_id], act.today()):
        found.places.add(Spot(point.code, point.name, point))
    known = Places(dict(found.places.by_code), {name: [*spots] for name, spots in found.places.by_name.items()})
    judge = _Judge(act, rows, day, known)
    for row in rows:
        problems, spot = judge.spot_of(row)
        warnings: list[Problem] = []
        if spot is not None and spot.point is None and not problems:
            new, warnings = judge.new_point(row, spot.code)
            found.points.append(new)
            found.places.add(spot)
        if spot is not None and not problems:
            found.spots.append(spot)
            if row.teacher:
                found.teachers.append(Teacher(spot.code, row.teacher, row.phone or None))
        if problems:
            for word in filter(None, (row.named.code, same(row.named.name))):
                found.wrong.setdefault(word, row.number)
        found.told.append((row, problems, warnings))
    return found


class _Judge:
    """What is needed to say of each row which point it is."""

    def __init__(self, act: Act, rows: Sequence[PointRow], day: date, known: Places) -> None:
        self.day, self.known = day, known
        self.taken = {*codes_taken(act.network_id), *(row.named.code for row in rows if row.named.code)}
        self.codes = Counter(row.named.code for row in rows if row.named.code)
        self.names = Counter(same(row.named.name) for row in rows if row.named.name)
        self.without_code = Counter(same(row.named.name) for row in rows if not row.named.code)
        self.towns = _by_name(towns(act.network_id))
        self.counties = own_counties(act.network_id)

    def spot_of(self, row: PointRow) -> tuple[list[Problem], Spot | None]:
        """The point of a row, with all that is wrong with the row."""
        problems = list(row.problems)
        name, code = same(row.named.name), row.named.code
        if code and self.codes[code] > 1:
            problems.append(Problem("point_code_twice", "code", code))
        if self.names[name] > 1 and self.without_code[name]:
            problems.append(Problem("point_twice", "point", row.named.name))
        if row.opened_on is not None and row.opened_on > self.day:
            problems.append(Problem("opened_after", "opened_on", row.opened_on.isoformat(), (self.day.isoformat(),)))
        spot = self._match(row, problems)
        if spot is None and not problems:
            problems += [*self._missing(row), *self._astray(row)]
        if spot is None and not problems and row.kind is not None:
            code = code or next_code(row.kind, self.taken)
            self.taken.add(code)
            spot = Spot(code, row.named.name)
        return problems, spot

    def _match(self, row: PointRow, problems: list[Problem]) -> Spot | None:
        by_code = self.known.by_code.get(row.named.code)
        alike = self.known.by_name.get(same(row.named.name), [])
        if by_code is not None:
            if row.named.name and same(row.named.name) != same(by_code.name):
                problems.append(Problem("point_other_name", "point", row.named.name, (by_code.code, by_code.name)))
            return by_code
        if row.named.code and alike:
            problems.append(Problem("point_other_code", "code", row.named.code, (alike[0].code,)))
        elif len(alike) > 1:
            codes = "、".join(spot.code for spot in alike)
            problems.append(Problem("point_many", "point", row.named.name, (codes,)))
        elif alike:
            return alike[0]
        return None

    def _missing(self, row: PointRow) -> Iterator[Problem]:
        if not row.named.name:
            yield Problem("required", "point")
        if row.kind is None:
            yield Problem("required", "kind")

    def _astray(self, row: PointRow) -> Iterator[Problem]:
        """A point stands in the county of its town, or in one of the network's: else its row means another place."""
        found = self.towns.get(same(row.town), [])
        for wrong in stray(_position(row), self.counties, found[0].code if len(found) == 1 else None):
            yield Problem(wrong.code, wrong.field, "", wrong.facts)

    def new_point(self, row: PointRow, code: str) -> tuple[NewPoint, list[Problem]]:
        """A point that opens, and what was left out of it or put in."""
        warnings: list[Problem] = []
        town = self._town(row, warnings)
        if row.opened_on is None:
            warnings.append(Problem("opened_unknown", "opened_on", "", (self.day.isoformat(),)))
        if row.lat is not None and row.lon is not None and row.datum is None:
            warnings.append(Problem("datum_unknown", "datum"))
        opened = row.opened_on or self.day
        position = _position(row)
        return (
            NewPoint(
                code=code,
                name=row.named.name,
                kind=row.kind or "",
                valid_from=opened,
                host=row.host,
                opened_on=opened,
                position=town.position if town and position.lat is None else position,
                area_code=town.code if town else None,
                open_to_community=row.community,
                pupils=row.pupils,
            ),
            warnings,
        )

    def _town(self, row: PointRow, warnings: list[Problem]) -> Town | None:
        found = self.towns.get(same(row.town), [])
        if row.town and len(found) != 1:
            warnings.append(Problem("town_many" if found else "town_unknown", "town", row.town))
        return found[0] if len(found) == 1 else None


def _by_name(known: Sequence[Town]) -> Mapping[str, list[Town]]:
    by_name: dict[str, list[Town]] = {}
    for town in known:
        by_name.setdefault(same(town.name), []).append(town)
    return by_name


def _position(row: PointRow) -> Position:
    """Where its degrees are. Those of an unknown datum may be half a kilometre off: they are approximate."""
    if row.lat is None or row.lon is None:
        return Position()
    stands = to_wgs84(row.datum or Datum.WGS84, row.lat, row.lon)
    return Position(stands.lat, stands.lon, "exact" if row.datum else "approximate", "ledger")
