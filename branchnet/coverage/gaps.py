"""Which towns, villages and schools have no open point (administrative): counts, and the towns by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet.access.scope import within
from branchnet.coverage.register import in_school_at
from branchnet.coverage.rules import Administrative, Standing, Unit, administrative
from branchnet.coverage.rules.administrative import KINDS
from branchnet.extensions import db
from branchnet.models import Community
from branchnet.points.queries import points_on
from branchnet.points.registered import IN_REGISTER
from branchnet.points.towns import TOWN_DIGITS


@dataclass(frozen=True, slots=True)
class Gaps:
    """N of M by kind of unit, and the towns that have no open point: (name, county), by pinyin."""

    administrative: Administrative
    towns: list[tuple[str, str | None]]


def gaps(networks: Iterable[int], day: date) -> Gaps:
    """As of a day. Three statements."""
    wanted = sorted(networks)
    points = [Standing(one.area_code, in_school_at(one)) for one in points_on(wanted, day) if one.open_on(day)]
    rows = db.session.execute(
        within(
            select(
                Community.kind,
                Community.code,
                Community.name,
                Community.county,
                Community.lat,
                Community.lon,
                Community.quality,
            ).where(Community.kind.in_(KINDS), IN_REGISTER),
            Community,
            wanted,
        ).order_by(Community.pinyin, Community.id)
    ).all()
    named = {one.area[:TOWN_DIGITS] for one in points if one.area}
    towns = {
        code: (name, county)
        for kind, code, name, county, *_at in rows
        if kind == "town" and code and code[:TOWN_DIGITS] not in named
    }
    units = (
        Unit(row.kind, row.code, (row.lat, row.lon) if row.quality == "exact" and row.lat is not None else None)
        for row in rows
    )
    return Gaps(administrative(units, points), list(towns.values()))
