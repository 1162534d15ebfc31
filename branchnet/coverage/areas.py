"""What the register calls the towns and counties of its codes."""

from collections.abc import Iterable, Mapping

from sqlalchemy import case, func, select

from branchnet.access.scope import within
from branchnet.extensions import db
from branchnet.models import Community
from branchnet.points import ground
from branchnet.points.registered import IN_REGISTER

TOWN, COUNTY = 9, 6
"""Digits of the statistical code that name the town, and the county."""


def area_names(networks: Iterable[int]) -> dict[str, str]:
    """By the first nine digits the names of towns, by the first six of counties. One statement.

    A town that is not registered itself is called as its villages say.
    """
    coded = within(
        select(
            func.substr(Community.code, 1, TOWN).label("area"),
            case((Community.kind == "town", Community.name)).label("itself"),
            case((Community.kind != "county", Community.town)).label("town"),
            case((Community.kind == "county", Community.name), else_=Community.county).label("county"),
        ).where(Community.code.is_not(None), IN_REGISTER),
        Community,
        networks,
    ).subquery()
    rows = db.session.execute(
        select(coded.c.area, func.coalesce(func.max(coded.c.itself), func.max(coded.c.town)), func.max(coded.c.county))
        .group_by(coded.c.area)
        .order_by(coded.c.area)
    )
    found: dict[str, str] = {}
    for area, town, county in rows:
        if town and not is_county(area):
            found[area] = town
        if county:
            found.setdefault(area[:COUNTY], county)
    return found


def is_county(area: str) -> bool:
    """Whether a code says no town, but its county alone."""
    return not area[COUNTY:TOWN].strip("0")


def county_name(names: Mapping[str, str], area: str) -> str:
    """The county of a code: as the register calls it, else as its outline does, else its six digits."""
    code = area[:COUNTY]
    return names.get(code) or next((one.name for one in ground.areas_under(code)), code)
