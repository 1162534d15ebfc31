"""How long a delivery stays at a place: as its agreement says, or as the network does."""

from datetime import date

from sqlalchemy import or_, select

from branchnet.extensions import db
from branchnet.models import Agreement, Network, ServicePoint


def stay_days(network_id: int, place_id: int, day: date) -> int:
    """Days (天) that a delivery sent on a day stays at a place.

    Of agreements in force on that day the one that began last counts; where it names no stay, or there is none, the
    network's own.
    """
    agreed = (
        select(Agreement.stay_days)
        .join(
            ServicePoint,
            (ServicePoint.network_id == Agreement.network_id) & (ServicePoint.id == Agreement.point_id),
        )
        .where(
            Agreement.network_id == network_id,
            ServicePoint.place_id == place_id,
            Agreement.valid_from <= day,
            or_(Agreement.valid_until.is_(None), Agreement.valid_until >= day),
        )
        .order_by(Agreement.valid_from.desc(), Agreement.id.desc())
        .limit(1)
    )
    found = db.session.scalar(agreed)
    return found or db.session.execute(select(Network.stay_days).where(Network.id == network_id)).scalar_one()
