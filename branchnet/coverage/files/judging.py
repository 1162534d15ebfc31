"""Rows of a file against the register and the points, as a dry run: new, changed, the same, or refused and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from branchnet.access.acts import Act
from branchnet.coverage.files.reading import PlaceRow
from branchnet.coverage.rules.earth import km_between
from branchnet.points.commands import NewCommunity, Position
from branchnet.points.communities.checks import known_to, stands_in, stray, wrong_with
from branchnet.points.communities.commands import same_place
from branchnet.points.communities.queries import Registered, all_registered, own_counties
from branchnet.points.communities.rules import Named, apart_by_code, bare, named, twice
from branchnet.points.datum import to_wgs84
from branchnet.points.queries import Point, points_on
from branchnet.readings.files.reading import Problem

NOWHERE = Position()
FACTS = ("kind", "name", "code", "county", "town", "urban_rural", "children")
"""What an update of a community may change, besides its position."""
SAID = 5
"""So many other rows are named at most."""


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

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """What an update changes: the field, what is written down now, and what will be; a position as it stands."""
        there, new = self.there, self.new
        if there is None:
            return []
        found = [] if _stands(there, self.position) else [("position", there, self.position)]
        if isinstance(there, Registered) and new is not None:
            facts = ((field, getattr(there, field), getattr(new, field)) for field in FACTS)
            return [*((field, old, told) for field, old, told in facts if old != told), *found]
        return found

    @property
    def moved_km(self) -> float:
        """How far (km) an update moves what has a position; nought where one of the two is not known."""
        old, new = _pair(self.there), _pair(self.position)
        if old[0] is None or old[1] is None or new[0] is None or new[1] is None:
            return 0.0
        return km_between((old[0], old[1]), (new[0], new[1]))


def judge(act: Act, rows: Sequence[PlaceRow], points: bool) -> list[Judged]:
    """What would become of each row. A fixed number of statements."""
    return _judge_points(act, rows) if points else _Communities(act, rows).all()


def _pair(stands: Any) -> tuple[float | None, float | None]:
    return (None, None) if stands is None else (stands.lat, stands.lon)


def _stands(there: Registered | Point, position: Position) -> bool:
    return same_place(there, position) and there.quality == position.quality


def _position(row: PlaceRow) -> Position:
    if row.lat is None or row.lon is None or row.datum is None:
        return Position()
    found = to_wgs84(row.datum, row.lat, row.lon)
    return Position(found.lat, found.lon, row.quality, "file")


def _told(one: Registered) -> NewCommunity:
    """What the register says of a community, but for where it stands."""
    return NewCommunity(
        one.kind, one.name, one.code, one.parent_code, one.county, one.town, one.urban_rural, one.children
    )


class _Communities:
    """What is needed to say of each row which community it means. A bare name means none."""

    def __init__(self, act: Act, rows: Sequence[PlaceRow]) -> None:
        self.rows = rows
        self.codes = _numbers((row.code, row) for row in rows if row.code)
        self.names = _numbers((self._named(row)[:2], row) for row in rows)
        self.whole = _numbers((self._named(row), row) for row in rows)
        self.twice = twice([self._named(row) for row in rows])
        self.known = known_to(act.network_id, [_new(row) for row in rows if not row.problems])
        every = all_registered(act.network_id)
        register = [one for one in every if one.set_aside_at is None]
        aside = [one for one in every if one.set_aside_at is not None]
        self.aside: dict[Any, Registered] = {named(one.kind, one.name, one.county, one.town): one for one in aside}
        self.aside |= {one.code: one for one in aside if one.code}
        self.by_code = {one.code: one for one in register if one.code}
        self.by_name: dict[tuple[str, str], list[Registered]] = {}
        for one in register:
            self.by_name.setdefault((one.kind, bare(one.name)), []).append(one)
        self.taken: dict[int, int] = {}

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
            problems.append(Problem("name", "community_twice", (str(self.taken[there.id]),)))
        if problems or row.kind is None:
            return Judged(row, tuple(problems))
        if there is not None:
            self.taken[there.id] = row.number
        made = _made(row, there)
        if made.new is None or made.outcome == "same":
            return made
        told = replace(made.new, position=_position(row))
        return replace(made, problems=tuple(Problem(*wrong) for wrong in wrong_with(told, self.known)))

    def _there(self, row: PlaceRow, problems: list[Problem]) -> Registered | None:
        kind, name, _county, _town = self._named(row)
        alike = self.by_name.get((kind, name), [])
        same = [one for one in alike if named(one.kind, one.name, one.county, one.town) == self._named(row)]
        if row.code:
            return self._coded(row, same, problems)
        if row.county and row.town:
            return self._placed(row, same, problems)
        if (kind, name) in self.twice:
            problems.append(Problem("name", "name_twice", _others(self.names[kind, name], row)))
        elif len(same) == 1 and len(alike) == 1:
            return same[0]
        elif alike:
            problems.append(Problem("code", "community_many", ("、".join(map(_apart, alike)),)))
        else:
            self._not_aside(row, problems)
        return None

    def _placed(self, row: PlaceRow, same: list[Registered], problems: list[Problem]) -> Registered | None:
        """By its county and town: a village of the same name in another town is another one."""
        if len(self.whole[self._named(row)]) > 1:
            problems.append(Problem("name", "name_twice", _others(self.whole[self._named(row)], row)))
        elif len(same) == 1:
            return same[0]
        elif same:
            problems.append(Problem("code", "community_many", ("、".join(map(_apart, same)),)))
        else:
            self._not_aside(row, problems)
        return None

    def _coded(self, row: PlaceRow, same: list[Registered], problems: list[Problem]) -> Registered | None:
        """By its code, else the one of its name and town that has none yet; a code alone makes no second one."""
        if len(self.codes[row.code]) > 1:
            problems.append(Problem("code", "code_twice", _others(self.codes[row.code], row)))
        codeless = [one for one in same if one.code is None]
        if known := self.by_code.get(row.code) or (codeless[0] if len(codeless) == 1 else None):
            return known
        if twins := [one for one in same if not apart_by_code(one.kind, row.code, one.code)]:
            problems.append(Problem("name", "community_alike", ("、".join(map(_apart, twins)),)))
        else:
            self._not_aside(row, problems)
        return None

    def _not_aside(self, row: PlaceRow, problems: list[Problem]) -> None:
        """What was set aside is not entered a second time."""
        found = self.aside.get(row.code) if row.code else None
        found = found or self.aside.get(self._named(row))
        if found and (found.code == row.code or not apart_by_code(found.kind, row.code, found.code)):
            problems.append(Problem("code", "community_set_aside", (found.name, found.set_aside_why or "")))


def _numbers(keyed: Iterable[tuple[Any, PlaceRow]]) -> dict[Any, list[int]]:
    """By what rows share the numbers of those rows."""
    found: dict[Any, list[int]] = {}
    for key, row in keyed:
        found.setdefault(key, []).append(row.number)
    return found


def _others(numbers: Sequence[int], row: PlaceRow) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers if number != row.number)[:SAID]


def _apart(one: Registered) -> str:
    return " ".join(part for part in (one.within, one.name, one.code) if part)


def _new(row: PlaceRow) -> NewCommunity:
    return NewCommunity(
        kind=row.kind or "",
        name=row.name,
        code=row.code or None,
        county=row.county,
        town=row.town,
        urban_rural=row.urban_rural,
        children=row.children,
    )


def _made(row: PlaceRow, there: Registered | None) -> Judged:
    """The row with what it makes: empty cells leave what the register has."""
    new, position = _new(row), _position(row)
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
    # The same degrees once more, as the register's own Excel has them, make nothing more exact.
    if position.lat is None or same_place(there, position):
        position = Position(there.lat, there.lon, there.quality, there.source)
    return Judged(row, (), there, new, position)


def _judge_points(act: Act, rows: Sequence[PlaceRow]) -> list[Judged]:
    known = points_on([act.network_id], act.today())
    codes = {point.code.casefold(): point for point in known}
    names: dict[str, list[Point]] = {}
    for one in known:
        names.setdefault(bare(one.name), []).append(one)
    told: dict[int, int] = {}
    found, own = [], own_counties(act.network_id)
    for row in rows:
        problems = list(row.problems)
        point = _point(row, codes, names, problems)
        if point is not None and point.id in told:
            problems.append(Problem("code", "point_twice", (str(told[point.id]),)))
        if point is not None:
            told.setdefault(point.id, row.number)
            problems += [
                Problem(*wrong)
                for wrong in stray(_position(row), {**own, **stands_in(point.lat, point.lon, own)}, point.area_code)
            ]
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
