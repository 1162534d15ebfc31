"""Forty mixed boxes in the corridor and a scanner: what is out, what comes back, what is missing, what is not ours."""

from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.extensions import db, transaction
from branchnet.models import Batch, BatchScan, FoundItem, Lot
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from branchnet.stock.rules import NewLot
from tests.pages.desk import Desk, days_ago, words
from tests.support.queries import QueryCounter
from tests.support.world import World

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


def deliver(app: Flask, world: World, clerk: Desk, days: int, *numbers: int, counted: int = 0, point: int = 0) -> str:
    """A delivery sent and received whole; its number."""
    batch = clerk.begin(world.point_codes[point], "delivery", drafted_on=days_ago(app, world, days))
    for number in numbers:
        clerk.scan(batch, world.barcodes[number])
    if counted:
        clerk.post(f"{batch}/counted", what="故事书一批", quantity=str(counted))
    for step in ("dispatch", "receive"):
        answer = clerk.post(f"{batch}/{step}", happened_on=days_ago(app, world, days), how="all")
        assert answer.status_code == 303, words(answer)
    return batch.rsplit("/", 1)[1]


def bring(clerk: Desk, code: str, day: str, *numbers: str, **sent: str) -> str:
    """Bring back what these batches brought; the address of the return."""
    answer = clerk.post(f"/work/points/{code}/return", batches=list(numbers), happened_on=day, **sent)
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def scan(clerk: Desk, back: str, barcode: str) -> str:
    return words(clerk.post(f"{back}/scan-back", htmx=True, barcode=barcode))


def stands(app: Flask, world: World, *kinds: str) -> list[int]:
    with app.app_context():
        assert violations(world.network_id) == []
        places = [world.place_ids[0], *(central_place(world.network_id, kind) for kind in kinds)]
        found = copies_at(world.network_id, places)
        db.session.remove()
        return [found.get(place, 0) for place in places]


def test_what_is_out_at_a_point_by_batch_comes_back_as_chosen(app: Flask, world: World, clerk: Desk) -> None:
    code, today = world.point_codes[0], days_ago(app, world)
    late = deliver(app, world, clerk, 60, 0, 1, counted=30)
    fresh = deliver(app, world, clerk, 10, 2, counted=20)
    page = clerk.text(f"/work/points/{code}/return")
    assert "还在那里的书，按送去的批次 53 册" in page
    assert f"{late} 送书" in page
    assert "晚了" in page
    gone = {"where": code, "kind": "short", "happened_on": today}
    assert clerk.post("/work/losses/new", what=world.barcodes[2], quantity="1", **gone).status_code == 303
    for address in (f"/work/points/{code}/return", f"/work/batches/{fresh}"):
        assert "有 1 册报了不见，还没有结案：收书时不收" in clerk.text(address)
    assert "报了不见" not in clerk.text(f"/work/batches/{late}")
    back = bring(clerk, code, today, late, how="road")
    told = clerk.text(back)
    assert "收回的是送书批次" in told
    assert f"没条码的书结清： {late} 故事书一批 30 册" in told
    assert stands(app, world)[0] == 21
    left = clerk.text(f"/work/points/{code}/return")
    assert "正在收的" in left
    assert f"{late} 送书" not in left
    assert f"{fresh} 送书" in left
    refused = clerk.post(f"/work/points/{code}/return", batches=[fresh], happened_on=today, how="counted")
    assert refused.status_code == 422
    assert f'value="{fresh}" aria-label="收 {fresh}" checked' in refused.text
    assert "请填写这一项" in words(refused)
    assert clerk.post(f"/work/points/{code}/return", happened_on=today, how="road").status_code == 422
    shelved = bring(clerk, code, today, fresh, how="shelved", copies="19")
    said = clerk.text(shelved)
    assert "点过数，入库了，这些书可以再配。记下差异 1 条。" in said
    assert "归还 19 册" in said
    assert "入库 19 册" in said


def test_a_return_mixes_two_deliveries_and_holds_a_book_of_another_library(
    app: Flask, world: World, clerk: Desk
) -> None:
    code, today = world.point_codes[0], days_ago(app, world)
    first = deliver(app, world, clerk, 40, 0, 1, counted=30)
    second = deliver(app, world, clerk, 20, 2)
    elsewhere = deliver(app, world, clerk, 20, 3, point=1)
    back = bring(clerk, code, today, first, how="counted", copies="33")
    page = clerk.text(f"{back}/scan-back")
    assert "扫到 0 册 这批一共有 32 册 还没扫到 32 册" in page
    said = scan(clerk, back, world.barcodes[0])
    assert "扫到了 《小人书 01》" in said
    assert "扫到 1 册" in said
    assert "扫过了：林管理员" in scan(clerk, back, world.barcodes[0])
    assert stands(app, world, "workroom") == [1, 0]
    # Of the other delivery, of another school, on the shelf, in no books.
    other = clerk.post(f"{back}/scan-back", htmx=True, barcode=world.barcodes[2])
    assert f"不在这批，是 {second} 送来的" in words(other)
    lot = world.serial_lot_ids[2]
    assert f"/scan-back/{lot}/along" in other.text
    along = words(clerk.post(f"{back}/scan-back/{lot}/along", htmx=True))
    assert "一起收回了 记进归还批次" in along
    strange = scan(clerk, back, world.barcodes[3])
    assert "账上在雷州分馆，不在这个点" in strange
    assert "一起收回" in strange
    assert "账上它就在架上，放回书架就行" in scan(clerk, back, world.barcodes[7])
    foreign = clerk.post(f"{back}/scan-back", htmx=True, barcode="XW-9001")
    assert 'data-unknown="XW-9001"' in foreign.text
    noted = words(
        clerk.post(f"{back}/scan-back/found", htmx=True, barcode="XW-9001", title="格林童话", whose="徐闻县图书馆")
    )
    assert "“格林童话”记下了，不进本馆的账" in noted
    finish_and_close(app, world, clerk, back, today, elsewhere)


def finish_and_close(app: Flask, world: World, clerk: Desk, back: str, today: str, elsewhere: str) -> None:
    """The second half of that: taken off and scanned again, a column pasted, what has no barcode by its number."""
    code = world.point_codes[1]
    undone = words(clerk.post(f"{back}/scan-back/{world.serial_lot_ids[0]}/remove", htmx=True))
    assert "拿掉了" in undone
    column = clerk.post(f"{back}/scan-back/list", htmx=True, barcodes=f"{world.barcodes[0]}\n{world.barcodes[1]}\nNO-1")
    assert "扫到了 2 册 ；有 1 个条码没有收" in words(column)
    assert "点到了 故事书一批 30 册" in words(
        clerk.post(f"{back}/scan-back/counted", htmx=True, what="gss", quantity="30")
    )
    done = clerk.post(f"{back}/scan-back/finish", happened_on=today)
    assert done.status_code == 303, words(done)
    told = clerk.text(str(done.location))
    # 33 at the door are the 32 of ours and the foreign one: nothing is open.
    assert "过电脑完成，书在总馆整理间。 " in f"{told} "
    assert "记下差异" not in told
    assert "归还 33 册" in told
    assert "过电脑 32 册" in told
    assert stands(app, world, "workroom") == [1, 32]
    assert "不能再扫" not in clerk.text(f"{back}/scan-back")
    listed = clerk.text("/work/found")
    assert "格林童话 XW-9001 徐闻县图书馆 1" in listed
    with app.app_context():
        item = db.session.scalars(select(FoundItem.id)).one()
        made = db.session.scalars(select(Batch.number).where(Batch.state == "draft").order_by(Batch.id)).all()
        assert db.session.scalars(select(Lot).where(Lot.barcode == "XW-9001")).first() is None
        db.session.remove()
    assert clerk.post(f"/work/found/{item}/close", outcome="given_back", happened_on=today).status_code == 303
    assert "没有代管的书" in clerk.text("/work/found")
    assert "还给人家了" in clerk.text("/work/found?closed=1")
    # The other delivery's copy is on a return of its own, and goes the same way in one press.
    finished = clerk.post(f"/work/batches/{made[0]}/scan-back/finish", happened_on=today)
    assert finished.status_code == 303, words(finished)
    assert stands(app, world, "workroom") == [0, 33]
    assert elsewhere in clerk.text(f"/work/points/{code}/return")


def test_counted_in_scanned_restocked(app: Flask, world: World, clerk: Desk) -> None:
    """归还 320 · 过电脑 315 · 入库 313: each its own day and number, each difference open until somebody knows."""
    code = world.point_codes[0]
    number = deliver(app, world, clerk, 40, counted=320)
    back = bring(clerk, code, days_ago(app, world, 5), number, how="counted", copies="320")
    clerk.post(f"{back}/scan-back/counted", htmx=True, what="故事书", quantity="315")
    done = clerk.post(f"{back}/scan-back/finish", happened_on=days_ago(app, world, 3), note="学校说还在找")
    assert "记下差异 1 条" in clerk.text(str(done.location))
    missing = clerk.text(f"{back}/papers/missing")
    assert "未还图书清单" in missing
    assert f"1 故事书一批 {number} 5" in missing
    assert "（5 册没有定价，没有计入）" in missing
    assert clerk.post(f"{back}/restock", happened_on=days_ago(app, world, 1), copies="313").status_code == 303
    page = clerk.text(back)
    for told in (
        "归还 320 册",
        "过电脑 315 册",
        "入库 313 册",
        "少了 2 册",
        "还不知道是哪几册",
        "没收回来，书还在服务点",
    ):
        assert told in page, told
    assert stands(app, world, "workroom", "shelf")[1] == 0


@ON_SQLITE
def test_a_return_is_made_up_scan_by_scan_and_shelved_in_parts(app: Flask, world: World, clerk: Desk) -> None:
    code, today = world.point_codes[0], days_ago(app, world)
    deliver(app, world, clerk, 40, 0, 1, 2, counted=10)
    begun = clerk.post(f"/work/points/{code}/return/scan", happened_on=today)
    assert begun.status_code == 303
    back = str(begun.location).removesuffix("/scan-back")
    assert str(clerk.post(f"/work/points/{code}/return/scan", happened_on=today).location) == begun.location
    assert "那里一共有 13 册" in clerk.text(str(begun.location))
    assert "扫书收回" in clerk.text(back)
    for number in (0, 1):
        assert "扫到了" in scan(clerk, back, world.barcodes[number])
    assert "已经在这一批里" in scan(clerk, back, world.barcodes[0])
    assert "不用收：" in scan(clerk, back, world.barcodes[8])
    assert clerk.post(f"{back}/scan-back/finish", happened_on=today).status_code == 303
    part = clerk.post(f"{back}/restock-part", happened_on=today, barcodes=world.barcodes[0])
    assert part.status_code == 303, words(part)
    assert "入库 1 册" in clerk.text(back)
    assert clerk.post(f"{back}/restock-part", happened_on=today, barcodes="").status_code == 422
    assert clerk.post(f"{back}/restock", happened_on=today).status_code == 303
    assert "入库 2 册" in clerk.text(back)
    assert "结清 2026" in clerk.text(back).replace(today[:4], "2026")
    # What was not scanned still stands there, and is the school's list.
    with app.app_context():
        delivery = db.session.scalars(select(Batch.number).where(Batch.kind == "delivery")).one()
        db.session.remove()
    left = clerk.text(f"/work/batches/{delivery}/papers/missing")
    assert "共 11 册" in left
    file = clerk.get(f"/work/batches/{delivery}/papers/missing.xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert any(world.barcodes[2] in row for row in rows)
    assert "没有未还的书" in clerk.text(f"{back}/papers/missing")


@ON_SQLITE
def test_the_clerk_says_otherwise_what_a_return_settles(app: Flask, world: World, clerk: Desk) -> None:
    code, today = world.point_codes[0], days_ago(app, world)
    first = deliver(app, world, clerk, 40, counted=30)
    second = deliver(app, world, clerk, 20, counted=20)
    back = bring(clerk, code, today, first, how="road")
    assert "30" in clerk.text(f"{back}/settles")
    with app.app_context():
        ids = dict(db.session.execute(select(Batch.number, Batch.id)).all())
        db.session.remove()
    lot = world.counted_lot_id
    asked = {f"settles-{lot}-{ids[first]}": "10", f"settles-{lot}-{ids[second]}": "25"}
    refused = clerk.post(f"{back}/settles", happened_on=today, **asked)
    assert refused.status_code == 422
    assert refused.text.count('aria-invalid="true"') == 2, "too many in all: beside each field"
    asked[f"settles-{lot}-{ids[second]}"] = "20"
    assert clerk.post(f"{back}/settles", happened_on=today, **asked).status_code == 303
    page = clerk.text(back)
    assert f"{second} 故事书一批 20 册" in page
    assert f"{first} 30→10" in page


@ON_SQLITE
def test_without_script_every_press_leads_back_to_the_page(app: Flask, world: World, clerk: Desk) -> None:
    number = deliver(app, world, clerk, 40, 0)
    back = bring(clerk, world.point_codes[0], days_ago(app, world), number, how="road")
    assert clerk.post(f"{back}/scan-back", barcode=world.barcodes[0]).location == f"{back}/scan-back"
    refused = clerk.post(f"{back}/scan-back", barcode="NO-SUCH")
    assert refused.status_code == 404
    assert "条码 NO-SUCH 不在账上" in words(refused)
    assert 'value="NO-SUCH"' in refused.text
    listed = clerk.post(f"{back}/scan-back/list", barcodes="NO-1\nNO-2")
    assert "NO-1" in words(listed)
    assert clerk.post(f"{back}/scan", happened_on=days_ago(app, world)).status_code == 409
    assert clerk.get(f"/work/batches/{number}/scan-back").status_code == 404


@ON_SQLITE
def test_a_scan_sent_twice_is_one(app: Flask, world: World, clerk: Desk) -> None:
    number = deliver(app, world, clerk, 40, 0)
    back = bring(clerk, world.point_codes[0], days_ago(app, world), number, how="road")
    for _time in range(2):
        answer = clerk.post(f"{back}/scan-back", htmx=True, barcode=world.barcodes[0], op_id="pressed-twice")
        assert "扫到了" in words(answer)
    with app.app_context():
        assert db.session.query(BatchScan).count() == 1
        db.session.remove()


@ON_SQLITE
def test_pages_ask_as_often_for_thirty_copies_as_for_one(
    app: Flask, world: World, clerk: Desk, query_counter: QueryCounter
) -> None:
    code, today = world.point_codes[0], days_ago(app, world)
    deliver(app, world, clerk, 40, 0, counted=5)
    asked = []
    for more in (0, 30):
        if more:
            with app.app_context(), transaction():
                lots = [NewLot(f"绘本 {one}", barcode=f"55{one:06d}") for one in range(more)]
                taken = batches.take_in(world.act, "opening", lots, world.begun_on, world.place_ids[0])
                assert len(taken.lot_ids) == more
            deliver(app, world, clerk, 30, 1, counted=5)
        begun = str(clerk.post(f"/work/points/{code}/return/scan", happened_on=today).location)
        back = begun.removesuffix("/scan-back")
        clerk.post(f"{back}/scan-back/list", htmx=True, barcodes="\n".join(f"55{one:06d}" for one in range(31)))
        counts = []
        for path in (
            f"/work/points/{code}/return",
            begun,
            back,
            f"{back}/papers/missing",
            f"{back}/settles",
            "/work/found",
        ):
            query_counter.reset()
            assert clerk.get(path).status_code == 200, path
            counts.append(query_counter.count)
        asked.append(counts)
    assert asked[0] == asked[1]
