"""What has no position and can be asked for, what was answered, and the candidates that staff may accept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.extensions import db
from branchnet.models import GeocoderAnswer, Job
from branchnet.points import ground
from branchnet.points.communities.queries import own_counties, without_position
from branchnet.points.communities.rules import COUNTY_DIGITS, TOWN_DIGITS, address
from branchnet.points.queries import points_on
from branchnet.points.towns import towns

LONGEST_QUERY = 200
_A_POINT = re.compile(r"(?<=..)(?:流动)?(?:图书)?(?:服务点|流通点|借阅点|停靠点|分馆|书屋)$")


@dataclass(frozen=True, slots=True)
class Sought:
    """A community or a service point without a position, and the county that it is in by the records.

    ``query``: its address, None where it cannot be said.
    """

    what: str
    id: int
    kind: str
    code: str | None
    name: str
    within: str
    county: str | None
    query: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Where a geocoder says that it is, WGS-84: the county there, and whether that is one of the network's own."""

    number: int
    name: str
    lat: float
    lon: float
    county: str | None
    own: bool


def sought(act: Act) -> list[Sought]:
    """Communities and open points of which nobody knows where they are. A fixed number of statements."""
    own = own_counties(act.network_id)
    return [*_communities(act, own), *_points(act, own)]


def _communities(act: Act, own: Mapping[str, str]) -> list[Sought]:
    found = []
    for one in without_position(act.network_id):
        county = one.county or own.get((one.parent_code or one.code or "")[:COUNTY_DIGITS])
        asked = _short(address(county, one.town, one.name, one.kind))
        found.append(Sought("community", one.id, one.kind, one.code, one.name, one.within, county, asked))
    return found


def _points(act: Act, own: Mapping[str, str]) -> list[Sought]:
    known = {town.code[:TOWN_DIGITS]: town for town in towns(act.network_id)}
    only = next(iter(own.values())) if len(own) == 1 else None
    found = []
    for one in points_on([act.network_id], act.today()):
        if one.lat is not None or one.stage_on(act.today()) == "closed":
            continue
        code = one.area_code or ""
        town = known.get(code[:TOWN_DIGITS])
        county = (town and town.county) or own.get(code[:COUNTY_DIGITS]) or only
        parts = [part for part in (county, town.name if town else None) if part]
        asked = _short(address(county, town.name if town else None, _A_POINT.sub("", one.name), "point"))
        found.append(Sought("point", one.id, one.kind, one.code, one.name, " ".join(parts), county, asked))
    return found


def _short(query: str | None) -> str | None:
    return query[:LONGEST_QUERY] if query else None


def answers(network_id: int, provider: str) -> dict[str, list[dict[str, Any]]]:
    """By address what a geocoder answered."""
    mine = (GeocoderAnswer.network_id == network_id, GeocoderAnswer.provider == provider)
    rows = db.session.execute(select(GeocoderAnswer.query, GeocoderAnswer.found).where(*mine))
    return {query: list(found or ()) for query, found in rows}


def candidates(found: list[dict[str, Any]], own: Mapping[str, str]) -> list[Candidate]:
    """What was answered for one address, with the county that each lies in."""
    made = []
    for number, one in enumerate(found):
        area = ground.county_at(one["lat"], one["lon"])
        inside = area is not None and (not own or area.code in own)
        made.append(Candidate(number, one["name"], one["lat"], one["lon"], area.name if area else None, inside))
    return made


def last_asking(network_id: int) -> Any | None:
    """The last job that asked, with its state, progress and result."""
    return db.session.execute(
        select(Job.state, Job.done_units, Job.all_units, Job.result)
        .where(Job.network_id == network_id, Job.kind == "geocode")
        .order_by(Job.id.desc())
        .limit(1)
    ).one_or_none()
