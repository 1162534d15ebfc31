"""What the demo does not tell of, so that its pages can be opened too."""

from sqlalchemy import func, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches import commands as batches
from branchnet.batches.commands import Afterwards, Brought, NewLine, Visit, Wished, exchange, log_afterwards, wish
from branchnet.demo.recorder import TIME_ZONE
from branchnet.extensions import db, transaction
from branchnet.models import Batch, Holding, Network, ServicePoint
from branchnet.points.queries import central_place
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


def add_losses() -> None:
    """Of books at a point of the first network: lost and found again, in repair, listed, withdrawn, and open."""
    today = clock.today(TIME_ZONE)
    with transaction():
        act = Act(db.session.scalars(select(Network.id).where(Network.slug == "zhanjiang")).one())
        lot_id, place_id = db.session.execute(
            select(Holding.lot_id, Holding.place_id)
            .join(ServicePoint, ServicePoint.place_id == Holding.place_id)
            .where(Holding.network_id == act.network_id, Holding.serial.is_(False), Holding.quantity > 50)
            .order_by(Holding.id)
            .limit(1)
        ).one()
        for kind, end in (("short", "lost"), ("damaged", "damaged"), ("damaged", "repaired"), ("short", "lost")):
            case_id = batches.report(act, place_id, kind, 3, today, lot_id, "毕业班没还")
            batches.resolve(act, case_id, end, today)
            if end == "damaged":
                listed = batches.draft_disposal(act, today)
                batches.approve_disposal(act, listed.id, "湛少图〔2026〕7号", today)
        batches.agree_to_pay(act, case_id, 5_600, today)
        batches.draft_disposal(act, today)
        batches.find_again(act, lot_id, "withdrawn", central_place(act.network_id, "shelf"), today)
        batches.report(act, place_id, "short", 2, today, lot_id)


def add_what_comes_back() -> None:
    """A visit of today at a point with counted copies, two of them short; books at a school; a wish of every point."""
    with transaction():
        act = Act(db.session.scalars(select(Network.id).where(Network.slug == "zhanjiang")).one())
        there = db.session.execute(
            select(ServicePoint.place_id, Holding.lot_id)
            .join(Holding, Holding.place_id == ServicePoint.place_id)
            .where(ServicePoint.network_id == act.network_id, Holding.serial.is_(False), Holding.quantity >= FEW)
            .order_by(ServicePoint.id)
            .limit(1)
        ).one()
        shelf = central_place(act.network_id, "shelf")
        new = db.session.scalars(
            select(Holding.lot_id).where(Holding.place_id == shelf, Holding.quantity >= FEW).order_by(Holding.lot_id)
        ).first()
        visit = Visit(
            there.place_id,
            clock.today(TIME_ZONE),
            Brought(kind="allocation", lines=[NewLine(new or 0, FEW)]),
            taken=[NewLine(there.lot_id, FEW - 2)],
            short={there.lot_id: 2},
        )
        exchange(act, visit)
        school = db.session.scalars(
            select(ServicePoint.place_id).where(
                ServicePoint.network_id == act.network_id, ServicePoint.code == "ZJ-D01"
            )
        ).one()
        today, lines = clock.today(TIME_ZONE), [NewLine(new or 0, FEW)]
        log_afterwards(act, Afterwards("delivery", today, school, lines=lines, received_on=today))
        points = select(ServicePoint.id).where(ServicePoint.network_id == act.network_id)
        for point_id in db.session.scalars(points).all():
            wish(act, point_id, Wished("二年级", "科普", 40, "要有拼音的"))


FEW = 10
"""Copies (册) of a visit."""
