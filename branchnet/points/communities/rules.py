"""What a community is called apart from others, and whether it lies in the network's own counties. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from difflib import get_close_matches

CODE = re.compile(r"[0-9A-Za-z]{1,12}")
"""A statistical code of 12 digits, or a school's own identifier."""
_ENDS = re.compile(r"(?:地区|街道)?办事处$|街道办?$|[镇乡县区市]$")
AREAS = frozenset({"county", "town", "village", "residential"})
"""Kinds whose code is a statistical one: its first digits tell the county and the town."""
COUNTY_DIGITS, TOWN_DIGITS, DIGITS = 6, 9, 12
URBAN_RURAL = ("111", "112", "121", "122", "123", "210", "220")
"""The classes of the statistical division: 1… is urban, 2… rural."""
Named = tuple[str, str, str, str]
"""Kind, name, county and town: what tells communities apart that have no code."""


def bare(text: str | None) -> str:
    """A name as it is compared: to the letter, but for full width and blanks."""
    return unicodedata.normalize("NFKC", text or "").replace(" ", "")


def named(kind: str, name: str, county: str | None, town: str | None) -> Named:
    """By what a community without a code is known. A bare name is not enough: 陈铁村 is in two districts."""
    return kind, bare(name), bare(county), bare(town)


def complete(code: str | None) -> bool:
    """Whether a statistical code has all its digits."""
    return bool(code) and len(code or "") == DIGITS and (code or "").isdecimal()


def apart_by_code(kind: str, one: str | None, other: str | None) -> bool:
    """Whether their codes tell two of one name and town apart: both have one, of all its digits, and they differ."""
    if not one or not other or one == other:
        return False
    return kind not in AREAS or (complete(one) and complete(other))


def near_name(text: str, names: Collection[str]) -> str | None:
    """The name that somebody may have meant who wrote another one."""
    stems: dict[str, str] = {}
    for name in names:
        stems.setdefault(_stem(name), name)
    near = next(iter(get_close_matches(_stem(text), stems, 1)), "")
    return stems.get(near)


def _stem(name: str) -> str:
    """What tells a county or town from its neighbours: 东城街道办事处 and 西城街道办事处 are not near each other."""
    return _ENDS.sub("", bare(name)) or bare(name)


def whole_code(kind: str, code: str) -> str:
    """A code as registers keep it: those of counties and towns are often written without the zeros behind."""
    short = {"county": COUNTY_DIGITS, "town": TOWN_DIGITS}.get(kind)
    return code.ljust(DIGITS, "0") if code.isdecimal() and len(code) == short else code


def in_own_counties(
    kind: str, code: str | None, parent_code: str | None, county: str | None, own: Mapping[str, str]
) -> bool:
    """Whether a community lies in one of these counties, by six digits their names. Where nobody can say: no."""
    if not own:
        return True
    told = [parent_code, code if kind in AREAS else None]
    if digits := next((one for one in told if one and len(one) == DIGITS and one.isdecimal()), None):
        return digits[:COUNTY_DIGITS] in own
    return bare(county) in {bare(name) for name in own.values()}


def address(county: str | None, town: str | None, name: str, kind: str) -> str | None:
    """What a geocoder is asked for; None where a bare name is all there is: it may be anywhere."""
    parts = {"county": (name,), "town": (county, name)}.get(kind, (county, town, name))
    told = [bare(part) for part in parts]
    if not told[0]:
        return None
    return "".join(part for at, part in enumerate(told) if part not in told[:at])


def twice(names: Collection[Named]) -> set[tuple[str, str]]:
    """Kinds and names that more than one of these has."""
    seen: set[tuple[str, str]] = set()
    again: set[tuple[str, str]] = set()
    for kind, name, _county, _town in names:
        (again if (kind, name) in seen else seen).add((kind, name))
    return again
