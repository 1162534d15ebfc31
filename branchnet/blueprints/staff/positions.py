"""Where a point stands, as a form tells it: by degrees, by its town, or not at all."""

from typing import Any

from branchnet.access.acts import Act
from branchnet.errors import Invalid
from branchnet.points.commands import Position
from branchnet.points.datum import Datum, to_wgs84
from branchnet.points.towns import Town, towns


def position_told(act: Act, sent: dict[str, Any]) -> tuple[Position, Town | None]:
    """The position in WGS-84 and the town; degrees say more than the town does. Raises Invalid for another town."""
    town = None
    if sent["town"] is not None:
        town = next((one for one in towns(act.network_id) if one.code == sent["town"]), None)
        if town is None:
            raise Invalid(fields={"town": "kind"})
    if sent["lat"] is not None:
        found = to_wgs84(sent.get("datum", Datum.WGS84), sent["lat"], sent["lon"])
        return Position(found.lat, found.lon, "exact", "staff"), town
    return town.position if town else Position(), town


def town_options(network_id: int) -> list[tuple[str, str]]:
    """The towns of the register to choose from, each with its county."""
    return [(town.code, f"{town.name} · {town.county}" if town.county else town.name) for town in towns(network_id)]
