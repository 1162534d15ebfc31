"""The registers: what is in them, how they are narrowed, that each number opens its copies, and what they cost."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from branchnet.batches import commands as batches
from branchnet.extensions import db, transaction
from branchnet.models import Discrepancy, Lot
from tests.pages.desk import Desk, days_ago, sit_down
from tests.pages.test_staff_finding import read, send
from tests.support.pages import send as fill_in
from tests.support.queries import QueryCounter
from tests.support.world import World

REGISTERS = ("differences", "losses", "losses/copies", "repairs", "disposals")


def lose(app: Flask, world: World, kind: str, resolution: str, copies: int = 2) -> int:
    """So many counted copies at the first point, reported and closed 5 days ago; returns the case's id."""
    with app.app_context(), transaction():
        day = world.act.today()
        case_id = batches.report(world.act, world.place_ids[0], kind, copies, day, world.counted_lot_id)
        if resolution:
            batches.resolve(world.act, case_id, resolution, day)
        return case_id


@pytest.fixture
def there(app: Flask, world: World) -> World:
    """Books at the first point, 20 yuan each where they are counted; one barcoded without a price."""
    with app.app_context(), transaction():
        db.session.execute(update(Lot).where(Lot.id == world.counted_lot_id).values(price_fen=2_000))
    send(app, world, [(world.counted_lot_id, 300), (world.serial_lot_ids[0], 1)], 30)
    return world


def test_differences_of_batches_and_reports_stand_in_one_register(app: Flask, there: World, clerk: Desk) -> None:
    lose(app, there, "short", "lost", 3)
    lose(app, there, "damaged", "")
    with app.app_context(), transaction():
        day = there.act.today()
        batch = batches.draft(there.act, batches.NewBatch("allocation", day, there.place_ids[1]))
        batches.add_lines(there.act, batch.id, [batches.NewLine(there.counted_lot_id, 20)])
        batches.dispatch(there.act, batch.id, day)
        batches.receive(there.act, batch.id, day, {0: 16})
        number = batch.number
        batches.agree_to_pay(there.act, 1, 4_500, day, day)
    said = clerk.text("/work/registers/differences")
    assert "差异，共 3 条" in said
    assert "少了 7 册 码洋 140.00 元 破损 2 册 码洋 40.00 元" in said
    assert "没结案的差异 2 条" in clerk.text("/work/registers")
    assert f"雷州分馆 少了 4 80.00 故事书一批 批次 {number} 还没结案" in said
    assert "收到的赔偿 45.00 元" in said
    narrowed = {
        f"point={there.point_codes[1]}": 1,
        "state=open": 2,
        "state=lost": 1,
        "kind=damaged": 1,
        f"since={days_ago(app, there)}": 3,
        f"until={days_ago(app, there, 1)}": 0,
        "sort=copies": 3,
    }
    for asked, count in narrowed.items():
        page = clerk.text(f"/work/registers/differences?{asked}")
        assert (f"差异，共 {count} 条" in page) or ("没有这样的差异" in page and (count == 0 or "page=2" in asked)), (
            asked
        )
    sheet = read(clerk, "/work/registers/differences.xlsx?state=open")
    assert [row[3:6] for row in sheet[3:]] == [["少了", 4, 80], ["破损", 2, 40]] * 2, "each kind has a sum of its own"
    assert [row[0] for row in sheet[-2:]] == ["合计", "合计"]
    assert {row[-1] for row in sheet[3:-2]} == {"试验少年儿童图书馆"}


def test_losses_by_point_and_year_open_their_copies(app: Flask, there: World, clerk: Desk) -> None:
    for kind, resolution in (("short", "lost"), ("damaged", "damaged"), ("short", "worn")):
        lose(app, there, kind, resolution)
    with app.app_context(), transaction():
        day = there.act.today()
        mended = batches.report(there.act, there.place_ids[0], "damaged", 1, day, there.serial_lot_ids[0])
        batches.resolve(there.act, mended, "repaired", day)
    said = clerk.text("/work/registers/losses")
    year = days_ago(app, there)[:4]
    assert f"{year} 长岭小学流动服务点 2 40.00 2 40.00 2 40.00 6 120.00" in said, "what is in repair is no loss"
    with app.app_context(), transaction():
        repair_id = db.session.execute(select(db.metadata.tables["repairs"].c.id)).scalar_one()
        batches.end_repair(there.act, repair_id, "beyond_repair", day)
    said = clerk.text("/work/registers/losses")
    assert f"{year} 长岭小学流动服务点 2 40.00 3 40.00 1 册无价 2 40.00 7 120.00 1 册无价" in said
    page = clerk.get("/work/registers/losses").text
    assert f'href="/work/registers/losses/copies?kind=damaged&amp;year={year}&amp;point={there.point_codes[0]}"' in page
    opened = clerk.text(f"/work/registers/losses/copies?kind=damaged&year={year}&point={there.point_codes[0]}")
    assert "共 2 笔" in opened
    assert "小人书 01" in opened
    assert "没有这样的丢失" in clerk.text(f"/work/registers/losses?point={there.point_codes[1]}")
    assert read(clerk, "/work/registers/losses.xlsx")[-1][-3:] == [7, 120, 1]
    assert len(read(clerk, "/work/registers/losses/copies.xlsx?kind=lost")) == 5


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("register", REGISTERS)
def test_a_longer_register_costs_no_more_questions(
    app: Flask, there: World, clerk: Desk, query_counter: QueryCounter, register: str
) -> None:
    counts = []
    for number in range(2):
        for kind, resolution in (("short", "lost"), ("damaged", "repaired"), ("damaged", "damaged"), ("short", "")):
            for _each in range(1 + 4 * number):
                lose(app, there, kind, resolution)
        with app.app_context(), transaction():
            batches.draft_disposal(there.act, there.act.today())
        for path in (f"/work/registers/{register}", f"/work/registers/{register}.xlsx", "/work/registers"):
            query_counter.reset()
            assert clerk.get(path).status_code == 200
            counts.append(query_counter.count)
    assert counts[:3] == counts[3:]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_manager_reads_and_writes_nothing(app: Flask, there: World) -> None:
    case_id = lose(app, there, "short", "lost")
    manager = sit_down(app, there.manager_login, there.password)
    for path in ("/work/registers", f"/work/cases/{case_id}", *(f"/work/registers/{name}" for name in REGISTERS)):
        said = manager.text(path)
        assert "报丢失或破损" not in said
        assert "撤回结案" not in said
    assert manager.get("/work/disposals/new").status_code == 403
    assert manager.post(f"/work/cases/{case_id}/reverse", reason="我来改").status_code == 403


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_teacher_tells_of_books_that_are_gone(app: Flask, client: FlaskClient, there: World, clerk: Desk) -> None:
    assert client.get(f"/t/{there.token}").status_code == 303
    here = f"/my/{there.point_codes[0]}"
    assert "有书丢了、破了？告诉馆里" in client.get(here).text
    form = {"address": f"{here}/losses", "field": "quantity"}
    wrong = fill_in(client, **form, kind="short", quantity="", word="找13800000000")
    assert (wrong.status_code, "这里不能写电话或身份证号" in wrong.text) == (422, True)
    too_many = fill_in(client, **form, kind="short", quantity="999", what="故事书一批")
    assert "《故事书一批》在这里只有 300 册。" in too_many.text
    assert "这里只有 301 册。" in fill_in(client, **form, kind="short", quantity="999").text
    said = fill_in(client, **form, kind="short", quantity="2", what="小老鼠", word="没还")
    assert said.status_code == 303
    with app.app_context():
        case = db.session.scalars(select(Discrepancy)).one()
        assert (case.place_id, case.batch_id, case.lot_id) == (there.place_ids[0], None, None)
        assert case.note == "《小老鼠》没还"
        assert case.opened_by == there.teacher_id
    assert "馆里知道丢了 2 册" in client.get(here).text
    assert "《小老鼠》没还" in clerk.text(f"/work/cases/{case.id}")
