"""Coverage that somebody asks for: of which network with those below it, as of which month, by which way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from branchnet.access.acts import Act
from branchnet.access.scope import below, networks_named
from branchnet.access.sessions import Actor
from branchnet.calendar.rules import month_of
from branchnet.coverage.covered import Coverage, coverage_at
from branchnet.coverage.queries import last_day, network_seen
from branchnet.coverage.ways import threshold_of
from branchnet.models import Network


@dataclass(frozen=True)
class AskedCoverage:
    """The answer, and what it is of."""

    network: Network
    networks: Mapping[int, Network]
    """Every network in the view, by id."""
    today: date
    way: str
    coverage: Coverage


def asked_coverage(
    who: Actor, network: str | None = None, month: str | None = None, way: str = "foot"
) -> AskedCoverage:
    """Unless told otherwise of their own network, this month, on foot.

    Raises NotFound for a network that they may not see, Invalid for a month that has not begun and, as
    "no_records_yet", for one before the records begin.
    """
    top = network_seen(who, network)
    today = Act(top.id).today()
    month = month or month_of(today)
    day = last_day(month, today)
    seen = below(top.id, day) & who.networks
    found = coverage_at(seen, month, day, threshold_of(top, way), today)
    return AskedCoverage(top, {one.id: one for one in networks_named(seen)}, today, way, found)
