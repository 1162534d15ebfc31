"""Staff ask for positions, and accept what was answered: an approximate position, and never by itself."""

from collections.abc import Sequence
from typing import NamedTuple

from branchnet import queue
from branchnet.access.acts import Act
from branchnet.errors import Conflict, Invalid
from branchnet.points.commands import Position
from branchnet.points.communities.commands import put
from branchnet.points.communities.queries import own_counties
from branchnet.points.geocoding.queries import answers, candidates, sought
from branchnet.points.life.commands.locating import locate


class Pick(NamedTuple):
    """One candidate: of a "community" or "point", by its id, the number of the answer."""

    what: str
    id: int
    number: int


def ask_for_positions(act: Act) -> None:
    """Have the geocoder asked for whatever has no position. Raises Conflict("geocoder_off")."""
    if not queue.settings().geocoder:
        raise Conflict("geocoder_off")
    queue.ask(act.network_id, "geocode")


def accept(act: Act, picks: Sequence[Pick]) -> int:
    """Write these candidates down as approximate positions. Returns how many.

    Raises Invalid("nothing_picked"), Conflict("candidate_gone") where one has a position by now, or its candidate is
    none, or lies outside the network's own counties.
    """
    if not picks:
        raise Invalid("nothing_picked")
    provider = queue.settings().geocoder
    known, own = answers(act.network_id, provider), own_counties(act.network_id)
    placeless = {(one.what, one.id): one for one in sought(act)}
    for pick in picks:
        one = placeless.pop((pick.what, pick.id), None)
        offered = candidates(known.get((one and one.query) or "", []), own)
        found = next((candidate for candidate in offered if candidate.number == pick.number and candidate.own), None)
        if found is None:
            raise Conflict("candidate_gone")
        position = Position(found.lat, found.lon, "approximate", provider)
        (put if pick.what == "community" else locate)(act, pick.id, position)
    return len(picks)
