"""Vehicles and trips: what goes along, where it stops, the sheets, and what a month adds up to."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from branchnet.batches import commands as batches
from branchnet.calendar.commands import grant_exception, lock_through
from branchnet.calendar.rules import month_of
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord, Batch, Person
from branchnet.points.life.commands import rename
from branchnet.trips.commands import TripAsked, write_trip
from tests.pages.desk import Desk, days_ago, words
from tests.support.queries import QueryCounter
from tests.support.world import World


@pytest.fixture
def vehicle(app: Flask, world: World, clerk: Desk) -> str:
    """The id of a mobile library in service since records begin."""
    sent = {"plate": "粤g12345", "name": "流动图书车一号", "mobile_library": "1"}
    answer = clerk.post("/work/vehicles", in_service_from=world.begun_on.isoformat(), **sent)
    assert answer.status_code == 303, words(answer)
    return re.findall(r"vehicles/(\d+)/service", clerk.get("/work/vehicles").text)[0]


def _batch(app: Flask, world: World, copies: int, point: int, kind: str = "allocation") -> str:
    with app.app_context(), transaction():
        day = world.act.today()
        batch = batches.draft(world.act, batches.NewBatch(kind, day, to_place_id=world.place_ids[point]))
        box = batches.open_box(world.act, batch.id)
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, copies, box.number)])
        return batch.number


def _id(number: str) -> int:
    return db.session.scalars(select(Batch.id).where(Batch.number == number)).one()


def _trip(app: Flask, world: World, clerk: Desk, day: str | None = None, **sent: object) -> str:
    """Write a trip down; returns its address."""
    answer = clerk.post("/work/trips/new", happened_on=day or days_ago(app, world), **sent)
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def test_a_trip_gathers_batches_and_its_sheet_says_whom_to_ask_for(
    app: Flask, world: World, clerk: Desk, vehicle: str
) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Person).where(Person.id == world.teacher_id).values(phone="13800138000"))
    first, second = _batch(app, world, 40, 0), _batch(app, world, 33, 1)
    offered = clerk.text("/work/trips/new")
    assert f"{first} 分配：送到长岭小学流动服务点" in offered
    trip = _trip(app, world, clerk, vehicle=vehicle, driver="林师傅", crew="陈老师", batch=[first, second])
    assert re.fullmatch(r"/work/trips/T\d\d-001", trip)
    page = clerk.text(trip)
    assert page.index("长岭小学流动服务点") < page.index("雷州分馆")
    assert "停靠 2 个" in page
    assert "送去 73 册" in page
    turned = {f"stop-{world.point_codes[0]}": "2", f"stop-{world.point_codes[1]}": "1"}
    turned["seen"] = clerk.seen(f"{trip}/edit")
    answer = clerk.post(
        f"{trip}/edit", happened_on=days_ago(app, world), vehicle=vehicle, batch=[first, second], **turned
    )
    assert answer.status_code == 303, words(answer)
    sheet = clerk.text(f"{trip}/sheet")
    for told in (
        "出车单",
        "停靠单",
        "粤G12345",
        "1. 雷州分馆 → 2. 长岭小学流动服务点",
        "13800138000",
        f"送 {second} 1 33",
        "签名",
    ):
        assert told in sheet
    assert trip.rsplit("/", 1)[1] in clerk.text(f"/work/batches/{first}")
    assert "已经在 T" in clerk.text("/work/trips/new")


def test_a_month_adds_up_driven_trips_and_counts_vehicles_apart_from_stops(
    app: Flask, world: World, clerk: Desk, vehicle: str
) -> None:
    trip = _trip(app, world, clerk, vehicle=vehicle, stop=world.point_codes[0])
    assert "有 1 次没有记里程" in clerk.text("/work/trips")
    assert clerk.post(f"{trip}/km", km="8６").status_code == 303
    called_off = _trip(app, world, clerk, vehicle=vehicle, km="900")
    assert clerk.post(f"{called_off}/cancel").status_code == 303
    listed = clerk.text("/work/trips")
    assert "出车 1 次" in listed
    assert "里程 86 公里" in listed
    assert "出动车辆 1 辆" in listed
    assert "其中流动图书车 1 辆" in listed
    assert "已取消" in listed
    assert "已经取消了，不能再改" in words(clerk.post(f"{called_off}/km", km="1"))
    assert clerk.post(f"{called_off}/restore").status_code == 303
    assert "里程 986 公里" in clerk.text("/work/trips")
    with app.app_context():
        told = db.session.scalars(select(AuditRecord.detail).where(AuditRecord.action == "trip.changed")).all()
        assert told == [{"km_before": None, "km": 86}]


def test_two_who_change_a_trip_do_not_lose_what_the_first_one_wrote(app: Flask, world: World, clerk: Desk) -> None:
    number = _batch(app, world, 40, 0)
    trip = _trip(app, world, clerk, driver="林师傅")
    form, day = f"{trip}/edit", days_ago(app, world)
    seen = clerk.seen(form)
    assert clerk.post(form, happened_on=day, seen=seen, driver="陈师傅", km="86", batch=[number]).status_code == 303
    late = clerk.post(form, happened_on=day, seen=seen, driver="林师傅", note="带上梯子")
    assert late.status_code == 409
    assert "有人刚改过" in words(late)
    for now in ("驾驶员 陈师傅", "里程 86 公里", f"带哪些批次 {number}", "停靠点 长岭小学流动服务点"):
        assert now in words(late), now
    for typed in ('value="林师傅"', 'value="带上梯子"'):
        assert typed in late.text, typed
    assert "陈师傅" in clerk.text(trip)
    # Now it was seen: it may be written over. And a stop alone, or the distance from the trip's page, is a change too.
    seen = clerk.seen(form)
    assert f'value="{seen}"' in late.text
    assert clerk.post(form, happened_on=day, seen=seen, driver="林师傅").status_code == 303
    seen = clerk.seen(form)
    assert clerk.post(form, happened_on=day, seen=seen, driver="林师傅", stop=world.point_codes[1]).status_code == 303
    assert clerk.post(form, happened_on=day, seen=seen, driver="林师傅").status_code == 409
    seen = clerk.seen(form)
    assert clerk.post(f"{trip}/km", km="12").status_code == 303
    assert clerk.post(form, happened_on=day, seen=seen, driver="林师傅").status_code == 409
    assert clerk.post(form, happened_on=day, driver="林师傅").status_code == 409


def test_a_trip_of_a_closed_month_cannot_be_changed(app: Flask, world: World, clerk: Desk) -> None:
    day = world.begun_on.isoformat()
    trip = _trip(app, world, clerk, day=day)
    with app.app_context(), transaction():
        lock_through(world.act, month_of(world.begun_on))
    edited = {"happened_on": days_ago(app, world), "seen": clerk.seen(f"{trip}/edit")}
    for path, sent in (("km", {"km": "5"}), ("cancel", {}), ("edit", edited)):
        answer = clerk.post(f"{trip}/{path}", **sent)
        assert answer.status_code == 409
        assert "已经封账" in words(answer)
    assert clerk.post("/work/trips/new", happened_on=day).status_code == 409
    assert "这个月已经封账，不能再改。" in clerk.text(trip)
    with app.app_context(), transaction():
        grant_exception(world.act, month_of(world.begun_on), None, "里程漏记了", world.act.today())
    assert "这个月已经封账，不能再改。" not in clerk.text(trip)
    assert clerk.post(f"{trip}/km", km="5").status_code == 303


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_vehicle_serves_from_a_day_to_a_day(app: Flask, world: World, clerk: Desk, vehicle: str) -> None:
    today, yesterday = days_ago(app, world), days_ago(app, world, 1)
    known = clerk.post("/work/vehicles", plate="粤G12345", name="又一辆", in_service_from=today)
    assert known.status_code == 409
    assert "粤G12345 已经登记过了" in words(known)
    assert 'value="又一辆"' in known.text
    _trip(app, world, clerk, vehicle=vehicle)
    ended = clerk.post(f"/work/vehicles/{vehicle}/service", out_of_service_on=yesterday)
    assert ended.status_code == 409
    assert "还出过车" in words(ended)
    assert (
        clerk.post(f"/work/vehicles/{vehicle}/service", out_of_service_on=days_ago(app, world, -1)).status_code == 303
    )
    refused = clerk.post("/work/trips/new", happened_on=days_ago(app, world, -2), vehicle=vehicle, driver="林师傅")
    assert refused.status_code == 422
    assert "这辆车那天没有在用" in words(refused)
    assert 'value="林师傅"' in refused.text
    assert clerk.post(f"/work/vehicles/{vehicle}/service", out_of_service_on="").status_code == 303
    _trip(app, world, clerk, day=days_ago(app, world, -2), vehicle=vehicle)
    assert "另有 1 次还没到日子" in clerk.text(f"/work/trips?month={days_ago(app, world, -2)[:7]}")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_wrong_with_a_trip_keeps_what_was_ticked(app: Flask, world: World, clerk: Desk) -> None:
    number = _batch(app, world, 40, 0)
    answer = clerk.post("/work/trips/new", happened_on=days_ago(app, world), km="99999", batch=[number])
    assert answer.status_code == 422
    assert 'id="f-km-error"' in answer.text
    assert f'value="{number}" aria-label="带上 {number}" checked' in answer.text
    # On another day nothing of it would be offered; what was chosen stays all the same.
    with app.app_context(), transaction():
        batches.pack(world.act, _id(number), world.act.today())
        batches.dispatch(world.act, _id(number), world.act.today())
    answer = clerk.post("/work/trips/new", happened_on=days_ago(app, world, -3), km="99999", batch=[number])
    assert f'value="{number}" aria-label="带上 {number}" checked' in answer.text
    foreign = clerk.post("/work/trips/new", happened_on=days_ago(app, world), batch=["26-999"])
    assert foreign.status_code == 422


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_was_fetched_is_offered_once_and_what_stands_at_a_point_is_told(
    app: Flask, world: World, clerk: Desk
) -> None:
    number = _batch(app, world, 40, 0, "delivery")
    with app.app_context(), transaction():
        left = world.act.today() - timedelta(days=2)
        batches.dispatch(world.act, _id(number), left)
        batches.receive(world.act, _id(number), left)
        due = db.session.get_one(Batch, _id(number)).due_back_on
    offered = clerk.text("/work/trips/new")
    assert f"还在服务点，应还 {due}" in offered
    assert "已结清" not in offered
    trip = _trip(app, world, clerk, batch=[number])
    assert f"还在服务点，应还 {due}" in clerk.text(trip)
    with app.app_context(), transaction():
        back = batches.collect(world.act, _id(number), world.act.today()).number
    offered = clerk.text("/work/trips/new")
    assert f"带上 {number}" not in clerk.get("/work/trips/new").text
    assert f"{back} 归还" in offered
    assert "应还" not in clerk.text(trip)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_points_of_one_name_are_told_apart_by_their_codes(app: Flask, world: World, clerk: Desk) -> None:
    first, second = world.point_codes[:2]
    with app.app_context(), transaction():
        rename(world.act, world.point_ids[1], "长岭小学流动服务点", world.act.today())
    for page in ("/work/batches/new", "/work/agreements/new", "/work/trips/new", "/work/teachers"):
        told = clerk.text(page)
        assert f"长岭小学流动服务点（{first}）" in told, page
        assert f"长岭小学流动服务点（{second}）" in told, page


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_sent_twice_a_trip_is_one(app: Flask, world: World, clerk: Desk) -> None:
    assert _trip(app, world, clerk, op_id="pressed-twice") == _trip(app, world, clerk, op_id="pressed-twice")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_statements_do_not_grow_with_trips_stops_or_batches(
    app: Flask, world: World, clerk: Desk, query_counter: QueryCounter
) -> None:
    counts = []
    for _time in range(2):
        numbers = [_batch(app, world, 5, point) for point in (0, 1)]
        with app.app_context():
            ids = list(db.session.scalars(select(Batch.id).where(Batch.number.in_(numbers))))
            with transaction():
                trip = write_trip(world.act, TripAsked(world.act.today(), batch_ids=ids[: _time + 1]))
        for page in ("/work/trips", f"/work/trips/{trip}", f"/work/trips/{trip}/sheet", "/work/trips/new"):
            query_counter.reset()
            clerk.text(page)
            counts.append(query_counter.count)
    assert counts[:4] == counts[4:]
