"""Each line of a return settles what brought it: in the same transaction, taken back with it, changeable afterwards."""

import pytest

from branchnet.batches import commands as batches
from branchnet.batches.brought import standing_at
from branchnet.batches.checks import violations
from branchnet.errors import Conflict, Invalid
from branchnet.extensions import db, transaction
from branchnet.models import BatchEvent, Discrepancy, Settlement, StayEnd
from tests.returns.conftest import Story


def out(story: Story) -> dict[int | None, int]:
    db.session.rollback()
    return standing_at(story.world.network_id, story.world.place_ids[0]).totals()


def test_a_barcoded_copy_settles_the_batch_that_brought_it_last(story: Story) -> None:
    first = story.brought("delivery", 5, copies=[0, 1])
    story.sent_back(8, copies=[0])
    assert out(story) == {first: 1}
    with transaction():
        batches.scan(story.world.act, story.sent_back(9, copies=[1]), story.on(9))
    second = story.brought("allocation", 12, copies=[2, 3])
    assert out(story) == {second: 2}
    assert db.session.query(Settlement).count() == 0


def test_counted_copies_settle_the_oldest_open_batch(story: Story) -> None:
    opening = story.brought("allocation", 3, counted=100)
    delivery = story.brought("delivery", 5, counted=60)
    back = story.sent_back(10, counted=120)
    assert story.settles(back) == {opening: 100, delivery: 20}
    assert out(story) == {delivery: 40}
    again = story.sent_back(11, counted=40)
    assert story.settles(again) == {delivery: 40}
    assert out(story) == {}


def test_a_gift_is_settled_last(story: Story) -> None:
    gift = story.brought("allocation", 3, counted=50, terms="gift")
    deposit = story.brought("allocation", 9, counted=20)
    back = story.sent_back(10, counted=25)
    assert story.settles(back) == {deposit: 20, gift: 5}


def test_a_collected_delivery_settles_itself_before_an_older_batch(story: Story) -> None:
    older = story.brought("allocation", 3, counted=100)
    delivery = story.brought("delivery", 5, counted=60)
    with transaction():
        back = batches.collect(story.world.act, delivery, story.on(30)).id
    assert story.settles(back) == {delivery: 60}
    assert out(story) == {older: 100}
    assert story.batch(delivery).collected_on == story.on(30)
    assert db.session.query(StayEnd).count() == 0


def test_a_rotation_settles_too_and_ends_the_stay_where_it_started(story: Story) -> None:
    delivery = story.brought("delivery", 5, counted=30, copies=[0])
    world = story.world
    with transaction():
        on = batches.draft(world.act, batches.NewBatch("rotation", story.on(9), world.place_ids[1], world.place_ids[0]))
        batches.add_lines(world.act, on.id, [batches.NewLine(world.counted_lot_id, 30)])
        batches.dispatch(world.act, on.id, story.on(9))
        rotation = on.id
    assert story.settles(rotation) == {delivery: 30}
    assert story.batch(delivery).collected_on is None
    story.sent_back(10, copies=[0])
    assert story.batch(delivery).collected_on == story.on(10)


def test_a_return_that_mixes_two_deliveries_ends_both_stays_and_a_reversal_opens_them(story: Story) -> None:
    first = story.brought("delivery", 5, counted=30, copies=[0])
    second = story.brought("delivery", 7, counted=20, copies=[1])
    back = story.sent_back(20, counted=50, copies=[0, 1])
    assert story.settles(back) == {first: 30, second: 20}
    assert [story.batch(one).collected_on for one in (first, second)] == [story.on(20)] * 2
    assert db.session.query(StayEnd).count() == 2
    story.take_back(back, "dispatched")
    assert [story.batch(one).collected_on for one in (first, second)] == [None, None]
    assert db.session.query(StayEnd).count() == db.session.query(Settlement).count() == 0
    assert story.steps(back)[-2:] == ["reversed", "resettled"]
    assert out(story) == {first: 31, second: 21}
    with transaction():
        batches.dispatch(story.world.act, back, story.on(21))
    assert story.settles(back) == {first: 30, second: 20}
    with transaction():
        batches.cancel(story.world.act, back, story.on(22), "不收了")
    assert out(story) == {first: 31, second: 21}
    assert story.batch(first).collected_on is None


def test_the_rest_that_was_recalled_is_out_again(story: Story) -> None:
    first = story.brought("delivery", 5, counted=30)
    second = story.brought("delivery", 7, counted=20)
    world = story.world
    with transaction():
        back = batches.draft(world.act, batches.NewBatch("return", story.on(9), from_place_id=world.place_ids[0])).id
        batches.open_boxes(world.act, back, 2)
        lines = [batches.NewLine(world.counted_lot_id, 35, 1), batches.NewLine(world.counted_lot_id, 15, 2)]
        batches.add_lines(world.act, back, lines)
        batches.dispatch(world.act, back, story.on(9))
    assert story.batch(second).collected_on == story.on(9)
    with transaction():
        batches.receive(world.act, back, story.on(10), {1: 35})
        batches.recall(world.act, back, story.on(11), "车坏了")
    assert story.settles(back) == {first: 30, second: 5}
    assert story.batch(first).collected_on == story.on(9)
    assert story.batch(second).collected_on is None
    story.take_back(back, "recalled")
    assert story.settles(back) == {first: 30, second: 20}
    assert story.batch(second).collected_on is not None


def test_what_turned_out_to_be_at_the_school_still_settles_nothing(story: Story) -> None:
    delivery = story.brought("delivery", 5, counted=30)
    back = story.sent_back(9, counted=30)
    with transaction():
        batches.receive(story.world.act, back, story.on(10), {0: 28})
    case = db.session.query(Discrepancy).one().id
    with transaction():
        batches.resolve(story.world.act, case, "miscounted", story.on(11))
    assert story.settles(back) == {delivery: 28}
    assert story.batch(delivery).collected_on is None
    story.take_back(back, "resolved")
    assert story.settles(back) == {delivery: 30}


def test_a_receipt_that_a_return_settled_stays_until_the_return_is_taken_back(story: Story) -> None:
    first = story.brought("delivery", 5, counted=30)
    second = story.brought("allocation", 7, counted=40)
    back = story.sent_back(20, counted=30)
    with pytest.raises(Conflict) as refused:
        story.take_back(first, "received")
    assert refused.value.reason == "later_moves"
    assert refused.value.data["entries"]
    story.take_back(back, "dispatched")
    story.take_back(first, "received")
    assert out(story) == {second: 40}


def test_settled_otherwise_by_the_clerk(story: Story) -> None:
    lot = story.world.counted_lot_id
    first = story.brought("delivery", 5, counted=30)
    second = story.brought("delivery", 7, counted=20)
    back = story.sent_back(20, counted=30)
    assert story.batch(first).collected_on == story.on(20)
    with transaction():
        batches.resettle(story.world.act, back, story.on(21), {lot: {first: 10, second: 20}})
    assert out(story) == {first: 20}
    assert (story.batch(first).collected_on, story.batch(second).collected_on) == (None, story.on(20))
    assert story.steps(back)[-1] == "resettled"
    number = story.batch(first).number
    assert f"{number} 30→10" in (
        db.session.query(BatchEvent).filter_by(batch_id=back, step="resettled").one().note or ""
    )
    for asked, reason in (({first: 11, second: 20}, "settled_beyond_line"), ({second: 21}, "settled_beyond_brought")):
        with pytest.raises(Invalid) as refused, transaction():
            batches.resettle(story.world.act, back, story.on(21), {lot: asked})
        assert reason in refused.value.data["fields"].values()
    with pytest.raises(Conflict), transaction():
        batches.resettle(story.world.act, first, story.on(21), {lot: {second: 1}})


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_wrong_with_a_settlement_is_told(story: Story) -> None:
    delivery = story.brought("delivery", 5, counted=30)
    story.brought("delivery", 6, counted=30)
    back = story.sent_back(9, counted=30)
    with transaction():
        db.session.query(Settlement).filter_by(batch_id=back).update({"quantity": 31})
    found = [row for row in violations(story.world.network_id) if row["check"] == "settled_more"]
    assert {row["batch_id"] for row in found} == {delivery, back}
    with transaction():
        db.session.query(Settlement).filter_by(batch_id=back).update({"quantity": 30})


def gone(story: Story, days: int, counted: int = 0, copy: int | None = None) -> int:
    """Copies at the first point are reported and closed as lost. Returns the difference's id."""
    world = story.world
    lot_id = world.counted_lot_id if copy is None else world.serial_lot_ids[copy]
    with transaction():
        place = world.place_ids[0]
        case = batches.report(world.act, place, "short", counted or 1, story.on(days), lot_id)
        batches.resolve(world.act, case, "lost", story.on(days))
    return case


def test_a_stay_ends_with_the_last_copy_that_is_lost_and_goes_on_when_that_is_taken_back(story: Story) -> None:
    delivery = story.brought("delivery", 5, counted=10, copies=[0])
    story.sent_back(20, counted=8)
    first = gone(story, 12, copy=0)
    assert story.batch(delivery).collected_on is None
    last = gone(story, 15, counted=2)
    # Recorded last, but the return took the others later.
    assert story.batch(delivery).collected_on == story.on(20)
    for case in (last, first):
        with transaction():
            batches.reverse_closing(story.world.act, case, "记错了")
        assert story.batch(delivery).collected_on is None
        with transaction():
            batches.resolve(story.world.act, case, "lost", story.on(25))
        assert story.batch(delivery).collected_on == story.on(25)
    with transaction():
        batches.find_again(
            story.world.act, story.world.serial_lot_ids[0], "lost", story.world.place_ids[0], story.on(30)
        )
    assert story.batch(delivery).collected_on is None
    assert db.session.query(StayEnd).count() == 0
    story.sent_back(31, copies=[0])
    assert story.batch(delivery).collected_on == story.on(31)


def test_what_others_brought_of_the_same_title_keeps_no_stay_open(story: Story) -> None:
    delivery = story.brought("delivery", 5, copies=[0])
    older = story.brought("allocation", 6, counted=40)
    gone(story, 12, counted=3)
    assert story.batch(delivery).collected_on is None
    gone(story, 14, copy=0)
    assert story.batch(delivery).collected_on == story.on(14)
    assert out(story) == {older: 37}


def test_a_stay_of_which_all_was_lost_on_the_road_ends_once_none_is_on_it(story: Story) -> None:
    world, act = story.world, story.world.act
    with transaction():
        made = batches.draft(act, batches.NewBatch("delivery", story.on(5), world.place_ids[0])).id
        batches.add_lines(act, made, [batches.NewLine(lot_id) for lot_id in world.serial_lot_ids[:3]])
        batches.dispatch(act, made, story.on(5))
        batches.receive_scanned(act, made, story.on(6), world.barcodes[:1], complete=True)
    cases = list(db.session.scalars(db.select(Discrepancy.id).order_by(Discrepancy.id)))
    gone(story, 9, copy=0)
    with transaction():
        batches.resolve(act, cases[0], "lost", story.on(10))
    assert story.batch(made).collected_on is None
    with transaction():
        batches.resolve(act, cases[1], "lost", story.on(11))
    assert story.batch(made).collected_on == story.on(11)
    story.take_back(made, "resolved")
    assert story.batch(made).collected_on is None


def missing(story: Story, days: int, counted: int = 0, copy: int | None = None) -> int:
    """Copies at the first point are reported missing, and stay open. Returns the difference's id."""
    world = story.world
    lot_id = world.counted_lot_id if copy is None else world.serial_lot_ids[copy]
    with transaction():
        return batches.report(world.act, world.place_ids[0], "short", counted or 1, story.on(days), lot_id)


def test_what_is_called_missing_is_not_fetched(story: Story) -> None:
    world, act = story.world, story.world.act
    delivery = story.brought("delivery", 5, counted=10, copies=[0, 1])
    other = story.brought("allocation", 6, counted=4)
    missing(story, 8, copy=0)
    lost = missing(story, 9, counted=6)
    with transaction():
        back = batches.collect(act, delivery, story.on(20)).id
    assert story.settles(back) == {delivery: 8}, "fourteen are there in the books, and six of them missing"
    assert story.batch(delivery).collected_on == story.on(20)
    assert out(story) == {delivery: 3, other: 4}
    with pytest.raises(Invalid, match="nothing_out"), transaction():
        batches.bring_back(act, world.place_ids[0], story.on(21), [delivery])
    with transaction():
        batches.resolve(act, lost, "found", story.on(22))
        again = batches.bring_back(act, world.place_ids[0], story.on(22), [delivery, other]).batch.id
    assert story.settles(again) == {delivery: 2, other: 4}
    assert out(story) == {delivery: 1}
