"""An exchange visit on one screen: at the gate, from the notebook, and on its one note."""

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.extensions import db, transaction
from branchnet.models import Discrepancy
from tests.pages.desk import Desk, days_ago, words
from tests.support.queries import QueryCounter
from tests.support.world import World

OUT = 100


@pytest.fixture(autouse=True)
def out(app: Flask, world: World) -> None:
    """A hundred counted copies and two barcoded ones are at the first point."""
    with app.app_context(), transaction():
        day = world.begun_on + timedelta(days=5)
        lines = [
            batches.NewLine(world.counted_lot_id, OUT),
            *(batches.NewLine(lot) for lot in world.serial_lot_ids[:2]),
        ]
        told = batches.Afterwards("delivery", day, world.place_ids[0], lines=lines, received_on=day)
        batches.log_afterwards(world.act, told)


def sent(app: Flask, world: World, **more: str) -> dict[str, str]:
    return {"to": world.point_codes[0], "happened_on": days_ago(app, world), **more}


def test_three_numbers_and_one_press(app: Flask, world: World, clerk: Desk) -> None:
    assert "在哪里换书" in clerk.text("/work/exchange")
    form = clerk.text(f"/work/exchange?to={world.point_codes[0]}")
    assert "102 册" in form
    assert "记下换书" in form
    answer = clerk.post("/work/exchange", **sent(app, world, copies="80", everything="1", short="2", note="雨天"))
    assert answer.status_code == 303, words(answer)
    page = clerk.text(answer.location)
    for said in ("带去 80 册", "换回 100 册", "少了 2 册", "2 册还没查清", "雨天", "《故事书一批》"):
        assert said in page
    with app.app_context():
        case = db.session.execute(select(Discrepancy.id)).scalar_one()
    assert f'href="{answer.location}"' in clerk.get(f"/work/cases/{case}").text
    assert f'href="{answer.location}">换书 {days_ago(app, world)}<' in clerk.get("/work/registers/differences").text
    books = clerk.text(f"/work/points/{world.point_codes[0]}/books")
    assert "换书" in books
    with app.app_context():
        assert violations(world.network_id) == []
    year = days_ago(app, world)[2:4]
    brought, taken = f"{year}-004", f"{year}-003"
    for number, other in ((brought, taken), (taken, brought)):
        assert f"另一批是 {other}。" in clerk.text(f"/work/batches/{number}")


def test_sent_twice_it_is_one_visit(app: Flask, world: World, clerk: Desk) -> None:
    form = sent(app, world, copies="10", taken="20", op_id="the-same-press")
    first, second = (clerk.post("/work/exchange", **form) for _time in range(2))
    assert (first.status_code, first.location) == (303, second.location)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_was_typed_stays_and_is_told_beside_its_field(app: Flask, world: World, clerk: Desk) -> None:
    answer = clerk.post("/work/exchange", **sent(app, world, copies="37", note="记着"))
    assert answer.status_code == 422
    assert 'value="37"' in answer.text
    assert 'value="记着"' in answer.text
    assert "请填写这一项。" in words(answer)
    answer = clerk.post("/work/exchange", **sent(app, world, copies="37", taken="99", short="9"))
    assert "少了的不能比那里该有的还多" in words(answer)
    answer = clerk.post("/work/exchange", **sent(app, world, copies="37", taken="1", taken_barcodes="NOSUCH"))
    assert answer.status_code in (404, 422)
    assert "NOSUCH" in words(answer)
    answer = clerk.post("/work/exchange", **sent(app, world, copies="9999", taken="1"))
    assert answer.status_code == 409
    assert "故事书一批" in words(answer)


def test_a_batch_that_was_ready_and_barcodes_that_were_seen(app: Flask, world: World, clerk: Desk) -> None:
    batch = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    clerk.scan(batch, world.barcodes[5])
    number = batch.rsplit("/", 1)[1]
    assert number in clerk.text(f"/work/exchange?to={world.point_codes[0]}")
    answer = clerk.post(
        "/work/exchange",
        **sent(app, world, batch=number, everything="1", taken_barcodes=world.barcodes[0], received="1", shelved="1"),
    )
    assert answer.status_code == 303, words(answer)
    page = clerk.text(answer.location)
    assert "带去 1 册" in page
    assert "换回 101 册" in page
    assert world.barcodes[1] in page
    assert page.count("已结清") == 2


def test_one_note_tells_of_both(app: Flask, world: World, clerk: Desk, query_counter: QueryCounter) -> None:
    answer = clerk.post("/work/exchange", **sent(app, world, copies="80", everything="1", short="2"))
    page = clerk.text(f"{answer.location}/note")
    document = Document(BytesIO(clerk.get(f"{answer.location}/note.docx").data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    in_word = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    for said in ("换书交接单", "捌拾册", "壹佰册", "贰册", "长岭小学流动服务点（CL-01）", "短少", "本单一式两份。"):
        assert said in page
        assert said in in_word
    query_counter.reset()
    clerk.get(answer.location)
    once = query_counter.count
    clerk.post("/work/exchange", **sent(app, world, copies="10", taken="1", short="1"))
    query_counter.reset()
    clerk.get(answer.location)
    assert query_counter.count == once


def test_one_is_found_and_one_is_lost(app: Flask, world: World, clerk: Desk) -> None:
    visit = clerk.post(
        "/work/exchange", **sent(app, world, copies="80", everything="1", short_barcodes="\n".join(world.barcodes[:2]))
    ).location
    assert "2 册还没查清" in clerk.text(visit)
    assert "换书少了，还没查清" in clerk.text("/work/")
    with app.app_context():
        rows = batches_short(world)
    for difference, end in zip(rows, ("found", "lost"), strict=True):
        answer = clerk.post(f"{visit}/shorts/{difference}", resolution=end, happened_on=days_ago(app, world))
        assert answer.status_code == 303, words(answer)
    page = clerk.text(visit)
    assert "还没查清" not in page
    assert f'href="/work/points/{world.point_codes[0]}/return">收书<' in clerk.get(visit).text
    # The next visit is told of what was found, until it was fetched.
    form = f"/work/exchange?to={world.point_codes[0]}"
    assert "上次少的 1 册找到了，这次要带回" in clerk.text(form)
    assert "可不填" not in clerk.text(form).split("换回多少")[1].split("勾了全部")[0]
    assert clerk.text(form).index("少了的是哪些书") < clerk.text(form).rindex("记下换书")
    fetched = clerk.post(
        f"/work/points/{world.point_codes[0]}/return/scan", happened_on=days_ago(app, world)
    ).location.removesuffix("/scan-back")
    clerk.post(f"{fetched}/scan-back", htmx=True, barcode=world.barcodes[0])
    assert clerk.post(f"{fetched}/scan-back/finish", happened_on=days_ago(app, world)).status_code == 303
    assert "找到了，这次要带回" not in clerk.text(form)
    assert "换书少了" not in clerk.text("/work/")
    assert "找到了，书还在那里" in page
    assert (
        clerk.post(f"{visit}/shorts/{rows[0]}", resolution="lost", happened_on=days_ago(app, world)).status_code == 409
    )
    assert clerk.post(f"{visit}/shorts/999", resolution="lost", happened_on=days_ago(app, world)).status_code == 404


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_gift_is_told_as_one(app: Flask, world: World, clerk: Desk) -> None:
    batch = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world), terms="gift")
    clerk.scan(batch, world.barcodes[5])
    visit = clerk.post("/work/exchange", **sent(app, world, batch=batch.rsplit("/", 1)[1], taken="9")).location
    assert "签收后归乙方所有" in clerk.text(f"{visit}/note")


def batches_short(world: World) -> list[int]:
    return sorted(row.id for row in db.session.query(Discrepancy).filter_by(network_id=world.network_id))


def test_both_ends_see_what_is_short(app: Flask, world: World, clerk: Desk) -> None:
    clerk.post("/work/exchange", **sent(app, world, copies="80", everything="1", short="2"))
    phone = app.test_client()
    phone.get(f"/t/{world.token}")
    said = words(phone.get(f"/my/{world.point_codes[0]}"))
    assert "少 2 册" in said
    assert "《故事书一批》" in said
