"""What the demo does not tell of, so that its pages can be opened too."""

from sqlalchemy import func, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.demo.recorder import TIME_ZONE
from branchnet.extensions import db, transaction
from branchnet.models import Batch, Network
from branchnet.trips.commands import TripAsked, add_vehicle, write_trip


def add_a_trip() -> None:
    """A vehicle of the first network, and its trip of today with batches of every kind that goes along."""
    today = clock.today(TIME_ZONE)
    with transaction():
        act = Act(db.session.scalars(select(Network.id).where(Network.slug == "zhanjiang")).one())
        kinds = ("allocation", "delivery", "rotation", "return")
        one_of_each = select(func.max(Batch.id)).where(Batch.network_id == act.network_id, Batch.kind.in_(kinds))
        batches = list(db.session.scalars(one_of_each.group_by(Batch.kind)))
        vehicle = add_vehicle(act, "粤G00000", "流动图书车一号", True, today.replace(month=1, day=1))
        write_trip(act, TripAsked(today, vehicle, "林师傅", "陈老师、李老师", None, None, (), sorted(batches)))
