"""How far the network's months are closed."""

from sqlalchemy import bindparam, select

from branchnet.extensions import db
from branchnet.models import Network

_LOCKED_THROUGH = select(Network.locked_through).where(Network.id == bindparam("network_id")).with_for_update(read=True)


def locked_through(network_id: int) -> str | None:
    """The last closed month. FOR SHARE: no month can be locked while something is posted into it."""
    month: str | None = db.session.execute(_LOCKED_THROUGH, {"network_id": network_id}).scalar_one()
    return month
