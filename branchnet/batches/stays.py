"""How long a delivery stays at a place: as its agreement says, or as the network does."""

from datetime import date

from sqlalchemy import select

from branchnet.extensions import db
from branchnet.models import Network
from branchnet.points.agreements import agreement_at


def stay_days(network_id: int, place_id: int, day: date) -> int:
    """Days (天) that a delivery sent on a day stays at a place.

    The agreement that binds the point on that day says it: signed, of several the one that began last. Where it names
    no stay, or there is none, the network's own.
    """
    agreed = agreement_at(network_id, place_id, day)
    if agreed is not None and agreed.stay_days is not None:
        return agreed.stay_days
    return db.session.execute(select(Network.stay_days).where(Network.id == network_id)).scalar_one()
