"""Who acts, in which network: what every command is told first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet import clock
from branchnet.extensions import db
from branchnet.models import Network


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
        return clock.today(self.network.time_zone)
