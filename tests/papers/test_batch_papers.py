"""The papers of a batch at the clerk's desk: on the page, as Word, as Excel; and where they were filed."""

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from branchnet.access.commands import place_under
from branchnet.batches import commands as batches
from branchnet.batches.commands import Goods, NewBatch, NewLine
from branchnet.batches.papers import notes
from branchnet.batches.papers.queries import paper_lines
from branchnet.batches.papers.rules import add_up
from branchnet.batches.queries import worth_of_batch
from branchnet.errors import Invalid
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord, Batch
from branchnet.points.agreements import Terms, agree
from branchnet.points.life.commands import rename
from branchnet.stock.rules import NewLot
from tests.pages.desk import Desk, clerk_of, days_ago, sit_down
from tests.papers.books import HOSTILE, LONG, books
from tests.papers.conftest import Make
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""For what no statement of its own reads: words and looks are the same on every engine."""
PAPERS = ("handover-note", "packing-list", "labels", "handover-note.docx", "handover-list.xlsx", "packing-list.xlsx")


def paper(number: str, name: str) -> str:
    return f"/work/batches/{number}/papers/{name}"


def said_in_word(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_note_says_who_what_and_what_it_is_worth(app: Flask, world: World, clerk: Desk, make: Make) -> None:
    with app.app_context(), transaction():
        agree(world.act, world.point_ids[0], Terms("协〔2026〕3号", world.begun_on, signed_on=world.begun_on))
    goods = (Goods("equipment", "书架", "个", 2), Goods("stationery", "彩色铅笔", "批"))
    number = make(books(5), boxes=2, goods=goods)
    page, file = clerk.text(paper(number, "handover-note")), clerk.get(paper(number, "handover-note.docx"))
    assert file.mimetype.endswith("wordprocessingml.document")
    in_word = said_in_word(file.data)
    for said in (
        number,
        "长岭小学流动服务点（CL-01）",
        "试验少年儿童图书馆",
        "送书 · 寄存",
        "协〔2026〕3号",
        "15 册",
        "壹拾伍册",
        "79.30 元",
        "柒拾玖元叁角整",
        "另有 11 册没有定价，没有计入",
        "书架 2 个、彩色铅笔（没有点数）",
        "贰件",
        "装 2 箱",
        "经办人",
        "接收人",
        "负责人",
        "本单一式两份。",
        "甲方存",
    ):
        assert said in page
        assert said in in_word
    assert "□ 归档" in clerk.text(paper(number, "handover-note?copies=3"))
    with app.app_context():
        batch_id = db.session.execute(select(Batch.id).where(Batch.number == number)).scalar_one()
        worth = worth_of_batch(world.network_id, batch_id)
        found = add_up(paper_lines(world.network_id, batch_id))
        assert (found.copies, found.fen, found.unpriced) == (worth.copies, worth.fen, worth.unpriced)


def test_what_comes_back_is_read_the_other_way_round(app: Flask, world: World, clerk: Desk, make: Make) -> None:
    number = make(counted=20)
    assert "到期交回" in clerk.text(paper(number, "handover-note"))
    back = clerk.post(f"/work/batches/{number}/collect", happened_on=days_ago(app, world))
    returned = back.location.rsplit("/", 1)[1]
    page = clerk.text(paper(returned, "handover-note"))
    assert "交回方（乙方） 长岭小学流动服务点（CL-01）" in page
    assert "接收方（甲方） 试验少年儿童图书馆" in page
    assert f"收回的批次 {number}" in page
    assert "码洋 没有定价" in page
    with app.app_context(), transaction():
        gift = batches.draft(world.act, NewBatch("allocation", world.act.today(), world.place_ids[1], terms="gift"))
        batches.add_lines(world.act, gift.id, [NewLine(world.counted_lot_id, 1)])
        between = NewBatch("rotation", world.act.today(), world.place_ids[1], world.place_ids[0])
        rotation = batches.draft(world.act, between).number
        opening = db.session.scalars(select(Batch).where(Batch.kind == "accession")).first()
        gift_number = gift.number
        assert opening is not None
        accession = opening.number
    assert "签收后归乙方所有" in clerk.text(paper(gift_number, "handover-note"))
    page = clerk.text(paper(rotation, "handover-note"))
    assert "移交方（甲方） 长岭小学" in page
    assert "本单一式三份。" in page
    assert "□ 总馆存" in page
    assert "捐赠方（乙方）" in clerk.text(paper(accession, "handover-note"))


@ON_ONE_ENGINE
def test_a_draft_says_it_was_not_sent_and_a_cancelled_one_that_it_was_called_off(
    app: Flask, world: World, clerk: Desk, make: Make
) -> None:
    number = make(books(2), boxes=1, sent=False)
    for name in PAPERS[:3]:
        assert "未发出" in clerk.text(paper(number, name))
    assert "未发出" in said_in_word(clerk.get(paper(number, "handover-note.docx")).data)
    day = days_ago(app, world)
    clerk.post(f"/work/batches/{number}/cancel", happened_on=day, note="学校放假")
    page = clerk.text(paper(number, "packing-list"))
    assert ("已取消" in page, "未发出" in page) == (True, False)
    sent = make(counted=5)
    assert "未发出" not in clerk.text(paper(sent, "handover-note"))


@ON_ONE_ENGINE
def test_a_list_is_appended_with_its_pages_or_stands_on_the_note(clerk: Desk, make: Make) -> None:
    short, long = make(books(7)), make(books(79, first=100))
    page = clerk.text(paper(short, "handover-note"))
    assert ("动物的家 6" in page, "书目附后" in page) == (True, False)
    page = clerk.text(paper(long, "handover-note"))
    assert "书目附后 2 页。" in page
    assert f"{long} 书目 第 2 页，共 2 页" in " ".join(page.split())
    without = clerk.text(paper(long, "handover-note?list=no"))
    assert ("动物的家 100" in without, "书目见装箱单。" in without) == (False, True)
    document = Document(BytesIO(clerk.get(paper(long, "handover-note.docx")).data))
    lists = [table for table in document.tables if table.rows[0].cells[0].text == "序号"]
    assert [len(table.rows) for table in lists] == [41, 41]
    assert [cell.text for cell in lists[1].rows[1].cells][:3] == ["41", "动物的家 140", "440900000140"]


def test_a_box_has_its_packing_list_and_its_label(clerk: Desk, make: Make) -> None:
    number = make(books(5), boxes=2, counted=30)
    page = clerk.text(paper(number, "packing-list"))
    for said in ("第 1 箱，共 2 箱", "共 3 册", "第 2 箱，共 2 箱", "共 2 册", "散放", "共 30 册"):
        assert said in page
    assert "（30 册没有定价，没有计入） 30" in page
    one = clerk.text(paper(number, "packing-list?box=2"))
    assert ("动物的家 1" in one, "动物的家 0" in one, "故事书一批" in one) == (True, False, False)
    labels = clerk.get(paper(number, "labels"))
    assert labels.text.count('class="label"') == 2
    assert f"二维码：{number}-2" in labels.text
    found = sheets(clerk.get(paper(number, "packing-list.xlsx")).data)
    assert list(found) == ["第 1 箱", "第 2 箱", "散放"]
    assert [row[1] for row in found["第 1 箱"][3:6]] == ["动物的家 0", "动物的家 2", "动物的家 4"]
    assert found["第 2 箱"][-1][7:] == [2.0, "", 39.64]
    assert "先把书加进批次" in clerk.text(paper(make(counted=0, sent=False), "packing-list"))


@ON_ONE_ENGINE
def test_names_stay_names_on_every_paper(app: Flask, world: World, clerk: Desk, make: Make) -> None:
    lots = [NewLot(title, barcode=f"T{at}") for at, title in enumerate((*HOSTILE, LONG))]
    number = make(lots, boxes=1, counted=0)
    with app.app_context(), transaction():
        rename(world.act, world.point_ids[0], "{{7*7}}<b>粗</b>小学", world.begun_on + timedelta(days=1))
    for name in PAPERS[:2]:
        page = clerk.get(paper(number, name)).text
        assert "{{ 7*7 }}&lt;b&gt;粗&lt;/b&gt;" in page
        assert "<b>粗" not in page
    said = said_in_word(clerk.get(paper(number, "handover-note.docx")).data)
    for title in (HOSTILE[0], HOSTILE[1], HOSTILE[2], "恐龙与化石", LONG, "{{7*7}}<b>粗</b>小学（CL-01）"):
        assert title in said
    rows = sheets(clerk.get(paper(number, "handover-list.xlsx")).data)["书目"]
    assert [row[1] for row in rows[3:6]] == list(HOSTILE[:3])
    assert rows[3][3] == "T0"


@ON_ONE_ENGINE
def test_a_late_delivery_is_asked_for_in_a_letter(app: Flask, world: World, clerk: Desk, make: Make) -> None:
    number = make(counted=420)
    day = days_ago(app, world, 20)
    for said in (
        clerk.text(paper(number, "overdue-letter")),
        said_in_word(clerk.get(paper(number, "overdue-letter.docx")).data),
    ):
        assert "长岭小学流动服务点：" in said
        assert "送书 420 册" in said
        assert "超过约定 20 天，还有 420 册（大写：肆佰贰拾册）没有归还" in said
        assert f"{int(day[:4])}年{int(day[5:7])}月{int(day[8:])}日归还" in said
        assert "联系人：林管理员" in said
    assert "催还函" in clerk.text(f"/work/batches/{number}")
    not_late = make(counted=1, ago=5)
    for name in ("overdue-letter", "overdue-letter.docx"):
        answer = clerk.get(paper(not_late, name))
        assert answer.location == f"/work/batches/{not_late}"
        assert "没有过期未还的书" in clerk.text(answer.location)


@ON_ONE_ENGINE
def test_a_paper_printed_again_bears_the_name_of_its_day(app: Flask, world: World, clerk: Desk, make: Make) -> None:
    number = make(ago=40)
    with app.app_context(), transaction():
        rename(world.act, world.point_ids[0], "长岭中心小学", world.act.today() - timedelta(days=10))
    assert "长岭小学流动服务点（CL-01）" in clerk.text(paper(number, "handover-note"))


def test_where_papers_are_filed_is_recorded_and_may_be_corrected(
    app: Flask, world: World, clerk: Desk, make: Make
) -> None:
    number, draft = make(), make(sent=False)
    filing = f"/work/batches/{number}/filing"
    sent = {"archive_number": "2026-WJ-017", "photos_at": "馆办公室硬盘三号", "photos": "１２"}
    assert clerk.post(filing, **sent).status_code == 303
    page = clerk.text(f"/work/batches/{number}")
    assert "档号：2026-WJ-017，照片存于 馆办公室硬盘三号， 12 张" in page
    wrong = clerk.post(filing, archive_number="x" * 61, photos_at="问老师13800000000", photos="0")
    assert wrong.status_code == 422
    assert all(f'id="f-filing-{name}-error"' in wrong.text for name in ("number", "photos"))
    assert 'id="f-filing-at-error"' in clerk.post(filing, photos_at="问老师13800000000", photos="1").text
    assert 'id="f-filing-at-error"' in clerk.post(filing, photos="3").text
    assert "2026-WJ-017" in clerk.text(f"/work/batches/{number}")
    assert clerk.post(filing, archive_number="2026-WJ-018").status_code == 303
    assert "照片存于" not in clerk.text(f"/work/batches/{number}").partition("签字以后")[0]
    assert clerk.post(f"/work/batches/{draft}/filing", archive_number="1").status_code == 409
    with app.app_context():
        trail = db.session.scalars(select(AuditRecord.detail).where(AuditRecord.action == "batch.filed")).all()
    assert list(trail) == [{"filed": True, "photos": 12}, {"filed": True, "photos": None}]


@ON_ONE_ENGINE
@pytest.mark.parametrize("photos", [0, -1])
def test_fewer_than_one_picture_is_refused_whoever_files(app: Flask, world: World, make: Make, photos: int) -> None:
    number = make()
    with app.app_context():
        batch_id = db.session.scalars(select(Batch.id).where(Batch.number == number)).one()
        with pytest.raises(Invalid) as refusal, transaction():
            batches.file_papers(world.act, batch_id, "2026-WJ-017", "档案室三柜", photos)
        assert refusal.value.data["fields"] == {"photos": "quantity_not_positive"}


def test_papers_are_seen_by_those_who_see_the_batch(app: Flask, world: World, make: Make) -> None:
    number = make(counted=3)
    above = build_world(app, "shi")
    with app.app_context(), transaction():
        place_under(world.network_id, above.network_id, world.begun_on + timedelta(days=1))
    manager = sit_down(app, above.manager_login, above.password)
    foreign = clerk_of(app, above)
    for name in (*PAPERS, "overdue-letter", "overdue-letter.docx"):
        path = paper(number, name)
        assert foreign.get(path).status_code == foreign.get(f"{path}?network={world.slug}").status_code == 404
        assert manager.get(f"{path}?network={world.slug}").status_code == 200
    page = manager.text(f"{paper(number, 'handover-note')}?network={world.slug}")
    assert "登记协议" not in page
    assert manager.post(f"/work/batches/{number}/filing", archive_number="1").status_code == 403


def test_papers_ask_no_more_of_the_database_for_3300_lines(
    clerk: Desk, make: Make, query_counter: QueryCounter
) -> None:
    few, many = books(3), books(3_300, first=1_000)
    numbers = [make(lots, boxes, 0, sent=False) for lots, boxes in ((few, 1), (many, 40))]
    asked = []
    for number in numbers:
        for name in ("handover-note", "packing-list", "labels", "handover-note.docx", "packing-list.xlsx"):
            query_counter.reset()
            assert clerk.get(paper(number, name)).status_code == 200
            asked.append(query_counter.count)
    assert asked[:5] == asked[5:]
    assert max(asked) < 20


def test_a_note_says_what_lies_loose_beside_the_boxes(app: Flask) -> None:
    with app.test_request_context("/"):
        assert [notes.books(15, boxes, loose).aside for boxes, loose in ((2, 3), (2, 0), (0, 15))] == [
            "装 2 箱，另散装 3 册",
            "装 2 箱",
            "",
        ]
