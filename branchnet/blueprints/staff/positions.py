"""Where a point stands, as a form tells it: by degrees, by what staff chose in the register, by its town, or not."""

from dataclasses import replace
from typing import Any

from flask import request

from branchnet.access.acts import Act
from branchnet.blueprints.staff.community_words import community_kind_words, position_status
from branchnet.coverage.rules.earth import km_between
from branchnet.errors import Invalid, NotFound
from branchnet.models.place import POSITION_QUALITIES
from branchnet.points import ground
from branchnet.points.commands import Position
from branchnet.points.communities.checks import misplaced, stands_in, stray
from branchnet.points.communities.queries import Registered, candidates, own_counties, registered, within_own
from branchnet.points.communities.rules import AREAS, COUNTY_DIGITS
from branchnet.points.datum import Wgs84, to_wgs84
from branchnet.points.queries import Point
from branchnet.points.towns import Town, towns

CHINA = (18.0, 73.5, 53.6, 135.1)
ONE_KM = 5.0
"""A village that was chosen and degrees that were typed beside it lie no farther apart."""
TOWNS = 300
"""Towns drawn on the map of a form."""


def position_told(act: Act, sent: dict[str, Any], stands: Point | None = None) -> tuple[Position, Town | None]:
    """The position in WGS-84, and the area that it is in; degrees say more than a community, and that than the town.

    ``stands``: the point that is put right, which may stay in the county where it is. Raises Invalid for another town
    or community than the register offers, where none was chosen, and for degrees that lie elsewhere.
    """
    area, position = None, Position()
    if sent["offered"] and sent["lat"] is None and "community" not in request.form:
        raise Invalid(fields={"community": "choose_candidate"})
    if sent["community"] is not None:
        chosen = _chosen(act, sent["community"])
        area, position = _area(chosen) or _town(act, sent["town"]), chosen.position
    elif sent["town"] is not None:
        area = _town(act, sent["town"])
        position = area.position if area else position
    if sent["lat"] is not None:
        found = to_wgs84(sent["datum"], sent["lat"], sent["lon"])
        near = position
        position = Position(found.lat, found.lon, "approximate" if sent["pinned"] else sent["quality"], "staff")
        _must_lie_there(act, position, area, stands)
        if sent["community"] is not None and near.lat is not None and near.lon is not None:
            _must_be_one(near.lat, near.lon, found)
    return replace(position, community_id=sent["community"]), area


def _town(act: Act, code: str | None) -> Town | None:
    """The town that was chosen, if any. Raises Invalid beside ``town``."""
    found = next((one for one in towns(act.network_id) if one.code == code), None)
    if code is not None and found is None:
        raise Invalid(fields={"town": "kind"})
    return found


def _must_lie_there(act: Act, position: Position, area: Town | None, stands: Point | None) -> None:
    own = own_counties(act.network_id)
    if stands is not None and area is None:
        own |= stands_in(stands.lat, stands.lon, own)
    if wrong := stray(position, own, area.code if area else None):
        raise misplaced(wrong)


def _must_be_one(lat: float, lon: float, degrees: Wgs84) -> None:
    """Of a village chosen and degrees far from it nobody knows which is meant."""
    if km_between((lat, lon), degrees) > ONE_KM:
        raise Invalid(fields={"community": "two_places"})


def _chosen(act: Act, community_id: int) -> Registered:
    """What staff chose among the candidates. Raises Invalid beside ``community``."""
    try:
        one = registered(act.network_id, community_id)
    except NotFound as error:
        raise Invalid(fields={"community": "kind"}) from error
    if one.lat is None or not within_own([one], own_counties(act.network_id)):
        raise Invalid(fields={"community": "choose_candidate"})
    return one


def _area(one: Registered) -> Town | None:
    """The area that a community is, or is in, where its code says so; called by the community's own name."""
    code = one.code if one.kind in AREAS and one.code else one.parent_code
    return Town(code, one.name, one.county, one.lat, one.lon) if code else None


def finding(network_id: int) -> dict[str, Any]:
    """What a page needs to offer the register's candidates: the text asked for (``find``), and what it may mean."""
    text = request.values.get("find", "").strip()[:60]
    return {
        "find": text,
        "candidates": candidates(network_id, text),
        "community_kind_words": community_kind_words,
        "position_status": position_status,
    }


def asked_only() -> bool:
    """Whether the form was sent to look in the register: nothing is recorded, and what was typed stays."""
    return request.form.get("step") == "find"


def pin(network_id: int) -> dict[str, Any]:
    """What a small map needs to set a pin on: the network's own counties, and its towns that have a position."""
    own = own_counties(network_id)
    codes = tuple(sorted(own))
    return {
        "outlines": ground.outlines(codes),
        "bounds": ground.bounds(codes) or CHINA,
        "towns": [
            (town.name, town.lat, town.lon, town.code, town.county or own.get(town.code[:COUNTY_DIGITS], ""))
            for town in towns(network_id)
            if town.lat is not None
        ][:TOWNS],
        "source": ground.SOURCE,
        "qualities": [(quality, position_status(quality)[0]) for quality in POSITION_QUALITIES],
    }


def town_options(network_id: int) -> list[tuple[str, str]]:
    """The towns of the register to choose from, each with its county."""
    return [(town.code, f"{town.name} · {town.county}" if town.county else town.name) for town in towns(network_id)]
