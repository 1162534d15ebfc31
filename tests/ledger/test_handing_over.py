"""A network splits: points close here and continue there, with their books, and nothing crosses but by both books."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.access.operations import perform
from branchnet.access.sessions import STAFF_COOKIE, start_session
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.queries.worth import assets_of_network
from branchnet.batches.stocktaking import commands as stocktaking
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import bounds, month_of, previous_month
from branchnet.coverage.facts import recompute
from branchnet.errors import BranchNetError, Conflict, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import Account, Batch, BatchEvent, HandOver, Lot, PointMonth
from branchnet.points.commands import lay_places
from branchnet.points.life import commands as life
from branchnet.points.life.queries import hand_overs_of, life_of
from branchnet.points.queries import point_on
from branchnet.stock.queries import copies_at
from branchnet.stock.rules import NewLot
from branchnet.words import say
from tests.support.tampering import tamper
from tests.support.world import World, build_world

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
CODE = "NX-M01"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with app.app_context():
        yield two_networks(app)
        db.session.remove()


def two_networks(app: Flask) -> World:
    made = build_world(app)
    with app.app_context(), transaction():
        lay_places(Act(access.found_network("nanxian", "南县少年儿童图书馆", made.begun_on).id))
    return made


def south() -> Act:
    """The other network."""
    return Act(db.session.execute(db.text("SELECT id FROM networks WHERE slug = 'nanxian'")).scalar_one())


def on(world: World, days: int) -> date:
    return world.begun_on + timedelta(days=days)


def stocked(world: World, days: int = 2, **new: str) -> int:
    """Two barcoded copies and thirty counted ones stand at the first point."""
    with transaction():
        batch = batches.draft(
            world.act,
            batches.NewBatch("allocation", on(world, days), world.place_ids[0], **new),  # type: ignore[arg-type]
        )
        lines = [batches.NewLine(lot_id, 1) for lot_id in world.serial_lot_ids[:2]]
        batches.add_lines(world.act, batch.id, [*lines, batches.NewLine(world.counted_lot_id, 30)])
        batches.dispatch(world.act, batch.id, on(world, days))
        batches.receive(world.act, batch.id, on(world, days + 1))
        return batch.id


def handing(world: World, days: int = 20, to: str = "nanxian", code: str = CODE) -> batches.Handing:
    return batches.Handing(world.point_codes[0], to, code, on(world, days))


def handed(world: World, days: int = 20) -> batches.HandedOver:
    with transaction():
        return batches.hand_over(world.act, handing(world, days))


def in_the_way(world: World, asked: batches.Handing) -> dict[str, BranchNetError]:
    with pytest.raises(Conflict, match="cannot_hand_over") as refused, transaction():
        batches.hand_over(world.act, asked)
    return {error.reason: error for error in refused.value.data["each"]}


def sound(world: World) -> bool:
    db.session.rollback()
    return violations(world.network_id) == [] == violations(south().network_id)


def test_a_network_splits(world: World) -> None:
    """The point closes here and continues there; the same copies leave one library's books and enter the other's."""
    stocked(world)
    old = point_on([world.network_id], world.point_codes[0], on(world, 20))
    before = assets_of_network(world.network_id).copies
    done = handed(world)
    new = point_on([south().network_id], CODE, on(world, 20))
    assert (done.copies, done.network) == (32, "南县少年儿童图书馆")
    assert [copies_at(old.network_id, [old.place_id]), copies_at(new.network_id, [new.place_id])] == [
        {},
        {new.place_id: 32},
    ]
    assert assets_of_network(world.network_id).copies == before - 32
    assert assets_of_network(south().network_id).copies == 32
    facts = ("name", "kind", "host", "lat", "lon", "quality", "area_code", "open_to_community", "pupils")
    assert [getattr(new, name) for name in facts] == [getattr(old, name) for name in facts]
    closed = point_on([world.network_id], old.code, on(world, 20))
    assert (closed.closed_on, new.opened_on) == (on(world, 20), on(world, 20))
    assert life_of(world.network_id, old.id)[0].note == "→ 南县少年儿童图书馆 NX-M01"
    told = select(Lot.barcode, Lot.title, Lot.price_fen, Lot.call_number)
    ours = db.session.execute(told.where(Lot.network_id == world.network_id, Lot.barcode.in_(world.barcodes[:2]))).all()
    theirs = db.session.execute(told.where(Lot.network_id == south().network_id, Lot.serial)).all()
    assert sorted(map(tuple, theirs)) == sorted(map(tuple, ours))
    out, into = (
        db.session.query(Batch).filter_by(number=number, network_id=network_id).one()
        for number, network_id in ((done.withdrawal, old.network_id), (done.accession, new.network_id))
    )
    assert [(batch.kind, batch.state, batch.dispatched_on) for batch in (out, into)] == [
        ("withdrawal", "closed", None),
        ("accession", "closed", None),
    ]
    row = db.session.query(HandOver).one()
    assert (row.point_id, row.batch_id, row.to_point_id, row.to_batch_id) == (old.id, out.id, new.id, into.id)
    assert [(one.went, one.network) for one in hand_overs_of(old.network_id, old.id)] == [(True, done.network)]
    assert [one.went for one in hand_overs_of(new.network_id, new.id)] == [False]
    assert sound(world)


def test_nobody_sent_what_was_handed_over(world: World) -> None:
    """Facts there begin with the books, and count no batch that came in."""
    stocked(world)
    handed(world)
    point = point_on([south().network_id], CODE, on(world, 20))
    with transaction():
        recompute(south(), [point.id], "0000-00")
    month = month_of(on(world, 20))
    fact = db.session.query(PointMonth).filter_by(point_id=point.id, month=month).one()
    last = bounds(month)[1]
    assert (fact.copies, fact.batches_in) == (32, 0)
    assert fact.book_days == 32 * ((last - on(world, 20)).days + 1)


def test_told_twice_it_is_handed_over_once(world: World) -> None:
    stocked(world)

    def effect() -> dict[str, object]:
        return {"accession": batches.hand_over(world.act, handing(world)).accession}

    outcomes = [perform(world.act, KEY, "hand_over", {"code": CODE}, effect) for _time in range(2)]
    assert outcomes[0] == outcomes[1]
    assert db.session.query(HandOver).count() == 1
    assert sound(world)


def test_a_hand_over_is_not_taken_back_but_handed_back(world: World) -> None:
    stocked(world)
    handed(world)
    for network_id in (world.network_id, south().network_id):
        events = select(BatchEvent.batch_id, BatchEvent.id).join(Batch, Batch.id == BatchEvent.batch_id)
        mine = events.where(Batch.network_id == network_id, Batch.kind.in_(["withdrawal", "accession"]))
        batch_id, event_id = db.session.execute(mine.order_by(BatchEvent.id.desc())).first() or (0, 0)
        with pytest.raises(Conflict, match="handed_over") as refused, transaction():
            batches.reverse_step(Act(network_id), batch_id, event_id, "记错了")
        assert "再移交回来" in say(refused.value)[1]
    for lot_id in (world.serial_lot_ids[0], world.counted_lot_id):
        with pytest.raises(Conflict, match="handed_over"), transaction():
            batches.find_again(world.act, lot_id, "withdrawn", world.place_ids[1], on(world, 22))
    with pytest.raises(Conflict, match="handed_over"), transaction():
        life.reopen(world.act, world.point_ids[0], on(world, 30), "复办")
    with transaction():
        back = batches.hand_over(south(), batches.Handing(CODE, world.slug, "CL-02", on(world, 40)))
    home = point_on([world.network_id], "CL-02", on(world, 40))
    assert (back.copies, copies_at(world.network_id, [home.place_id])) == (32, {home.place_id: 32})
    assert db.session.query(Lot).filter_by(network_id=world.network_id, barcode=world.barcodes[0]).count() == 1
    assert sound(world)
    with transaction():
        batches.hand_over(world.act, batches.Handing("CL-02", "nanxian", "NX-M02", on(world, 41)))
    assert sound(world)


def test_a_gift_stays_the_schools(world: World) -> None:
    stocked(world, terms="gift")
    handed(world)
    assert {lot.owner for lot in db.session.query(Lot).filter_by(network_id=south().network_id)} == {"school"}
    assert assets_of_network(south().network_id).copies == 0


def test_a_point_without_books_and_one_that_is_shut(world: World) -> None:
    """No batch is made of nothing; and what is shut for a while here is shut there."""
    with transaction():
        life.pause(world.act, world.point_ids[0], on(world, 10), "修屋顶")
    done = handed(world)
    assert (done.copies, done.withdrawal, done.accession) == (0, None, None)
    assert point_on([south().network_id], CODE, on(world, 20)).stage_on(on(world, 30)) == "paused"
    assert sound(world)


def test_all_that_stands_in_the_way_is_told_at_once(world: World) -> None:
    stocked(world)
    here, point = world.place_ids[0], world.point_ids[0]
    with transaction():
        waits = batches.draft(world.act, batches.NewBatch("allocation", on(world, 5), here))
        delivery = batches.draft(world.act, batches.NewBatch("delivery", on(world, 5), here, due_back_on=on(world, 35)))
        batches.add_lines(world.act, delivery.id, [batches.NewLine(world.counted_lot_id, 3)])
        batches.dispatch(world.act, delivery.id, on(world, 5))
        batches.receive(world.act, delivery.id, on(world, 6))
        batches.report(world.act, here, "short", 1, on(world, 7), world.counted_lot_id)
        stocktaking.begin(world.act, here, "count", on(world, 8))
        batches.take_in(south(), "accession", [NewLot("另一本", barcode=world.barcodes[1])], on(world, 3))
        lock_through(south(), previous_month(month_of(world.act.today())))
        other = batches.Handing(world.point_codes[0], "nanxian", "", on(world, 20))
        numbers = [waits.number, delivery.number]
    found = in_the_way(world, other)
    assert found.keys() == {
        *("batches_under_way", "deliveries_out", "differences_open", "stocktake_counting", "barcodes_known"),
        *("locked_there", "invalid"),
    }
    assert found["batches_under_way"].data["numbers"] == numbers[:1]
    assert found["deliveries_out"].data["numbers"] == numbers[1:]
    assert found["barcodes_known"].data["barcodes"] == [world.barcodes[1]]
    assert all(say(error)[0] for error in found.values())
    assert "network_unknown" in in_the_way(world, handing(world, to="nowhere"))
    assert "same_network" in in_the_way(world, handing(world, to=world.slug))
    assert db.session.query(HandOver).count() == 0
    assert point_on([world.network_id], world.point_codes[0], on(world, 20)).id == point
    assert sound(world)


def test_the_day_and_the_code_have_to_fit(world: World) -> None:
    stocked(world, 10)
    assert in_the_way(world, handing(world, 5)).keys() >= {"sent_since", "too_early"}
    assert "in_the_future" in in_the_way(world, handing(world, 4000))
    with transaction():
        lock_through(world.act, previous_month(month_of(world.act.today())))
    assert "month_locked" in in_the_way(world, handing(world, 20))
    today = (world.act.today() - world.begun_on).days
    handed(world, today)
    with pytest.raises(NotFound), transaction():
        batches.hand_over(world.act, batches.Handing("nobody", "nanxian", CODE, on(world, today)))
    assert in_the_way(world, handing(world, today)).keys() == {"point_step", "code_known"}


@ON_SQLITE
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lots SET title = '别的书' WHERE network_id = {there} AND serial",
        "UPDATE lots SET price_fen = 1 WHERE network_id = {there}",
        "UPDATE batch_lines SET quantity = 29 WHERE network_id = {there} AND quantity = 30",
        "UPDATE hand_overs SET to_point_id = 999",
        "UPDATE batches SET kind = 'opening' WHERE network_id = {there}",
    ],
)
def test_a_pair_that_does_not_carry_the_same_is_found(world: World, database_url: str, statement: str) -> None:
    stocked(world)
    handed(world)
    assert sound(world)
    there = south().network_id
    db.session.rollback()
    tamper(database_url, statement.format(there=there))
    for network_id in (world.network_id, there):
        assert "handed_over_differs" in {row["check"] for row in violations(network_id)}


def test_the_command_says_what_will_happen_and_does_it_once(app: Flask, world: World) -> None:
    stocked(world)
    db.session.rollback()
    runner = app.test_cli_runner()
    asked = ["points", "hand-over", "--from", world.slug, "--point", world.point_codes[0], "--to", "nanxian"]
    asked += ["--new-code", CODE, "--on", on(world, 20).isoformat()]
    tried = runner.invoke(args=asked)
    assert (tried.exit_code, "32 copies" in tried.output, "Nothing was done" in tried.output) == (0, True, True)
    db.session.rollback()
    assert db.session.query(HandOver).count() == 0
    db.session.rollback()
    first, second = (runner.invoke(args=[*asked, "--yes"]) for _time in range(2))
    assert (first.exit_code, first.output) == (0, second.output)
    db.session.rollback()
    assert db.session.query(HandOver).count() == 1
    db.session.rollback()
    again = runner.invoke(args=asked)
    assert (again.exit_code, "已经关闭" in again.output, CODE in again.output) == (1, True, True)
    assert runner.invoke(args=[*asked[:3], "nowhere", *asked[4:]]).exit_code == 2


@ON_SQLITE
def test_both_pages_say_where_it_went_and_came_from(app: Flask) -> None:
    world = two_networks(app)
    with app.app_context():
        with transaction():
            access.give_account(south(), access.add_person(south(), "南县馆员"), "nan", world.password, ["clerk"])
        stocked(world)
        done = handed(world)
        db.session.remove()
    for login, code, network, way in (
        (world.clerk_login, world.point_codes[0], "南县少年儿童图书馆", "在那里继续"),
        ("nan", CODE, "试验少年儿童图书馆", "移交来"),
    ):
        client = signed_in(app, login)
        for address in (f"/work/points/{code}", f"/manage/points/{code}"):
            page = client.get(address)
            assert (page.status_code, network in page.text, way in page.text) == (200, True, True)
            assert "重新开放" not in page.text
    page = signed_in(app, world.clerk_login).get(f"/work/batches/{done.withdrawal}")
    assert (page.status_code, "注销" in page.text, "32" in page.text) == (200, True, True)


def signed_in(app: Flask, login: str) -> FlaskClient:
    """A browser in which somebody is signed in."""
    client = app.test_client()
    with app.app_context(), transaction():
        account = db.session.query(Account).filter_by(login=login).one()
        client.set_cookie(STAFF_COOKIE, start_session(account, "test"))
    return client
