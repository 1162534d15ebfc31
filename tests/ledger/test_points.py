"""The life of a service point in its hard cases, each by the name that it has where it was decided."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import bounds, month_of, previous_month
from branchnet.coverage.facts import recompute
from branchnet.errors import BranchNetError, Conflict, Invalid
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchGoods, Box, PointMonth
from branchnet.points.life import commands as life
from branchnet.points.life.queries import life_of, names_of
from branchnet.points.life.rules import Pause
from branchnet.points.queries import Point, point_on
from branchnet.readings.queries import month_states
from branchnet.stock.queries import copies_at
from tests.support.world import World, build_world

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    made = build_world(app)
    with app.app_context():
        yield made
        assert violations(made.network_id) == []
        db.session.remove()


def on(world: World, days: int) -> date:
    return world.begun_on + timedelta(days=days)


def the_point(world: World, day: date, which: int = 0) -> Point:
    return point_on([world.network_id], world.point_codes[which], day)


def sent(world: World, copies: int, days: int, new: batches.NewBatch | None = None, boxes: int = 1) -> int:
    """So many counted copies on the road to the first point, in so many boxes."""
    with transaction():
        batch = batches.draft(world.act, new or batches.NewBatch("allocation", on(world, days), world.place_ids[0]))
        batches.open_boxes(world.act, batch.id, boxes)
        lines = [batches.NewLine(world.counted_lot_id, copies, number) for number in range(1, boxes + 1)]
        batches.add_lines(world.act, batch.id, lines)
        batches.dispatch(world.act, batch.id, on(world, days))
        return batch.id


def received(world: World, batch_id: int, days: int, counts: dict[int, int] | None = None) -> None:
    with transaction():
        batches.receive(world.act, batch_id, on(world, days), counts)


def there(world: World) -> tuple[int, int]:
    found = copies_at(world.network_id, world.place_ids)
    return found.get(world.place_ids[0], 0), found.get(world.place_ids[1], 0)


def merged(world: World, days: int, *, sent: bool = True) -> batches.Merged:
    with transaction():
        return batches.merge(world.act, *world.point_ids, on(world, days), "两校合并", sent=sent)


def steps(world: World, which: int = 0) -> list[str]:
    return [event.step for event in life_of(world.network_id, world.point_ids[which])][::-1]


def test_a_point_closes_with_books_there(world: World) -> None:
    received(world, sent(world, 30, 2), 3)
    last = sent(world, 10, 20)
    with pytest.raises(Invalid, match="sent_since"), transaction():
        batches.close_point(world.act, world.point_ids[0], on(world, 20), "撤点")
    with transaction():
        batches.close_point(world.act, world.point_ids[0], on(world, 25), "撤点")
    assert [the_point(world, on(world, days)).open_on(on(world, days)) for days in (24, 25)] == [True, False]
    received(world, last, 26)
    assert there(world) == (40, 0), "what was on the road to it comes all the same"
    with pytest.raises(Conflict, match="point_closed"):
        sent(world, 10, 30)
    with transaction():
        recompute(world.act, world.point_ids, "0000-00")
    facts = {row.month: row for row in db.session.query(PointMonth).filter_by(point_id=world.point_ids[0])}
    after = next(row for month, row in sorted(facts.items()) if bounds(month)[0] >= on(world, 25))
    assert (after.book_days, after.copies) == (0, 40), "listed, and no book-days any more"
    db.session.rollback()
    with transaction():
        back = batches.draft(world.act, batches.NewBatch("return", on(world, 40), from_place_id=world.place_ids[0])).id
        batches.add_lines(world.act, back, [batches.NewLine(world.counted_lot_id, 40)])
        batches.dispatch(world.act, back, on(world, 40))
    assert there(world) == (0, 0)
    with pytest.raises(Conflict, match="point_step"), transaction():
        batches.close_point(world.act, world.point_ids[0], on(world, 50), "再关一次")


def test_two_points_merge(world: World) -> None:
    """Deposits and gifts cross, a delivery waits to be fetched, and the road leads to the other point."""
    received(world, sent(world, 30, 2), 3)
    gift = batches.NewBatch("allocation", on(world, 2), world.place_ids[0], terms="gift")
    received(world, sent(world, 7, 2, gift), 3)
    delivery = batches.NewBatch("delivery", on(world, 2), world.place_ids[0], due_back_on=on(world, 60))
    received(world, fetched := sent(world, 20, 2, delivery), 3)
    whole, part = sent(world, 5, 4, delivery, boxes=2), sent(world, 6, 4, boxes=3)
    with transaction():
        db.session.add(
            BatchGoods(
                network_id=world.network_id, batch_id=whole, kind="toys", name="积木", unit="盒",
                added_at=db.session.get_one(Batch, whole).created_at,
            )
        )  # fmt: skip
    received(world, part, 5, {1: 5})
    back = batches.NewBatch("rotation", on(world, 5), world.place_ids[0], world.place_ids[1])
    received(world, sent(world, 8, 4, batches.NewBatch("allocation", on(world, 4), world.place_ids[1])), 4)
    coming = sent(world, 8, 5, back)
    assert there(world) == (62, 0)
    done = merged(world, 10)
    again = {old: db.session.query(Batch).filter_by(number=new).one() for old, new in done.sent_on.items() if new}
    numbers = {batch: db.session.get_one(Batch, batch).number for batch in (whole, part, coming, fetched)}
    assert set(done.sent_on) == {numbers[whole], numbers[part], numbers[coming]}
    assert done.sent_on[numbers[coming]] is None, "it is back where the others go"
    assert done.to_collect == (numbers[fetched],)
    assert [db.session.get_one(Batch, batch).state for batch in (whole, part, coming)] == [
        "cancelled",
        "received",
        "cancelled",
    ], "one box was counted, one copy short: that stays a case of its own"
    new = again[numbers[whole]]
    assert (new.kind, new.state, new.due_back_on, new.to_place_id) == (
        "delivery",
        "dispatched",
        on(world, 60),
        world.place_ids[1],
    )
    assert db.session.query(BatchGoods).filter_by(batch_id=new.id).one().name == "积木"
    assert db.session.query(Box).filter_by(batch_id=again[numbers[part]].id).count() == 2
    assert there(world) == (20, 8), "the delivery's books wait; all others are on the way"
    for number in done.rotations:
        received(world, db.session.query(Batch).filter_by(number=number).one().id, 11)
    assert there(world) == (20, 8 + 30 + 7 + 5)
    assert len(done.rotations) == 2, "a gift stays a gift"
    for batch in again.values():
        received(world, batch.id, 12)
    assert there(world) == (20, 50 + 10 + 12)
    with transaction():
        batches.collect(world.act, fetched, on(world, 20))
    assert there(world)[0] == 0
    assert steps(world) == ["opened", "merged"]
    assert steps(world, 1) == ["opened", "merged"]
    assert the_point(world, on(world, 9)).open_on(on(world, 9)), "each keeps its past"


def test_renamed_or_misspelt(world: World) -> None:
    """A name from a day on leaves what was before; a misspelt one was never right."""
    old = the_point(world, on(world, 0)).name
    with transaction():
        life.rename(world.act, world.point_ids[0], "平乔小学", on(world, 40))
    before, after = the_point(world, on(world, 39)), the_point(world, on(world, 40))
    assert (before.name, before.former) == (old, None)
    assert (after.name, after.former) == ("平乔小学", old)
    with pytest.raises(Conflict, match="named_that_day"), transaction():
        life.rename(world.act, world.point_ids[0], "平桥小学", on(world, 40))
    with pytest.raises(Invalid, match="name_same"), transaction():
        life.rename(world.act, world.point_ids[0], "平乔小学", on(world, 50))
    with transaction():
        lock_through(world.act, previous_month(month_of(world.act.today())))
        life.correct_name(world.act, world.point_ids[0], "平桥小学")
    assert [called.name for called in names_of(world.network_id, world.point_ids[0])] == ["平桥小学", old]
    with transaction():
        assert life.correct_name(world.act, world.point_ids[0], "长岭中心小学", wrong=old) == 1
    assert the_point(world, on(world, 0)).name == "长岭中心小学"
    assert the_point(world, on(world, 40)).former == "长岭中心小学"
    assert [event.note for event in life_of(world.network_id, world.point_ids[0])][:2] == [
        f"{old} → 长岭中心小学",
        "平乔小学 → 平桥小学",
    ]


def test_shut_for_a_while_and_open_again(world: World) -> None:
    """Days of a pause add no book-days, and a month of which too few are left is not owed."""
    received(world, sent(world, 10, 0), 0)
    month = month_of(on(world, 35))
    first, last = bounds(month)
    with transaction():
        life.pause(world.act, world.point_ids[0], first + timedelta(days=5), "修屋顶", last - timedelta(days=2))
    point = the_point(world, last)
    assert [point.stage_on(first + timedelta(days=day)) for day in (4, 5)] == ["open", "paused"]
    assert month_states([point], month, world.act.today(), 10)[point.id] == "not_due"
    assert month_states([point], month, world.act.today(), 8)[point.id] == "overdue"
    with transaction():
        recompute(world.act, world.point_ids, "0000-00")
    assert db.session.query(PointMonth).filter_by(point_id=point.id, month=month).one().book_days == 80
    with pytest.raises(Conflict, match="pause_overlaps"), transaction():
        life.pause(world.act, world.point_ids[0], first, "放假")
    with transaction():
        life.resume(world.act, world.point_ids[0], first + timedelta(days=10))
    assert the_point(world, last).pauses == (Pause(first + timedelta(days=5), first + timedelta(days=10), "修屋顶"),)


def test_a_closed_point_opens_again(world: World) -> None:
    with transaction():
        life.pause(world.act, world.point_ids[0], on(world, 5), "装修")
        batches.close_point(world.act, world.point_ids[0], on(world, 10), "撤点", world.point_ids[1])
    assert the_point(world, on(world, 12)).successor_id == world.point_ids[1]
    with transaction():
        life.reopen(world.act, world.point_ids[0], on(world, 30), "学校复办")
    point = the_point(world, on(world, 30))
    assert [point.stage_on(on(world, days)) for days in (4, 5, 12, 29, 30)] == ["open", *["paused"] * 3, "open"]
    assert (point.successor_id, point.closed_on) == (None, None)
    assert steps(world) == ["opened", "paused", "closed", "reopened"]


@ON_SQLITE
def test_what_cannot_be_is_refused_with_the_day_that_can(world: World) -> None:
    point, today = world.point_ids[0], world.act.today()
    for step in (
        lambda day: life.rename(world.act, point, "新名", day),
        lambda day: life.pause(world.act, point, day, "修"),
        lambda day: batches.close_point(world.act, point, day, "撤"),
        lambda day: batches.merge(world.act, *world.point_ids, day, "并"),
        lambda day: life.change_kind(world.act, point, "branch", None, day),
    ):
        for day, reason in ((today + timedelta(days=1), "in_the_future"), (on(world, -1), "before_opening")):
            with pytest.raises(Invalid, match=reason), transaction():
                step(day)
    with pytest.raises(Conflict, match="point_step"), transaction():
        life.resume(world.act, point, today)
    with pytest.raises(Invalid, match="successor_itself"), transaction():
        batches.merge(world.act, point, point, today, "并")
    locked = previous_month(month_of(today))
    with transaction():
        lock_through(world.act, locked)
    with pytest.raises(BranchNetError, match="month_locked") as refused, transaction():
        life.pause(world.act, point, bounds(locked)[1], "修")
    assert refused.value.data["earliest"] == bounds(month_of(today))[0]


def test_pupils_and_openness_hold_from_a_day_on(world: World) -> None:
    """What was before keeps what was true then; told twice for one day, the later holds; a locked month is closed."""

    def then(days: int) -> tuple[int | None, bool]:
        found = point_on([world.network_id], world.point_codes[0], on(world, days))
        return found.pupils, found.open_to_community

    before, point = then(9), world.point_ids[0]
    with transaction():
        life.enrol(world.act, point, 300, on(world, 10))
        life.enrol(world.act, point, 310, on(world, 10))
        life.open_to_community(world.act, point, not before[1], on(world, 20))
    assert (then(9), then(10), then(20)) == (before, (310, before[1]), (310, not before[1]))
    assert steps(world, 0)[-3:] == ["enrolment_changed", "enrolment_changed", "openness_changed"]
    with transaction():
        lock_through(world.act, month_of(on(world, 10)))
    for late in (
        lambda: life.enrol(world.act, point, 5, on(world, 10)),
        lambda: life.open_to_community(world.act, point, True, on(world, 10)),
    ):
        with pytest.raises(Invalid, match="month_locked"), transaction():
            late()
