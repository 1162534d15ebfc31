"""A small network, made by the commands that people's work goes through: places, people, points, books."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import Flask

from branchnet import clock
from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.batches import commands as batches
from branchnet.extensions import db, transaction
from branchnet.models import ServicePoint
from branchnet.points.commands import NewPoint, Position, lay_places, open_point
from branchnet.stock.rules import NewLot
from tests.support import worlds

PASSWORD = "a-long-password"
COPIES = 12
COUNTED = 500


@dataclass(frozen=True, slots=True)
class Names:
    """What people, points and books of a world are called: the only words of its pages that are data."""

    network: str
    clerk: str
    manager: str
    admin: str
    teacher: str
    mobile_point: str
    branch: str
    copy: str
    counted: str


CHINESE = Names(
    network="试验少年儿童图书馆",
    clerk="林管理员",
    manager="周馆长",
    admin="吴系统",
    teacher="陈老师",
    mobile_point="长岭小学流动服务点",
    branch="雷州分馆",
    copy="小人书",
    counted="故事书一批",
)
LATIN = Names(
    network="Trial Children's Library",
    clerk="Lin",
    manager="Zhou",
    admin="Wu",
    teacher="Chen",
    mobile_point="Changling Primary School",
    branch="Leizhou Branch",
    copy="Picture Book",
    counted="Story books",
)


@dataclass(frozen=True, slots=True)
class World:
    """Ids and names of what `build_world` made. Lists of points go together: ids, codes, places."""

    network_id: int
    slug: str
    act: Act = field(repr=False)
    """The clerk acting."""
    clerk_login: str
    manager_login: str
    admin_login: str
    password: str
    point_ids: tuple[int, ...]
    point_codes: tuple[str, ...]
    place_ids: tuple[int, ...]
    teacher_id: int
    """Answers for the first point only; `token` opens their link."""
    token: str
    serial_lot_ids: tuple[int, ...]
    barcodes: tuple[str, ...]
    counted_lot_id: int
    begun_on: date
    """The first of a month some four months ago: records begin here."""


def build_world(app: Flask, slug: str = "shiyan", names: Names = CHINESE) -> World:
    """Make a network with a clerk, a manager, an administrator, a teacher, two points and books on the shelf.

    The first point is a mobile one, open to its neighbours; the second a branch that is not. On the shelf stand
    `COPIES` barcoded copies and one counted lot of `COUNTED`. Into an empty database it is copied, from the second
    time on: hundreds of tests begin with the same one.
    """
    with app.app_context():
        copying = worlds.of(db.engine)
        if not copying.begin():
            return _build(slug, names)
        key = (db.engine.dialect.name, slug, names, clock.now().date(), copying.shape())
        if key in _made:
            world, content = _made[key]
            copying.put(content)
            return world
        world = _build(slug, names)
        taken = copying.take()
        if taken is not None:
            _made[key] = world, taken
        return world


_made: dict[tuple[str, str, Names, date, int], tuple[World, worlds.Content]] = {}


def _build(slug: str, names: Names) -> World:
    with transaction() as session:
        begun_on = _begin()
        network = access.found_network(slug, names.network, begun_on)
        founding = Act(network.id)
        lay_places(founding)
        logins = {role: _staff(founding, slug, role, getattr(names, role)) for role in ("clerk", "manager", "admin")}
        act = Act(network.id, logins["clerk"][0])
        point_ids = (_mobile_point(act, names.mobile_point, begun_on), _branch(act, names.branch, begun_on))
        points = [session.get_one(ServicePoint, point_id) for point_id in point_ids]
        teacher_id = access.add_person(act, names.teacher)
        access.answers_for(act, teacher_id, point_ids[0], begun_on)
        barcodes = tuple(f"44080000{number:04d}" for number in range(1, COPIES + 1))
        lots = [NewLot(f"{names.copy} {barcode[-2:]}", barcode=barcode) for barcode in barcodes]
        taken = batches.take_in(act, "accession", [*lots, NewLot(names.counted, COUNTED)], begun_on)
        return World(
            network_id=network.id,
            slug=slug,
            act=act,
            clerk_login=logins["clerk"][1],
            manager_login=logins["manager"][1],
            admin_login=logins["admin"][1],
            password=PASSWORD,
            point_ids=point_ids,
            point_codes=tuple(point.code for point in points),
            place_ids=tuple(point.place_id for point in points),
            teacher_id=teacher_id,
            token=access.make_link(act, teacher_id),
            serial_lot_ids=tuple(taken.lot_ids[:-1]),
            barcodes=barcodes,
            counted_lot_id=taken.lot_ids[-1],
            begun_on=begun_on,
        )


def _begin() -> date:
    """Relative to today, for a real server in a test lives today too."""
    return (clock.now().date() - timedelta(days=120)).replace(day=1)


def _staff(act: Act, slug: str, role: str, name: str) -> tuple[int, str]:
    person_id = access.add_person(act, name)
    login = f"{slug}-{role}"
    access.give_account(act, person_id, login, PASSWORD, [role])
    return person_id, login


def _mobile_point(act: Act, name: str, begun_on: date) -> int:
    position = Position(21.2707, 110.3594, "exact", "register")
    point = NewPoint(
        code="CL-01",
        name=name,
        kind="mobile_point",
        valid_from=begun_on,
        host="primary_school",
        opened_on=begun_on,
        position=position,
        open_to_community=True,
        pupils=420,
    )
    return open_point(act, point)


def _branch(act: Act, name: str, begun_on: date) -> int:
    position = Position(20.9143, 110.0965, "approximate", "town")
    point = NewPoint(
        code="LZ-01",
        name=name,
        kind="branch",
        valid_from=begun_on,
        host="county_library",
        opened_on=begun_on,
        position=position,
    )
    return open_point(act, point)
