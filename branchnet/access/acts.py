"""Who acts, in which network: what every command is told first."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from branchnet import clock
from branchnet.extensions import db
from branchnet.models import Network

_ZONE = select(Network.time_zone).where(Network.id == bindparam("network_id"))


@dataclass(frozen=True, slots=True)
class Act:
    """A person (or, without one, an operator or a job) acting in a network."""

    network_id: int
    person_id: int | None = None

    @property
    def network(self) -> Network:
        """The network's row, with the choices that are its own."""
        return db.session.execute(select(Network).where(Network.id == self.network_id)).scalar_one()

    def today(self) -> date:
        """The civil day where the network is."""
        return self.day_of(clock.now())

    def day_of(self, moment: datetime) -> date:
        """The civil day of a moment there. The time zone is looked up once a session, that is once a request."""
        zones = _zones()
        if self.network_id not in zones:
            zones[self.network_id] = db.session.execute(_ZONE, {"network_id": self.network_id}).scalar_one()
        return moment.astimezone(ZoneInfo(zones[self.network_id])).date()


def zone_is(network_id: int, time_zone: str) -> None:
    """Tell the session a network's time zone that came with another question."""
    _zones()[network_id] = time_zone


def _zones() -> dict[int, str]:
    found: dict[int, str] = db.session.info.setdefault("branchnet_zones", {})
    return found
