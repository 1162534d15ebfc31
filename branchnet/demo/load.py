"""The demo is loaded by the story's own commands: whole, once, and on where it was interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.commands import found_network
from branchnet.access.operations import perform
from branchnet.demo.deeds import Deeds
from branchnet.demo.people import NETWORKS
from branchnet.demo.recorder import DESK_HOUR, TIME_ZONE, Recorder
from branchnet.demo.stage import FOUNDED, set_up
from branchnet.demo.story import story, timeline
from branchnet.demo.vehicles import drive
from branchnet.demo.world import Network
from branchnet.errors import Conflict
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord, Operation
from branchnet.models import Network as NetworkRow
from branchnet.points.commands import lay_places

BEGUN = "demo-begun"
LOADED = "demo-loaded"
"""Operations of a network whose outcome holds the day the story is told on: every later load tells that day again."""
FOUNDED_HERE = "demo.founded"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: the day the story is told on, and the networks that were not whole before."""

    day: date
    networks: tuple[str, ...]


def wanted_where_empty() -> bool:
    """Whether there is no network at all, or a load of the demo that was interrupted."""
    slugs = set(db.session.scalars(select(NetworkRow.slug)))
    return not slugs or any(
        _day(network_id, BEGUN) and not _day(network_id, LOADED) for network_id in db.session.scalars(_founded_here())
    )


def load() -> Loaded:
    """Load what is not there yet of the three networks.

    Raises ValueError where today lies before the story's first day, Conflict("slug_known") where a network of the
    same slug is not the demo's.
    """
    day, new = clock.today(TIME_ZONE), []
    _told(day)
    for network in NETWORKS:
        network_id = _found(network)
        day = _begin(network_id, day)
        if _day(network_id, LOADED) is None:
            tell(network, network_id, day)
            new.append(network.code)
    return Loaded(day, tuple(new))


def tell(network: Network, network_id: int, day: date) -> None:
    """Do all that has happened in a network by a day; what was done before is not done again."""
    told = _told(day)
    record = Recorder(network_id)
    deeds = Deeds(told, network, set_up(told, network, record), record)
    for event in timeline(told):
        if event.network == network.code:
            deeds.do(event)
    drive(network, day, record)
    record.do(LOADED, "loaded", day, lambda _act: {"day": day.isoformat()})


_told = cache(story)


def _found(network: Network) -> int:
    """The network's id; founded with its places on its first day, in a transaction of its own.

    An operation belongs to a network, so this step cannot be one: the slug, and a record in the audit trail, say that
    it is done.
    """
    known = db.session.scalar(select(NetworkRow.id).where(NetworkRow.slug == network.code))
    if known is None:
        evening = datetime.combine(FOUNDED, DESK_HOUR, ZoneInfo(TIME_ZONE))
        with clock.at(evening), transaction():
            known = found_network(network.code, network.name, FOUNDED).id
            lay_places(Act(known))
            audit.record(Act(known), FOUNDED_HERE, "network", known)
    elif known not in db.session.scalars(_founded_here()).all():
        raise Conflict("slug_known", slug=network.code)
    return known


def _founded_here() -> Select[int]:
    return select(AuditRecord.network_id).where(AuditRecord.action == FOUNDED_HERE)


def _begin(network_id: int, today: date) -> date:
    """The day the story is told on: today, unless it was begun on another."""
    known = perform(Act(network_id), BEGUN, "demo.begin", {}, lambda: {"day": today.isoformat()})
    return date.fromisoformat(known["day"])


def _day(network_id: int, key: str) -> str | None:
    outcome = db.session.scalar(
        select(Operation.outcome).where(Operation.network_id == network_id, Operation.key == key)
    )
    return None if outcome is None else str(outcome["day"])
