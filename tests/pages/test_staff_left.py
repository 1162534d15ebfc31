"""What is still at a school says so everywhere: on its list, in the letter, on the day; until it is back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.extensions import db, transaction
from branchnet.models import Batch, Discrepancy
from tests.pages.desk import Desk, days_ago, words
from tests.pages.test_staff_returns import bring, deliver, scan, stands
from tests.support.world import World

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def test_a_book_that_was_not_fetched_stays_on_the_list_until_it_is_back(app: Flask, world: World, clerk: Desk) -> None:
    code, today = world.point_codes[0], days_ago(app, world)
    number = deliver(app, world, clerk, 40, 0, 1, counted=100)
    back = bring(clerk, code, days_ago(app, world, 3), number, how="road")
    scan(clerk, back, world.barcodes[0])
    clerk.post(f"{back}/scan-back/counted", htmx=True, what="故事书", quantity="100")
    assert clerk.post(f"{back}/scan-back/finish", happened_on=days_ago(app, world, 2)).status_code == 303
    assert f"小人书 02 {world.barcodes[1]}" in clerk.text(f"{back}/papers/missing")
    with app.app_context():
        case = db.session.scalars(select(Discrepancy.id)).one()
        db.session.remove()
    ending = {"resolution": "miscounted", "happened_on": today}
    assert clerk.post(f"{back}/differences/{case}/resolve", **ending).status_code == 303
    for paper in (back, f"/work/batches/{number}"):
        assert "共 1 册" in clerk.text(f"{paper}/papers/missing")
        assert world.barcodes[1] in clerk.text(f"{paper}/papers/missing")
    rest = bring(clerk, code, today, number, how="road")
    for paper in (back, f"/work/batches/{number}"):
        assert "没有未还的书" in clerk.text(f"{paper}/papers/missing")
    # Called off, it stands there again.
    clerk.post(f"{rest}/cancel", happened_on=today, note="车没去")
    assert "共 1 册" in clerk.text(f"{back}/papers/missing")


def test_a_late_delivery_says_what_of_it_is_left(app: Flask, world: World, clerk: Desk) -> None:
    number = deliver(app, world, clerk, 60, counted=300)
    other = deliver(app, world, clerk, 59, counted=100)
    with app.app_context(), transaction():
        act, today = world.act, world.act.today()
        ids = dict(db.session.execute(select(Batch.number, Batch.id)).all())
        back = batches.draft(
            act, batches.NewBatch("return", today - timedelta(days=2), from_place_id=world.place_ids[0])
        )
        batches.add_lines(act, back.id, [batches.NewLine(world.counted_lot_id, 299)])
        batches.dispatch(act, back.id, today - timedelta(days=2), {ids[number]})
    day = clerk.text("/work/")
    letter = clerk.text(f"/work/batches/{number}/papers/overdue-letter")
    assert "送书 300 册" in letter
    assert "还有 1 册（大写：壹册）没有归还" in letter
    assert "还有 100 册" in clerk.text(f"/work/batches/{other}/papers/overdue-letter")
    row = clerk.get("/work/").text.split(f">{number}<")[1].split("</tr>")[0]
    assert ">300<" not in row
    assert ">1<" in row
    assert "放在长岭小学流动服务点的 1 册书" in day


def test_what_waits_in_the_workroom_is_work_of_the_day(app: Flask, world: World, clerk: Desk) -> None:
    code, today = world.point_codes[0], days_ago(app, world)
    number = deliver(app, world, clerk, 40, 0, counted=20)
    back = bring(clerk, code, today, number, how="road")
    for at in ("/work/", f"/work/points/{code}/return"):
        assert "清点入库" not in clerk.text(at)
    assert clerk.post(f"{back}/scan", happened_on=today).status_code == 303
    day = clerk.text("/work/")
    assert "在整理间，等入库 1 批" in day
    assert "长岭小学流动服务点 21 清点入库" in day
    assert f'<a href="{back}">清点入库</a>' in clerk.get(f"/work/points/{code}/return").text
    assert clerk.text("/work/batches?state=restock").count(back.rsplit("/", 1)[1]) == 1
    assert clerk.post(f"{back}/damaged", damaged="1", happened_on=today).status_code == 303
    assert clerk.post(f"{back}/restock", happened_on=today).status_code == 303
    # With nothing left to shelve the button is gone, though a difference keeps the return open.
    assert 'type="submit">清点入库' not in clerk.get(back).text
    assert "等入库 1 批" not in clerk.text("/work/")


def test_a_return_that_is_made_up_says_where_it_comes_from(app: Flask, world: World, clerk: Desk) -> None:
    deliver(app, world, clerk, 40, 0)
    clerk.post(f"/work/points/{world.point_codes[0]}/return/scan", happened_on=days_ago(app, world))
    assert "从长岭小学流动服务点收回" in clerk.text("/work/")


def test_books_without_barcodes_are_shelved_in_part_too(app: Flask, world: World, clerk: Desk) -> None:
    code, today = world.point_codes[0], days_ago(app, world)
    number = deliver(app, world, clerk, 40, 0, counted=20)
    back = bring(clerk, code, today, number, how="road")
    clerk.post(f"{back}/scan", happened_on=today)
    part = f"{back}/restock-part"
    wrong = clerk.post(part, happened_on=today, barcodes="NO-SUCH")
    assert (wrong.status_code, "条码 NO-SUCH 不在账上。" in words(wrong)) == (422, True)
    assert "写上书名" not in words(wrong)
    for sent, said in (
        ({"what": "故事书", "quantity": "21"}, "整理间里这一批的这种书有 20 册"),
        ({"what": "故事书"}, "请填写这一项"),
        ({"what": "没有的", "quantity": "2"}, "没有的"),
    ):
        refused = clerk.post(part, happened_on=today, **sent)
        assert refused.status_code in (404, 422)
        assert said in words(refused)
    assert clerk.post(part, happened_on=today, what="gss", quantity="8").status_code == 303
    assert stands(app, world, "workroom") == [0, 13]
    # Reloaded, what was refused leads back to its page.
    assert clerk.get(part).location == back
    assert clerk.get(f"{back}/scan-back/finish").location == f"{back}/scan-back"
    assert clerk.get(f"{back}/differences/1/resolve").location == back
    assert clerk.get("/work/wishes/1/close").location == "/work/"
    assert clerk.client.put(part).status_code in (400, 405)


def test_books_of_others_stay_in_sight_on_the_page_of_the_return(app: Flask, world: World, clerk: Desk) -> None:
    number = deliver(app, world, clerk, 40, 0)
    back = bring(clerk, world.point_codes[0], days_ago(app, world), number, how="road")
    assert "别家的书" not in clerk.text(back)
    clerk.post(f"{back}/scan-back/found", htmx=True, barcode="XW-1", title="格林童话")
    assert "这一批里发现别家的书： 1 册" in clerk.text(back)


def test_what_was_not_scanned_follows_the_scanning(app: Flask, world: World, clerk: Desk) -> None:
    number = deliver(app, world, clerk, 40, *range(11), counted=20)
    clerk_at = f"/work/points/{world.point_codes[0]}/return"
    other = deliver(app, world, clerk, 30, 11)
    back = bring(clerk, world.point_codes[0], days_ago(app, world), number, how="road")
    part = clerk.post(f"{back}/scan-back", htmx=True, barcode=world.barcodes[0]).text
    left = part.split('id="wanted"')[1]
    assert world.barcodes[0] not in left
    assert world.barcodes[1] in left
    # The way to take it along stands at its line, of a column too.
    along = f'data-along="{back}/scan-back/{world.serial_lot_ids[11]}/along"'
    assert along in clerk.post(f"{back}/scan-back", htmx=True, barcode=world.barcodes[11]).text
    column = "\n".join([*world.barcodes[1:12], "NO-1"])
    listed = clerk.post(f"{back}/scan-back/list", htmx=True, barcodes=column).text
    assert listed.count("data-along") == 1
    assert other in clerk.text(clerk_at)
    assert "全部" not in clerk.text(f"{back}/scan-back")
    clerk.post(f"{back}/scan-back/counted", htmx=True, what="故事书", quantity="20")
    # Twelve rows at a time: eleven copies and a kind are twelve, and one that is taken off and scanned again no more.
    assert "都扫到了" in clerk.text(f"{back}/scan-back")


def test_all_scans_can_be_seen(app: Flask, world: World, clerk: Desk) -> None:
    deliver(app, world, clerk, 40, *range(12), counted=20)
    code = world.point_codes[0]
    begun = str(clerk.post(f"/work/points/{code}/return/scan", happened_on=days_ago(app, world)).location)
    clerk.post(f"{begun}/counted", htmx=True, what="故事书", quantity="20")
    clerk.post(f"{begun}/list", htmx=True, barcodes="\n".join(world.barcodes))
    assert "故事书一批" not in clerk.text(begun).split("最近扫的在最上面")[1]
    assert "全部 13 条" in clerk.text(begun)
    everything = clerk.text(f"{begun}?page=1").split("最近扫的在最上面")[1]
    assert "故事书一批" in everything
    assert "全部 13 条" not in everything


def test_nothing_old_is_offered_to_settle_and_boxes_of_which_only_the_number_is_known(
    app: Flask, world: World, clerk: Desk
) -> None:
    code = world.point_codes[0]
    old, new = deliver(app, world, clerk, 60, counted=10), deliver(app, world, clerk, 40, counted=10)
    bring(clerk, code, days_ago(app, world, 20), old, how="shelved", copies="10")
    back = bring(clerk, code, days_ago(app, world, 3), new, how="road")
    offered = clerk.text(f"{back}/settles")
    assert new in offered
    assert old not in offered
    logged = clerk.post(
        "/work/log", to=code, kind="delivery", sent_on=days_ago(app, world, 2), copies="100", boxes="20"
    )
    page = clerk.text(f"/work/batches/{str(logged.location).split('?')[0].rsplit('/', 1)[1]}")
    assert "装了 20 箱，没有分箱记" in page
    assert "空的" not in page
    assert "第 20 箱" not in page.split("没有分箱记")[1].split("不是书的东西")[0]
