"""Scanned back: who recorded it, what is missing by name, what is of others, and what is not ours at all."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.errors import BranchNetError, Conflict, Invalid, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import BatchLine, BatchScan, Discrepancy, FoundItem
from tests.returns.conftest import Story


def do(work: Callable[[], Any]) -> Any:
    with transaction():
        return work()


def scan(story: Story, batch_id: int, *numbers: int) -> None:
    for number in numbers:
        do(lambda number=number: batches.scan_back(story.world.act, batch_id, story.world.barcodes[number]))


def refusal(story: Story, batch_id: int, barcode: str) -> BranchNetError:
    with pytest.raises(BranchNetError) as refused:
        do(lambda: batches.scan_back(story.world.act, batch_id, barcode))
    db.session.rollback()
    return refused.value


def cases(batch_id: int) -> list[tuple[str, int, int | None, bool]]:
    rows = db.session.execute(
        select(Discrepancy.kind, Discrepancy.quantity, Discrepancy.lot_id, Discrepancy.in_transit)
        .where(Discrepancy.batch_id == batch_id)
        .order_by(Discrepancy.id)
    )
    return [tuple(row) for row in rows]


def test_a_scan_moves_nothing_until_one_press_posts_all_of_it(story: Story) -> None:
    story.brought("delivery", 5, copies=[0, 1, 2, 3], counted=40)
    back = story.sent_back(9, copies=[0, 1, 2, 3], counted=40)
    act, lots = story.world.act, story.world.serial_lot_ids
    scan(story, back, 0, 1, 2)
    assert story.at("workroom") == [0, 0]
    assert do(lambda: batches.count_back(act, back, "故事书", 25)) == "故事书一批"
    assert do(lambda: batches.count_back(act, back, "gss", 13)) == "故事书一批"
    assert refusal(story, back, story.world.barcodes[0]).reason == "scanned_already"
    do(lambda: batches.take_out(act, back, lots[2]))
    opened = do(lambda: batches.finish_scanning(act, back, story.on(11), "学校说还在找"))
    assert story.at("workroom") == [0, 40]
    assert len(opened) == 3
    assert sorted(cases(back), key=str) == sorted(
        [
            ("short", 1, lots[2], True),
            ("short", 1, lots[3], True),
            ("short", 2, story.world.counted_lot_id, True),
        ],
        key=str,
    )
    assert (story.batch(back).state, story.batch(back).received_on) == ("received", story.on(11))
    # What turns up later waits with the others to be shelved; what is still at the school stands there again.
    do(lambda: batches.resolve(act, opened[0], "found", story.on(12)))
    do(lambda: batches.resolve(act, opened[1], "miscounted", story.on(12)))
    do(lambda: batches.resolve(act, opened[2], "lost", story.on(12)))
    assert story.batch(back).state == "received"
    assert story.at("workroom", "shelf")[1] == 41
    assert do(lambda: batches.restock(act, back, story.on(13), copies=41)) == []
    assert story.batch(back).state == "closed"


def test_what_turns_up_once_the_others_are_shelved_is_on_the_shelf(story: Story) -> None:
    act = story.world.act
    story.brought("delivery", 5, copies=[0, 1])
    back = story.sent_back(9, copies=[0, 1])
    scan(story, back, 0)
    [missing] = do(lambda: batches.finish_scanning(act, back, story.on(10)))
    do(lambda: batches.restock(act, back, story.on(11)))
    do(lambda: batches.resolve(act, missing, "found", story.on(12)))
    assert story.at("workroom") == [0, 0]
    assert story.batch(back).state == "closed"


def test_what_was_scanned_is_taken_back_with_its_differences(story: Story) -> None:
    story.brought("delivery", 5, copies=[0, 1])
    back = story.sent_back(9, copies=[0, 1])
    scan(story, back, 0)
    do(lambda: batches.finish_scanning(story.world.act, back, story.on(10)))
    story.take_back(back, "scanned")
    assert story.batch(back).state == "dispatched"
    assert db.session.scalars(select(Discrepancy.resolution)).all() == ["miscounted"]
    scan(story, back, 1)
    assert do(lambda: batches.finish_scanning(story.world.act, back, story.on(10))) == []
    story.take_back(back, "scanned")
    story.take_back(back, "dispatched")
    assert db.session.query(BatchScan).count() == 0


def test_more_counted_than_went_is_a_difference(story: Story) -> None:
    story.brought("delivery", 5, counted=20)
    back = story.sent_back(9, counted=20)
    do(lambda: batches.count_back(story.world.act, back, "故事书一批", 23))
    do(lambda: batches.finish_scanning(story.world.act, back, story.on(10)))
    assert cases(back) == [("over", 3, story.world.counted_lot_id, False)]
    assert story.at("workroom") == [0, 20]


def test_one_press_for_all_is_refused_once_copies_were_scanned(story: Story) -> None:
    story.brought("delivery", 5, copies=[0, 1])
    back = story.sent_back(9, copies=[0, 1])
    with pytest.raises(Invalid):
        do(lambda: batches.finish_scanning(story.world.act, back, story.on(10)))
    scan(story, back, 0)
    with pytest.raises(Conflict) as refused:
        do(lambda: batches.scan(story.world.act, back, story.on(10)))
    assert (refused.value.reason, refused.value.data["copies"]) == ("scans_begun", 1)


def test_a_return_mixes_two_deliveries_and_holds_a_book_of_another_library(story: Story) -> None:
    """Each line settles what it came from; a copy of others is taken along; a foreign one is a found item."""
    world, act = story.world, story.world.act
    first = story.brought("delivery", 5, copies=[0, 1], counted=30)
    second = story.brought("delivery", 7, copies=[2], counted=10)
    other = story.brought("allocation", 7, copies=[3], point=1)
    fetched = do(lambda: batches.bring_back(act, world.place_ids[0], story.on(20), [first], copies=33))
    back = fetched.batch.id
    assert story.settles(back) == {first: 30}
    scan(story, back, 0, 1)
    do(lambda: batches.count_back(act, back, "故事书", 30))
    # Brought by the other delivery: told for what it is, and taken along by one press.
    mine = refusal(story, back, world.barcodes[2])
    assert (mine.reason, mine.data["brought"]) == ("of_another_batch", story.batch(second).number)
    along = do(lambda: batches.bring_along(act, world.serial_lot_ids[2], story.on(20))).id
    assert story.batch(along).from_place_id == world.place_ids[0]
    # Of another school: on a return from there, made on demand.
    strange = refusal(story, back, world.barcodes[3])
    assert (strange.reason, strange.data["place"]) == ("of_another_point", "雷州分馆")
    there = do(lambda: batches.bring_along(act, world.serial_lot_ids[3], story.on(20))).id
    assert story.batch(there).from_place_id == world.place_ids[1]
    assert refusal(story, back, world.barcodes[3]).reason == "of_another_point"
    # On the shelf already, and in no books at all.
    assert refusal(story, back, world.barcodes[5]).reason == "not_out"
    assert refusal(story, back, "XW-9001").reason == "not_in_the_books"
    item = do(
        lambda: batches.record_found(act, batches.Found("XW-9001", "格林童话", "徐闻县图书馆"), story.on(20), back)
    )
    assert db.session.get_one(FoundItem, item).batch_id == back
    # 33 came through the door: 32 of ours and the foreign one; nothing is different.
    assert do(lambda: batches.finish_scanning(act, back, story.on(20))) == []
    do(lambda: batches.restock(act, back, story.on(21)))
    assert story.batch(back).state == "closed"
    do(lambda: batches.dispatch(act, along, story.on(21)))
    assert story.batch(second).collected_on is None
    assert story.batch(other).state == "closed"
    do(lambda: batches.close_found(act, item, "given_back", story.on(22)))
    with pytest.raises(Conflict):
        do(lambda: batches.close_found(act, item, "kept", story.on(22)))


def test_counted_in_scanned_restocked(story: Story) -> None:
    """Three facts, three numbers: only the shelf can be picked from, and each difference between them is a case."""
    act = story.world.act
    story.brought("delivery", 5, counted=320)
    back = story.sent_back(30, counted=320)
    do(lambda: batches.count_in(act, back, story.on(30), 320))
    assert story.at("workroom", "shelf")[:2] == [0, 0]
    do(lambda: batches.count_back(act, back, "故事书", 315))
    do(lambda: batches.finish_scanning(act, back, story.on(32)))
    # The five counted at the door and not scanned are the five that are missing: one difference, not two.
    assert cases(back) == [("short", 5, story.world.counted_lot_id, True)]
    assert story.at("workroom") == [0, 315]
    do(lambda: batches.restock(act, back, story.on(35), copies=313))
    assert cases(back)[1:] == [("short", 2, None, False)]
    assert story.batch(back).state == "received"
    for case in list(db.session.scalars(select(Discrepancy.id).order_by(Discrepancy.id))):
        do(lambda case=case: batches.resolve(act, case, "lost", story.on(36), {story.world.counted_lot_id: 2}))
    assert story.batch(back).state == "closed"
    assert story.at("workroom", "lost") == [0, 0, 7]


def test_a_count_at_the_door_that_one_press_does_not_bear_out_is_a_difference(story: Story) -> None:
    act = story.world.act
    story.brought("delivery", 5, copies=[0, 1], counted=40)
    back = story.sent_back(9, copies=[0, 1], counted=40)
    do(lambda: batches.count_in(act, back, story.on(9), 40))
    opened = do(lambda: batches.scan(act, back, story.on(10)))
    assert cases(back) == [("short", 2, None, False)]
    # They wait in the workroom, and are lost from there.
    do(lambda: batches.resolve(act, opened[0], "lost", story.on(11), dict.fromkeys(story.world.serial_lot_ids[:2], 1)))
    do(lambda: batches.restock(act, back, story.on(12)))
    assert story.batch(back).state == "closed"
    assert story.at("workroom", "lost") == [0, 0, 2]


def test_some_boxes_are_shelved_today_and_the_rest_tomorrow(story: Story) -> None:
    act, lots = story.world.act, story.world.serial_lot_ids
    story.brought("delivery", 5, copies=[0, 1, 2])
    back = story.sent_back(9, copies=[0, 1, 2])
    do(lambda: batches.scan(act, back, story.on(10)))
    do(lambda: batches.restock(act, back, story.on(11), lots=[lots[0], lots[1], lots[7]]))
    assert story.batch(back).state == "received"
    assert story.at("workroom") == [0, 1]
    do(lambda: batches.restock(act, back, story.on(12)))
    assert story.batch(back).state == "closed"
    story.take_back(back, "restocked")
    assert (story.batch(back).state, story.at("workroom")) == ("received", [0, 1])
    do(lambda: batches.restock(act, back, story.on(12)))


def test_so_many_of_a_kind_are_shelved_today(story: Story) -> None:
    act, lots = story.world.act, story.world.serial_lot_ids
    story.brought("delivery", 5, copies=[0, 1], counted=20)
    back = story.sent_back(9, copies=[0, 1], counted=20)
    do(lambda: batches.scan(act, back, story.on(10)))
    do(lambda: batches.shelve_part(act, back, story.on(11), [lots[0]], "gss", 8))
    assert story.at("workroom") == [0, 13]
    for named, field in ((("gss", 13), "quantity"), ((None, None), "barcodes"), (("gss", None), "quantity")):
        with pytest.raises(Invalid) as refused:
            do(lambda named=named: batches.shelve_part(act, back, story.on(11), (), *named))
        assert list(refused.value.data["fields"]) == [field]
    do(lambda: batches.shelve_part(act, back, story.on(12), (), "故事书", 12))
    assert (story.batch(back).state, story.at("workroom")) == ("received", [0, 1])
    do(lambda: batches.restock(act, back, story.on(12)))
    assert story.batch(back).state == "closed"


def test_counted_and_shelved_in_one_press(story: Story) -> None:
    act, place = story.world.act, story.world.place_ids[0]
    first = story.brought("delivery", 5, counted=100)
    fetched = do(lambda: batches.bring_back(act, place, story.on(30), [first], copies=97, shelved=True))
    assert cases(fetched.batch.id) == [("short", 3, story.world.counted_lot_id, True)]
    assert story.batch(first).collected_on == story.on(30)
    assert story.steps(fetched.batch.id) == ["drafted", "dispatched", "counted_in", "received"]
    with pytest.raises(Invalid) as refused:
        do(lambda: batches.bring_back(act, place, story.on(30), [first, None]))
    assert refused.value.reason == "nothing_out"


def test_a_return_that_is_made_up_takes_what_stands_at_its_point(story: Story) -> None:
    act, world = story.world.act, story.world
    story.brought("delivery", 5, copies=[0, 1], counted=10)
    back = do(lambda: batches.return_for(act, world.place_ids[0], story.on(9))).id
    assert do(lambda: batches.return_for(act, world.place_ids[0], story.on(9))).id == back
    done = do(lambda: batches.scan_list_back(act, back, [world.barcodes[0], world.barcodes[0], world.barcodes[6], "X"]))
    assert (done.copies, done.refused, done.repeated) == (1, (world.barcodes[6], "X"), (world.barcodes[0],))
    assert refusal(story, back, world.barcodes[0]).reason == "in_this_batch"
    do(lambda: batches.count_back(act, back, "故事书", 4))
    scan(story, back, 1)
    do(lambda: batches.take_out(act, back, world.serial_lot_ids[1]))
    assert db.session.query(BatchLine).filter_by(batch_id=back).count() == 2
    with pytest.raises(Conflict):
        do(lambda: batches.bring_along(act, world.serial_lot_ids[6], story.on(9)))
    with pytest.raises(NotFound):
        do(lambda: batches.bring_along(act, world.counted_lot_id, story.on(9)))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_book_that_nobody_can_name_is_not_written_down(story: Story) -> None:
    with pytest.raises(Invalid):
        do(lambda: batches.record_found(story.world.act, batches.Found(), story.on(1)))
    with pytest.raises(Invalid):
        do(
            lambda: batches.record_found(
                story.world.act, batches.Found(title="童话", note="电话 13812345678"), story.on(1)
            )
        )
