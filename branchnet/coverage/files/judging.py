"""Rows of a file against the register and the points, as a dry run: new, changed, the same, or refused and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from branchnet.access.acts import Act
from branchnet.coverage.files.reading import PlaceRow
from branchnet.points.commands import NewCommunity, Position
from branchnet.points.communities.commands import same_place
from branchnet.points.communities.queries import Registered, all_registered
from branchnet.points.communities.rules import Named, bare, named, twice
from branchnet.points.datum import to_wgs84
from branchnet.points.queries import Point, points_on
from branchnet.readings.files.reading import Problem

NOWHERE = Position()


@dataclass(frozen=True, slots=True)
class Judged:
    """A row, what it would make of whom, and what is wrong. ``there``: the community or point that it means."""

    row: PlaceRow
    problems: tuple[Problem, ...]
    there: Registered | Point | None = None
    new: NewCommunity | None = None
    position: Position = NOWHERE

    @property
    def outcome(self) -> str:
        """What entering it would be: refused, new, changed or same."""
        if self.problems:
            return "refused"
        if self.there is None:
            return "new"
        if isinstance(self.there, Registered):
            return "same" if _told(self.there) == self.new and _stands(self.there, self.position) else "changed"
        return "same" if _stands(self.there, self.position) else "changed"


def judge(act: Act, rows: Sequence[PlaceRow], points: bool) -> list[Judged]:
    """What would become of each row. A fixed number of statements."""
    return _judge_points(act, rows) if points else _Communities(act, rows).all()


def _stands(there: Registered | Point, position: Position) -> bool:
    return same_place(there, position) and there.quality == position.quality


def _position(row: PlaceRow) -> Position:
    if row.lat is None or row.lon is None or row.datum is None:
        return Position()
    found = to_wgs84(row.datum, row.lat, row.lon)
    return Position(found.lat, found.lon, "exact", "file")


def _told(one: Registered) -> NewCommunity:
    """What the register says of a community, but for where it stands."""
    return NewCommunity(
        one.kind, one.name, one.code, one.parent_code, one.county, one.town, one.urban_rural, one.children
    )


class _Communities:
    """What is needed to say of each row which community it means. A bare name means none."""

    def __init__(self, act: Act, rows: Sequence[PlaceRow]) -> None:
        self.rows = rows
        self.codes = Counter(row.code for row in rows if row.code)
        self.twice = twice([self._named(row) for row in rows])
        register = all_registered(act.network_id)
        self.by_code = {one.code: one for one in register if one.code}
        self.by_name: dict[tuple[str, str], list[Registered]] = {}
        for one in register:
            self.by_name.setdefault((one.kind, bare(one.name)), []).append(one)
        self.taken: set[int] = set()

    @staticmethod
    def _named(row: PlaceRow) -> Named:
        return named(row.kind or "", row.name, row.county, row.town)

    def all(self) -> list[Judged]:
        """Every row, in the order of the file."""
        return [self._one(row) for row in self.rows]

    def _one(self, row: PlaceRow) -> Judged:
        problems = list(row.problems)
        there = None if problems else self._there(row, problems)
        if there is not None and there.id in self.taken:
            problems.append(Problem("name", "community_twice"))
        if problems or row.kind is None:
            return Judged(row, tuple(problems))
        if there is not None:
            self.taken.add(there.id)
        return _made(row, there)

    def _there(self, row: PlaceRow, problems: list[Problem]) -> Registered | None:
        kind, name, _county, _town = self._named(row)
        alike = self.by_name.get((kind, name), [])
        same = [one for one in alike if named(one.kind, one.name, one.county, one.town) == self._named(row)]
        if row.code:
            if self.codes[row.code] > 1:
                problems.append(Problem("code", "code_twice"))
            known = self.by_code.get(row.code)
            codeless = [one for one in same if one.code is None]
            return known or (codeless[0] if len(codeless) == 1 else None)
        if (kind, name) in self.twice:
            problems.append(Problem("name", "name_twice"))
        elif len(same) == 1 and len(alike) == 1:
            return same[0]
        elif alike:
            problems.append(Problem("code", "community_many", ("、".join(map(_apart, alike)),)))
        return None


def _apart(one: Registered) -> str:
    return " ".join(part for part in (one.within, one.name, one.code) if part)


def _made(row: PlaceRow, there: Registered | None) -> Judged:
    """The row with what it makes: empty cells leave what the register has."""
    position = _position(row)
    new = NewCommunity(
        kind=row.kind or "",
        name=row.name,
        code=row.code or None,
        county=row.county,
        town=row.town,
        urban_rural=row.urban_rural,
        children=row.children,
    )
    if there is None:
        return Judged(row, (), None, new, position)
    kept = {
        name: getattr(there, name)
        for name in ("code", "county", "town", "urban_rural", "children")
        if getattr(new, name) is None
    }
    new = replace(new, **kept)
    if (new.kind, new.code, new.county, new.town) == (there.kind, there.code, there.county, there.town):
        new = replace(new, parent_code=there.parent_code)
    if position.lat is None or _stands(there, position):
        position = Position(there.lat, there.lon, there.quality, there.source)
    return Judged(row, (), there, new, position)


def _judge_points(act: Act, rows: Sequence[PlaceRow]) -> list[Judged]:
    known = points_on([act.network_id], act.today())
    codes = {point.code.casefold(): point for point in known}
    names: dict[str, list[Point]] = {}
    for one in known:
        names.setdefault(bare(one.name), []).append(one)
    told: set[int] = set()
    found = []
    for row in rows:
        problems = list(row.problems)
        point = _point(row, codes, names, problems)
        if point is not None and point.id in told:
            problems.append(Problem("code", "point_twice"))
        if point is not None:
            told.add(point.id)
        found.append(Judged(row, tuple(problems), point, None, _position(row)))
    return found


def _point(
    row: PlaceRow, codes: dict[str, Point], names: dict[str, list[Point]], problems: list[Problem]
) -> Point | None:
    """By its code, or by exactly a name that one point alone has."""
    if row.code:
        point = codes.get(row.code.casefold())
        if point is None:
            problems.append(Problem("code", "point_unknown"))
        elif row.name and bare(row.name) != bare(point.name):
            problems.append(Problem("name", "point_other_name", (point.code, point.name)))
        return point
    alike = names.get(bare(row.name), []) if row.name else []
    if len(alike) != 1:
        problems.append(Problem("name", ("point_many" if alike else "point_unknown") if row.name else "required"))
    return alike[0] if len(alike) == 1 else None
