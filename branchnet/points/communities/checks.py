"""Whether a community, or a position, can belong to a network: its counties, its towns, its codes, its ground."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from branchnet.errors import Invalid
from branchnet.points import ground
from branchnet.points.commands import NewCommunity, Position
from branchnet.points.communities.queries import own_counties, towns_in_use
from branchnet.points.communities.rules import AREAS, COUNTY_DIGITS, TOWN_DIGITS, bare, complete, near_name, whole_code
from branchnet.points.towns import Town, towns

_CITY, _PROVINCE = 4, 2


class Wrong(NamedTuple):
    """What is wrong with a fact: its field, a code, and the names that the words for it need."""

    field: str
    code: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A network's own counties, by six digits their names, and the towns of its register by county and name."""

    own: Mapping[str, str]
    towns: Mapping[str, Mapping[str, str]]
    """By county the towns' names, each with its code; by "" all of them."""

    def code_of(self, county: str | None) -> str | None:
        """The six digits of an own county by its name."""
        return next((code for code, name in self.own.items() if name == county), None)


def known_to(network_id: int, new: Iterable[NewCommunity] = ()) -> Known:
    """What a network's register says of its ground; ``new``: counties and towns of the same file count too."""
    own, named = own_counties(network_id), towns(network_id)
    more = [one for one in new if complete(_whole(one))]
    if own:
        own |= {_digits(one): one.name for one in more if one.kind == "county" and _joins(one, own)}
    named += towns_in_use(network_id, {one.code[:TOWN_DIGITS] for one in named})
    named += [Town(_whole(one), one.name, one.county, None, None) for one in more if one.kind == "town"]
    found: dict[str, dict[str, str]] = {}
    for town in named:
        for county in {"", town.county or own.get(town.code[:COUNTY_DIGITS], "")}:
            found.setdefault(county, {})[town.name] = town.code
    return Known(own, found)


def wrong_with(new: NewCommunity, known: Known) -> list[Wrong]:
    """Why this is none of the network's communities; nothing is wrong with what nobody wrote down."""
    found = [*_somewhere(new), *_county(new, known), *_code(new, known), *_town(new, known)]
    return found or _position(new, known)


def must_belong(new: NewCommunity, network_id: int) -> None:
    """Raises Invalid, each reason beside its field."""
    wrong = wrong_with(new, known_to(network_id))
    if wrong:
        raise misplaced(wrong)


def misplaced(wrong: Collection[Wrong]) -> Invalid:
    """The error of these, each beside its field."""
    each = {one.field: Invalid(one.code, facts=one.facts) for one in wrong}
    return Invalid(fields={one.field: one.code for one in wrong}, each=each)


def stray(position: Position, own: Mapping[str, str], area_code: str | None) -> list[Wrong]:
    """What is wrong with where a point is said to stand: outside its county, or outside all of the network's."""
    if position.lat is None or position.lon is None:
        return []
    digits = (area_code or "")[:COUNTY_DIGITS]
    meant = {digits: own[digits]} if digits in own else own
    if not meant or ground.lies_in(position.lat, position.lon, meant):
        return []
    area = ground.county_at(position.lat, position.lon)
    where = area.name if area else ""
    if meant is not own:
        return [Wrong("lat", "position_elsewhere", (where, *meant.values()))]
    return [Wrong("lat", "position_not_own", (where,))]


def stands_in(lat: float | None, lon: float | None, own: Mapping[str, str]) -> dict[str, str]:
    """The county that a point stands in already: it may be put right there, though its area does not say it."""
    area = ground.county_at(lat, lon) if own and lat is not None and lon is not None else None
    return {area.code: area.name} if area else {}


def _whole(new: NewCommunity) -> str:
    return whole_code(new.kind, new.code) if new.code else ""


def _digits(new: NewCommunity) -> str:
    """The six digits that its own code says; nothing for a school's identifier."""
    code = _whole(new)
    return code[:COUNTY_DIGITS] if new.kind in AREAS and complete(code) else ""


def _joins(new: NewCommunity, own: Mapping[str, str]) -> bool:
    """A network may take in another county of its province: somebody says so by entering the county itself."""
    digits = _digits(new)
    area = ground.county_of(digits)
    return area is not None and area.name == new.name and digits[:_PROVINCE] in {code[:_PROVINCE] for code in own}


def _somewhere(new: NewCommunity) -> list[Wrong]:
    """A bare name may be anywhere: its county, its town, its code or its position says where it is."""
    told = new.kind == "county" or new.county or new.town or new.code or new.position.lat is not None
    return [] if told else [Wrong("county", "where_needed")]


def _county(new: NewCommunity, known: Known) -> list[Wrong]:
    names = list(known.own.values())
    if new.kind == "county" or not new.county or not names or new.county in names:
        return []
    near = near_name(new.county, names)
    return [Wrong("county", "spelt_otherwise", (near,)) if near else Wrong("county", "county_not_own", (new.county,))]


def _code(new: NewCommunity, known: Known) -> list[Wrong]:
    digits = _digits(new)
    if new.code and new.kind in AREAS and not digits:
        return [Wrong("code", "code_digits")]
    return _county_of_code(new, digits, known) if digits else []


def _county_of_code(new: NewCommunity, digits: str, known: Known) -> list[Wrong]:
    area = ground.county_of(digits)
    called = known.own.get(digits) or (area.name if area else "")
    if known.own and digits not in known.own and not _joins(new, known.own):
        # A zone of a city has six digits of its own, which no outline has.
        if area is not None or digits[:_CITY] not in {own[:_CITY] for own in known.own}:
            return [Wrong("code", "code_not_own", (called or digits,))]
        return []
    county = new.name if new.kind == "county" else new.county
    if called and county and bare(called) != bare(county) and (county in known.own.values() or not known.own):
        return [Wrong("code", "code_other_county", (called, county))]
    return []


def _town(new: NewCommunity, known: Known) -> list[Wrong]:
    county = new.county or known.own.get(_digits(new), "")
    names = known.towns.get(county, {})
    if new.kind in ("county", "town") or not new.town or not names or new.town in names:
        return []
    near = near_name(new.town, names)
    return [Wrong("town", "spelt_otherwise", (near,)) if near else Wrong("town", "town_unknown", (county, new.town))]


def _position(new: NewCommunity, known: Known) -> list[Wrong]:
    town = known.towns.get(new.county or "", {}).get(new.town or "", "")
    code = _digits(new) or known.code_of(new.county) or town
    own = {**known.own, **({_digits(new): new.name} if new.kind == "county" else {})} if known.own else {}
    return stray(new.position, own, code)
