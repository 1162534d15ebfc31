"""Picking: every scan is a line or a reason, and 3,300 lines cost no more questions than 3."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch
from branchnet.extensions import db, transaction
from branchnet.models import BatchLine
from branchnet.stock.rules import NewLot
from tests.pages.desk import Desk, clerk_of, days_ago, words
from tests.support.queries import QueryCounter
from tests.support.world import COUNTED, World, build_world


@pytest.fixture
def batch(app: Flask, world: World, clerk: Desk) -> str:
    """The address of an empty batch to the branch."""
    return clerk.begin(world.point_codes[1], drafted_on=days_ago(app, world))


def lines(app: Flask) -> int:
    with app.app_context():
        return db.session.execute(select(func.count(BatchLine.id)).where(BatchLine.batch_id > 1)).scalar_one()


def test_a_scan_adds_a_line_and_offers_its_undo(world: World, clerk: Desk, batch: str) -> None:
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 200
    assert f"《小人书 01》{world.barcodes[0]}" in words(answer)
    assert "撤销这一本" in words(answer)
    assert "<html" not in answer.text
    assert "小人书 01" in clerk.text(batch)


def test_without_script_a_scan_comes_back_to_the_page(world: World, clerk: Desk, batch: str) -> None:
    answer = clerk.post(f"{batch}/copies", barcode=world.barcodes[0])
    assert (answer.status_code, answer.location) == (303, batch)
    refused = clerk.post(f"{batch}/copies", barcode="0000")
    assert refused.status_code == 404
    assert "条码 0000 不在账上" in words(refused)
    assert 'value="0000"' in refused.text
    assert "<html" in refused.text


def test_an_unknown_barcode_is_told_as_it_was_scanned(clerk: Desk, batch: str) -> None:
    answer = clerk.scan(batch, "<b>4408</b>")
    assert answer.status_code == 404
    assert "条码 &lt;b&gt;4408&lt;/b&gt; 不在账上" in answer.text


def test_a_copy_scanned_twice_is_there_once(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    clerk.scan(batch, world.barcodes[0])
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 409
    assert f"《小人书 01》{world.barcodes[0]} 已经在这一批里：散放，林管理员 " in words(answer)
    assert "加的" in words(answer)
    assert lines(app) == 1


def test_a_scan_sent_twice_by_the_line_is_one(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    answers = [clerk.scan(batch, world.barcodes[0], op_id="the-same-scan") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert lines(app) == 1


def test_a_copy_in_another_draft_is_named_with_it(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    other = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    clerk.scan(other, world.barcodes[0])
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 409
    assert f"已经在批次 {other.rsplit('/', 1)[1]} 里" in words(answer)


def test_a_copy_elsewhere_says_where_and_since_when(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    with app.app_context(), transaction():
        day = world.act.today() - timedelta(days=9)
        gone = batches.draft(world.act, NewBatch("allocation", day, world.place_ids[0]))
        batches.add_copy(world.act, gone.id, world.barcodes[0])
        batches.dispatch(world.act, gone.id, day)
        batches.receive(world.act, gone.id, day)
        number = gone.number
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 409
    since = days_ago(app, world, 9)
    assert f"不在这里：从 {since} 起在 长岭小学流动服务点（批次 {number}）" in words(answer)


def test_a_lost_copy_is_said_to_be_lost(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    with app.app_context(), transaction():
        day = world.act.today() - timedelta(days=9)
        gone = batches.draft(world.act, NewBatch("allocation", day, world.place_ids[0]))
        for barcode in world.barcodes[:2]:
            batches.add_copy(world.act, gone.id, barcode)
        batches.dispatch(world.act, gone.id, day)
        [difference] = batches.receive(world.act, gone.id, day, {0: 1})
        batches.resolve(world.act, difference, "lost", day, {world.serial_lot_ids[0]: 1})
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 409
    since = days_ago(app, world, 9)
    assert f"{world.barcodes[0]} 已登记丢失，从 {since} 起（批次 26-" in words(answer)


def test_a_foreign_copy_is_unknown_here(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    foreign = build_world(app, "bieguan")
    with app.app_context(), transaction():
        batches.take_in(foreign.act, "accession", [NewLot("别馆的书", barcode="99999999")], foreign.act.today())
    answer = clerk.scan(batch, "99999999")
    assert answer.status_code == 404
    assert "别馆的书" not in answer.text


def test_more_of_a_counted_lot_than_there_is_keeps_what_was_typed(world: World, clerk: Desk, batch: str) -> None:
    answer = clerk.post(f"{batch}/counted", what="故事书一批", quantity=str(COUNTED + 1))
    assert answer.status_code == 409
    assert f"故事书一批 要 {COUNTED + 1} 册，这里有 {COUNTED} 册" in words(answer)
    assert f'value="{COUNTED + 1}"' in answer.text
    assert 'id="f-quantity-error"' in answer.text
    assert clerk.post(f"{batch}/counted", what="故事书一批", quantity=str(COUNTED)).status_code == 303
    assert f"图书 {COUNTED} 册" in clerk.text(batch)
    answer = clerk.post(f"{batch}/counted", what="故事书一批", quantity="1")
    assert f"其中 {COUNTED} 册已经在这一批里" in words(answer)


def test_a_counted_lot_is_found_by_title_category_and_initials(
    app: Flask, world: World, clerk: Desk, batch: str
) -> None:
    with app.app_context(), transaction():
        lots = [NewLot("图画书", 20, category="低幼"), NewLot("图画书", 30, category="低幼"), NewLot("科普书", 9)]
        batches.take_in(world.act, "accession", [*lots, NewLot("图画书", 5, category="中班")], world.begun_on)
    page = clerk.get(batch).text
    assert '<option value="图画书（低幼）">ths 在架 50 册</option>' in page
    several = clerk.post(f"{batch}/counted", what="ths", quantity="3")
    assert several.status_code == 409
    assert "“ths”有 2 种：图画书（低幼）、图画书（中班）" in words(several)
    assert 'id="f-what-error"' in several.text
    assert clerk.post(f"{batch}/counted", what="童话", quantity="3").status_code == 404
    # Two lots of one name are one to whoever takes them off the shelf: 45 are more than either holds.
    for what, quantity in (("图画书（低幼）", 45), ("低幼", 5), ("kps", 9), ("中班", 5)):
        assert clerk.post(f"{batch}/counted", what=what, quantity=str(quantity)).status_code == 303, what
    assert "图书 64 册" in clerk.text(batch)
    assert clerk.post(f"{batch}/counted", what="低幼", quantity="1").status_code == 409


@pytest.mark.parametrize("quantity", ["", "0", "-3", "一百", "9780201379624"])
def test_a_number_that_is_none_is_told_beside_its_field(world: World, clerk: Desk, batch: str, quantity: str) -> None:
    answer = clerk.post(f"{batch}/counted", what="故事书一批", quantity=quantity)
    assert answer.status_code == 422
    assert 'id="f-quantity-error"' in answer.text


def test_copies_go_into_the_box_that_was_opened(world: World, clerk: Desk, batch: str) -> None:
    assert clerk.post(f"{batch}/boxes").location == f"{batch}?box=1"
    assert clerk.post(f"{batch}/boxes").location == f"{batch}?box=2"
    assert '<option value="2" selected>' in clerk.get(f"{batch}?box=2").text
    clerk.scan(batch, world.barcodes[0], box="2")
    clerk.scan(batch, world.barcodes[1])
    assert "小人书 01" in clerk.text(f"{batch}/lines?box=2")
    assert "小人书 02" not in clerk.text(f"{batch}/lines?box=2")
    assert "小人书 02" in clerk.text(f"{batch}/lines?box=0")
    assert clerk.scan(batch, world.barcodes[2], box="7").status_code == 404


def test_a_line_is_taken_out_again(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    clerk.scan(batch, world.barcodes[0])
    with app.app_context():
        line = db.session.execute(select(func.max(BatchLine.id))).scalar_one()
    assert "这本书还在架上" in words(clerk.post(f"{batch}/lines/{line}/remove", htmx=True))
    assert lines(app) == 0
    assert clerk.scan(batch, world.barcodes[0]).status_code == 200


def test_nothing_is_added_once_it_is_packed(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    clerk.scan(batch, world.barcodes[0])
    assert clerk.post(f"{batch}/pack", happened_on=days_ago(app, world)).status_code == 303
    answer = clerk.scan(batch, world.barcodes[1])
    assert answer.status_code == 409
    assert "现在是“已打包”" in words(answer)


def test_two_clerks_see_each_others_lines(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    stamp = re.search(r'id="stamp" type="hidden" value="(\w+)"', clerk.get(batch).text)
    assert stamp is not None
    assert clerk.get(f"{batch}/changes?stamp={stamp[1]}").status_code == 204
    clerk_of(app, world).scan(batch, world.barcodes[0])
    answer = clerk.get(f"{batch}/changes?stamp={stamp[1]}")
    assert answer.status_code == 200
    assert "小人书 01" in answer.text
    assert "林管理员" in answer.text
    assert 'id="said"' not in answer.text
    assert "1 册" in words(answer)


def test_the_other_one_is_told_when_the_batch_is_packed(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    clerk.scan(batch, world.barcodes[0])
    clerk_of(app, world).post(f"{batch}/pack", happened_on=days_ago(app, world))
    assert "刚才有人办了下一步" in words(clerk.get(f"{batch}/changes?stamp=old"))


def test_a_line_that_took_the_number_of_another_is_not_undone(
    app: Flask, world: World, clerk: Desk, batch: str
) -> None:
    """SQLite gives the number of the last line, once it is gone, to the next one."""
    clerk.scan(batch, world.barcodes[0])
    with app.app_context():
        line = db.session.execute(select(func.max(BatchLine.id))).scalar_one()
    clerk_of(app, world).post(f"{batch}/lines/{line}/remove", lot=str(world.serial_lot_ids[0]))
    clerk.scan(batch, world.barcodes[1])
    clerk.post(f"{batch}/lines/{line}/remove", htmx=True, lot=str(world.serial_lot_ids[0]))
    assert lines(app) == 1


def test_a_box_label_chooses_the_box(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    number = batch.rsplit("/", 1)[1]
    for _box in range(2):
        clerk.post(f"{batch}/boxes")
    assert clerk.post(f"{batch}/copies", barcode=f"{number}-1", box="2").location == f"{batch}?box=1"
    assert "换到第 1 箱" in words(clerk.scan(batch, f"{number}－１", box="2"))
    other = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    answer = clerk.scan(other, f"{number}-1")
    assert answer.status_code == 409
    assert f"{number}-1 是批次 {number} 的箱签，不是书的条码" in words(answer)


def test_a_copy_in_the_wrong_box_is_moved_from_its_refusal(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    for _box in range(2):
        clerk.post(f"{batch}/boxes")
    clerk.scan(batch, world.barcodes[0], box="1")
    answer = clerk.scan(batch, world.barcodes[0], box="2")
    assert "已经在这一批里：第 1 箱，林管理员" in words(answer)
    assert "改放到：第 2 箱" in words(answer)
    move = re.search(r'action="([^"]+/move)"', answer.text)
    assert move is not None
    assert "换了箱" in words(clerk.post(move[1], htmx=True, box="2"))
    assert "小人书 01" in clerk.text(f"{batch}/lines?box=2")
    assert "改放到" not in words(clerk.scan(batch, world.barcodes[0], box="2"))


def test_an_unknown_copy_is_taken_in_with_its_title(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    page = clerk.post(f"{batch}/copies", barcode="９９９９０００１")
    assert page.status_code == 404
    assert 'action="' + batch + '/copies/unknown" novalidate>' in page.text
    assert clerk.post(f"{batch}/copies/unknown", barcode="99990001", title=" ").status_code == 422
    answer = clerk.post(f"{batch}/copies/unknown", htmx=True, barcode="99990001", title="乡土故事")
    assert "登记并加入了 《乡土故事》99990001" in words(answer)
    assert "撤销这一本" in words(answer)
    assert clerk.post(f"{batch}/copies/unknown", htmx=True, barcode="99990001", title="再来").status_code == 409
    assert clerk.post(f"{batch}/dispatch", happened_on=days_ago(app, world)).status_code == 303


def test_every_place_a_copy_can_be_is_said_in_its_own_words(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    """On the road, waiting to be disposed, in the workroom: each says what to do with this copy."""
    day, since = world.begun_on, world.begun_on.isoformat()
    with app.app_context(), transaction():
        gone = batches.draft(world.act, NewBatch("delivery", day, world.place_ids[0]))
        batches.add_list(world.act, gone.id, world.barcodes[:4])
        batches.dispatch(world.act, gone.id, day)
        sent, road = gone.id, gone.number
    on_the_road = clerk.scan(batch, world.barcodes[0])
    assert on_the_road.status_code == 409
    assert f"在路上：{since} 随批次 {road} 发往 长岭小学流动服务点，还没有签收" in words(on_the_road)
    with app.app_context(), transaction():
        batches.receive(world.act, sent, day)
        difference = batches.report_damaged(world.act, sent, 1, day, world.serial_lot_ids[3])
        batches.resolve(world.act, difference, "damaged", day)
        back = batches.collect(world.act, sent, day)
        batches.scan(world.act, back.id, day)
    assert f"{world.barcodes[3]} 在等处理，从 {since} 起" in words(clerk.scan(batch, world.barcodes[3]))
    assert f"{world.barcodes[0]} 还在总馆整理间，从 {since} 起" in words(clerk.scan(batch, world.barcodes[0]))


def test_of_a_pasted_column_the_good_are_added_and_the_others_told(
    app: Flask, world: World, clerk: Desk, batch: str
) -> None:
    other = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    clerk.scan(other, world.barcodes[1])
    column = f"{world.barcodes[0]}\r\n\r\n{world.barcodes[1]}\n 77 \n*{world.barcodes[2]}*\n{world.barcodes[0]}\n"
    answer = clerk.post(f"{batch}/copies/list", barcodes=column)
    assert answer.status_code == 200
    said = words(answer)
    assert "加入了 2 册" in said
    assert "有 2 个条码没有加入" in said
    assert "列里重复的 1 个条码各算一次" in said
    assert f"已经在批次 {other.rsplit('/', 1)[1]} 里（散放，林管理员" in said
    assert "条码 77 不在账上" in said
    # What could not be added stays in the field.
    assert re.search(rf"<textarea[^>]*>{world.barcodes[1]}\n77</textarea>", answer.text)
    assert lines(app) == 3
    assert clerk.post(f"{batch}/copies/list", barcodes=" \n").status_code == 422
    assert "一次最多 5,000 个" in words(clerk.post(f"{batch}/copies/list", barcodes="7\n" * 5001))


def test_a_text_file_goes_in_as_it_comes_out(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    for _box in range(2):
        clerk.post(f"{batch}/boxes")
    clerk.scan(batch, world.barcodes[1], box="2")
    clerk.scan(batch, world.barcodes[2], box="1")
    clerk.post(f"{batch}/counted", what="故事书一批", quantity="5")
    out = clerk.get(f"{batch}/barcodes.txt")
    assert out.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert f'filename="{batch.rsplit("/", 1)[1]}.txt"' in out.headers["Content-Disposition"]
    assert out.data == f"{world.barcodes[2]}\r\n{world.barcodes[1]}\r\n".encode()
    clerk.post(f"{batch}/cancel", happened_on=days_ago(app, world), note="重来")
    assert clerk.get(f"{batch}/barcodes.txt").data == out.data
    other = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    for encoding, added in (("utf-8", 2), ("utf-8-sig", 0), ("gb18030", 0), ("utf-16", 0)):
        file = (BytesIO(f"{out.text}条码\r\n".encode(encoding)), "批次.txt")
        answer = clerk.post(f"{other}/copies/list", file=file)
        assert f"加入了 {added} 册" in words(answer)
        assert "条码 条码 不在账上" in words(answer)
    assert clerk.get(f"{other}/barcodes.txt").data == out.data


def test_a_file_that_is_no_text_gets_one_clear_sentence(clerk: Desk, batch: str) -> None:
    answer = clerk.post(f"{batch}/copies/list", file=(BytesIO(b"PK\x03\x04\x00\x00\xff\xfe"), "book.xlsx"))
    assert answer.status_code == 422
    assert "这个文件不是文本文件" in words(answer)


def test_only_where_barcodes_are_scanned_may_the_page_use_the_camera(clerk: Desk, batch: str) -> None:
    assert "camera=(self)" in clerk.get(batch).headers["Permissions-Policy"]
    assert "camera=()" in clerk.get("/work/").headers["Permissions-Policy"]


def test_3300_lines_cost_no_more_questions_than_3(
    app: Flask, world: World, clerk: Desk, batch: str, query_counter: QueryCounter
) -> None:
    """Looking, scanning, being refused, asking what is new, taking the list out: each as many statements as with 3."""
    pages = (batch, f"{batch}/lines", f"{batch}/lines?page=2", f"{batch}/lines?q=hb", f"{batch}/changes?stamp=old")

    def asked() -> list[int]:
        counts = []
        for page in (*pages, f"{batch}/barcodes.txt"):
            query_counter.reset()
            assert clerk.get(page).status_code == 200
            counts.append(query_counter.count)
        return counts

    def posted(path: str, **sent: str) -> int:
        query_counter.reset()
        assert clerk.post(f"{batch}/{path}", htmx=True, **sent).status_code != 422
        return query_counter.count

    def sent(barcode: str) -> list[int]:
        return [
            posted("copies", barcode=barcode),
            posted("copies", barcode=barcode),
            posted("copies", barcode="unknown"),
            posted("counted", what="故事书一批", quantity="1"),
        ]

    for barcode in world.barcodes[:3]:
        clerk.scan(batch, barcode)
    posted("counted", what="故事书一批", quantity="1")
    few = asked(), sent(world.barcodes[3]), posted("copies/list", barcodes="\n".join(world.barcodes[:7]))
    with app.app_context(), transaction():
        fresh = [NewLot(f"绘本 {number}", barcode=f"55{number:06d}") for number in range(3300)]
        batches.take_in(world.act, "accession", fresh, world.begun_on)
    many = [f"55{number:06d}" for number in range(3300)]
    answer = clerk.post(f"{batch}/copies/list", htmx=True, barcodes="\n".join(many))
    assert "加入了 3,300 册" in words(answer)
    assert (asked(), sent(world.barcodes[7])) == few[:2]
    assert posted("copies/list", barcodes="\n".join([*many, *world.barcodes[:9]])) == few[2]
    page = clerk.get(batch)
    assert page.text.count("绘本") < 50
    assert "共 3,3" in page.text
