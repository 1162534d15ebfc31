"""Loss and damage at the desk: reported, closed, paid for, mended, disposed of by an approved list, found again."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from branchnet import clock
from branchnet.batches.checks import violations
from branchnet.extensions import db, transaction
from branchnet.models import Agreement, CalendarPeriod, Entry, Lot
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from tests.pages.desk import Desk, days_ago, words
from tests.pages.test_staff_finding import read, send
from tests.support.world import World

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def there(app: Flask, world: World) -> World:
    """100 copies of the counted lot, at 20 yuan, and the first barcoded copy stand at the first point for 30 days."""
    with app.app_context(), transaction():
        db.session.execute(
            update(Lot).where(Lot.id == world.counted_lot_id).values(price_fen=2_000, property_number="ZC-0001")
        )
    send(app, world, [(world.counted_lot_id, 100), (world.serial_lot_ids[0], 1)], 30)
    return world


def standing(app: Flask, world: World, *kinds: str) -> list[int]:
    """Copies at the first point and at central places, in books without a fault."""
    with app.app_context():
        assert violations(world.network_id) == []
        places = [world.place_ids[0], *(central_place(world.network_id, kind) for kind in kinds)]
        found = copies_at(world.network_id, places)
        return [found.get(place, 0) for place in places]


def report(app: Flask, clerk: Desk, world: World, **sent: str) -> str:
    """Report a loss; returns the address of its case."""
    form = {"where": world.point_codes[0], "kind": "short", "happened_on": days_ago(app, world, 9), **sent}
    answer = clerk.post("/work/losses/new", **form)
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def close(app: Flask, clerk: Desk, world: World, case: str, resolution: str, **sent: str) -> None:
    form = {"happened_on": days_ago(app, world, 8), "resolution": resolution, **sent}
    answer = clerk.post(f"{case}/close", **form)
    assert answer.status_code == 303, words(answer)


def listed(app: Flask, clerk: Desk, world: World) -> str:
    """All that waits on a new list; returns its address."""
    answer = clerk.post("/work/disposals/new", which="all", happened_on=days_ago(app, world, 5))
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def test_a_loss_is_reported_closed_and_paid_for(app: Flask, there: World, clerk: Desk) -> None:
    code = there.point_codes[0]
    assert "报丢失或破损" in clerk.text(f"/work/points/{code}/books")
    form = {"where": code, "kind": "short", "what": "故事书", "quantity": "3", "happened_on": days_ago(app, there, 9)}
    too_many = clerk.post("/work/losses/new", **{**form, "quantity": "101"})
    assert (too_many.status_code, "《故事书一批》在这里只有 100 册。" in words(too_many)) == (422, True)
    assert 'value="101"' in too_many.text
    elsewhere = clerk.post("/work/losses/new", **{**form, "what": there.barcodes[3], "quantity": "1"})
    assert (elsewhere.status_code, 'id="f-what-error"' in elsewhere.text) == (409, True)
    assert "不在这里" in words(elsewhere)
    assert "其余的行" not in words(elsewhere)
    nothing_like = clerk.post("/work/losses/new", **{**form, "what": "百科全书"})
    assert "没有叫“百科全书”的。" in words(nothing_like)
    case = report(app, clerk, there, what="故事书", quantity="3", note="毕业班没还")
    said = clerk.text(case)
    assert "长岭小学流动服务点 · 报上来的" in said
    assert "故事书一批》 ，林管理员：毕业班没还" in said
    assert "报错了，书没有少" in said
    wrong = clerk.post(f"{case}/close", resolution="found", happened_on=days_ago(app, there), amount="60")
    assert (wrong.status_code, 'id="f-amount-error"' in wrong.text) == (422, True)
    close(app, clerk, there, case, "lost", amount="45.50")
    said = clerk.text(case)
    assert "丢失，登记在案" in said
    assert "¥45.50" in said
    assert "还没收到" in said
    assert standing(app, there, "lost") == [98, 3]
    assert clerk.post(f"{case}/pay", amount="60", agreed_on=days_ago(app, there, 7)).status_code == 303
    assert clerk.post(f"{case}/paid", paid_on=days_ago(app, there)).status_code == 303
    assert "¥60.00" in clerk.text(case)
    assert clerk.post(f"{case}/unpaid").status_code == 409
    assert clerk.post(f"{case}/reverse", reason=" ").status_code == 422
    assert clerk.post(f"{case}/reverse", reason="在库房找到了").status_code == 303
    assert standing(app, there, "lost") == [101, 0]
    assert "查明是" in clerk.text(case)


def test_a_part_of_a_case_is_closed_and_the_rest_stays_open(app: Flask, there: World, clerk: Desk) -> None:
    case = report(app, clerk, there, what="故事书", quantity="3")
    too_many = {"resolution": "lost", "copies": "4", "happened_on": days_ago(app, there, 8)}
    refused = clerk.post(f"{case}/close", **too_many)
    assert (refused.status_code, "比这条差异的册数还多，请核对。" in words(refused)) == (422, True)
    close(app, clerk, there, case, "lost", copies="1", amount="20")
    said = clerk.get(case).text
    part = re.search(r"成了差异 (#(\d+))", said)
    assert part is not None
    assert "查明是" in said
    paid = clerk.text(f"/work/cases/{part[2]}")
    assert all(told in paid for told in ("1 册", "¥20.00", "丢失，登记在案"))
    close(app, clerk, there, case, "worn")
    assert "自然损耗" in clerk.text(case)
    assert standing(app, there, "lost", "to_be_disposed") == [98, 1, 2]


def test_unnamed_copies_are_named_when_they_are_closed(app: Flask, there: World, clerk: Desk) -> None:
    case = report(app, clerk, there, kind="damaged", quantity="3")
    assert "还不知道是哪几册" in clerk.text(case)
    sent = {"resolution": "repaired", "happened_on": days_ago(app, there, 8)}
    unnamed = clerk.post(f"{case}/close", **sent)
    assert (unnamed.status_code, "请写明是哪几册，册数要与差异相同。" in words(unnamed)) == (422, True)
    named = {"barcodes": there.barcodes[0], "lot": str(there.counted_lot_id)}
    assert clerk.post(f"{case}/close", **sent, **named).status_code == 303
    assert standing(app, there, "workroom") == [98, 3]
    repairs = sorted(set(re.findall(r'href="(/work/repairs/\d+)"', clerk.get(case).text)))
    assert len(repairs) == 2
    for repair, outcome in zip(repairs, ("repaired", "beyond_repair"), strict=True):
        assert "正在修" in clerk.text(repair)
        ended = {"outcome": outcome, "happened_on": days_ago(app, there, 6), "cost": "8"}
        assert clerk.post(f"{repair}/end", **ended).status_code == 303
        assert clerk.post(f"{repair}/end", **ended).status_code == 409
    assert sum(standing(app, there, "workroom", "to_be_disposed")[1:]) in (1, 2)
    assert "¥8.00" in clerk.text(repairs[0])
    assert clerk.post(f"{repairs[0]}/reverse", reason="还没修").status_code == 303
    assert "正在修" in clerk.text(repairs[0])
    said = clerk.text("/work/registers/repairs?state=open")
    assert "修补，共 1 笔" in said


def test_an_approval_ahead_is_marked_and_a_file_has_a_plain_name_too(app: Flask, there: World, clerk: Desk) -> None:
    close(app, clerk, there, report(app, clerk, there, what=there.barcodes[0]), "lost")
    first = str(clerk.post("/work/disposals/new", which="all", happened_on=days_ago(app, there, 5)).location)
    ahead = {"approval_number": "湛少图〔2026〕7号", "approved_on": days_ago(app, there, -30)}
    refused = clerk.post(f"{first}/approve", **ahead)
    assert (refused.status_code, 'aria-invalid="true"' in refused.text) == (422, True)
    kept = clerk.get(f"{first}/list.docx").headers["Content-Disposition"]
    assert "filename=branchnet-" in kept
    assert "filename*=UTF-8''" in kept


def test_a_disposal_list_is_approved_printed_and_taken_back(app: Flask, there: World, clerk: Desk) -> None:
    assert "没有书在等处置" in clerk.text("/work/disposals/new")
    close(app, clerk, there, report(app, clerk, there, what=there.barcodes[0]), "lost")
    close(app, clerk, there, report(app, clerk, there, kind="damaged", what="gssyp", quantity="4"), "damaged")
    page = clerk.get("/work/disposals/new").text
    lines = re.findall(r'name="line" value="(\d+-\d+)"', page)
    assert len(lines) == 2
    assert clerk.post("/work/disposals/new", which="some", happened_on=days_ago(app, there)).status_code == 422
    one = {"which": "some", "line": lines[:1], "happened_on": days_ago(app, there, 5)}
    first = str(clerk.post("/work/disposals/new", **one).location)
    again = clerk.post("/work/disposals/new", **one)
    number = first.rsplit("/", maxsplit=1)[-1]
    assert (again.status_code, f"已经在处置单 {number} 上。" in words(again)) == (409, True)
    assert clerk.post(f"/work/disposals/new?to={number}", which="all", to=number, happened_on="x").status_code == 422
    more = clerk.post(f"/work/disposals/new?to={number}", which="all", to=number, happened_on=days_ago(app, there))
    assert more.location == first
    said = clerk.text(first)
    assert "草稿" in said
    assert "ZC-0001 故事书一批 未编目 4 80.00 破损" in said
    approval = {"approval_number": "湛少图〔2026〕7号", "approved_on": days_ago(app, there, 4)}
    assert clerk.post(f"{first}/approve", **{**approval, "approval_number": ""}).status_code == 422
    assert clerk.post(f"{first}/approve", **approval).status_code == 303
    assert standing(app, there, "lost", "to_be_disposed", "withdrawn") == [96, 0, 0, 5]
    assert "批准文号：湛少图〔2026〕7号" in clerk.text(f"{first}/paper")
    sheet = read(clerk, f"{first}/list.xlsx")
    assert sheet[2][:8] == ["序号", "财产登记号", "条码", "题名", "数量（册）", "单价（元）", "码洋（元）", "原因"]
    assert sheet[5][1:7] == ["合计", "", "", 5, "", 80]
    document = ZipFile(BytesIO(clerk.get(f"{first}/list.docx").data)).read("word/document.xml").decode()
    assert "ZC-0001" in document
    assert clerk.post(f"{first}/cancel").status_code == 409
    assert clerk.post(f"{first}/reverse", reason="文号写错了").status_code == 303
    said = clerk.text(first)
    assert "后来撤回了 文号写错了" in said
    removal = re.findall(r'action="([^"]+/remove)"', clerk.get(first).text)
    assert clerk.post(removal[0]).status_code == 303
    assert clerk.post(f"{first}/cancel").status_code == 303
    assert "已作废" in clerk.text("/work/registers/disposals")


def test_a_copy_is_found_after_it_was_written_off(app: Flask, there: World, clerk: Desk) -> None:
    copy = f"/work/copies/{there.serial_lot_ids[0]}"
    assert "它没有丢" in clerk.text(f"{copy}/found")
    case = report(app, clerk, there, what=there.barcodes[0])
    close(app, clerk, there, case, "lost")
    assert "找回来了" in clerk.text(copy)
    sent = {"gone": "lost", "where": there.point_codes[1], "happened_on": days_ago(app, there, 3), "note": "在雷州"}
    assert clerk.post(f"{copy}/found", **{**sent, "happened_on": days_ago(app, there, 9)}).status_code == 409
    assert clerk.post(f"{copy}/found", **sent).status_code == 303
    said = clerk.text(copy)
    assert "现在在哪里 在哪里 从哪天起 批次 雷州分馆" in said
    assert f"#{case.split('/')[-1]} 在雷州" in said
    assert "后来找回来的" in clerk.text(case)
    register = clerk.text("/work/registers/losses")
    assert re.search(r"长岭小学流动服务点 1 未知 — — — — 1 未知", register), register
    back = re.findall(r'href="(/work/found/\d+/reverse)"', clerk.get(copy).text)
    assert "1 册从 雷州分馆 记回 已登记丢失" in clerk.text(back[0])
    assert clerk.post(back[0], reason="是另一本").status_code == 303
    assert standing(app, there, "lost") == [100, 1]


def test_a_copy_found_after_a_list_wrote_it_off_is_told_on_its_case(app: Flask, there: World, clerk: Desk) -> None:
    copy = f"/work/copies/{there.serial_lot_ids[0]}"
    case = report(app, clerk, there, what=there.barcodes[0])
    close(app, clerk, there, case, "lost", amount="30")
    first = listed(app, clerk, there)
    approval = {"approval_number": "湛少图〔2026〕8号", "approved_on": days_ago(app, there, 4)}
    assert clerk.post(f"{first}/approve", **approval).status_code == 303
    asked = "还赔不赔请定下来"
    assert asked not in clerk.text(case)
    assert "后来找回 " not in clerk.text("/work/registers/disposals")
    sent = {"gone": "withdrawn", "where": "workroom", "happened_on": days_ago(app, there, 3)}
    found = clerk.post(f"{copy}/found", **sent)
    assert "/work/repairs/" in str(found.location)
    assert "书在总馆整理间，开了这一笔修补" in clerk.text(str(found.location))
    said = clerk.text(case)
    assert "后来找回来的" in said
    assert asked in said
    assert "后来找回 1 册" in clerk.text("/work/registers/disposals")
    assert read(clerk, "/work/registers/disposals.xlsx")[3][8] == 1


@ON_SQLITE
def test_small_shortages_of_a_term_are_worn(app: Flask, there: World, clerk: Desk) -> None:
    with app.app_context(), transaction():
        day = there.act.today()
        db.session.execute(
            insert(Agreement).values(
                network_id=there.network_id,
                point_id=there.point_ids[0],
                number="协1",
                signed_on=there.begun_on,
                valid_from=there.begun_on,
                allowance_permille=40,
                created_at=clock.now(),
            )
        )
        db.session.execute(
            insert(CalendarPeriod).values(
                network_id=there.network_id, kind="term", name="本学期", first_on=day.replace(day=1), last_on=day
            )
        )
    assert "先选学期" in clerk.text("/work/wear")
    for copies in ("2", "9", "1"):
        report(app, clerk, there, what="故事书", quantity=copies, happened_on=days_ago(app, there, 2))
    asked = f"since={days_ago(app, there, 20)}&until={days_ago(app, there)}"
    page = clerk.get(f"/work/wear?{asked}")
    said = words(page)
    assert "长岭小学流动服务点 101 40‰ 4 0" in said
    assert "按自然损耗结案，3 册" in said
    cases = re.findall(r'name="cases" value="([\d ]+)"', page.text)[0]
    sent = {"since": days_ago(app, there, 20), "until": days_ago(app, there), "happened_on": days_ago(app, there)}
    assert clerk.post("/work/wear", **sent, cases=cases.split()[0]).status_code == 409
    done = clerk.post("/work/wear", **sent, cases=cases)
    assert done.status_code == 303, words(done)
    assert standing(app, there, "to_be_disposed") == [98, 3]
    assert "自然损耗，转待处置" in clerk.text("/work/registers/differences?state=worn")


def test_what_more_was_recorded_with_is_taken_back_on_its_own_page(app: Flask, there: World, clerk: Desk) -> None:
    case = report(app, clerk, there, what=there.barcodes[0])
    close(app, clerk, there, case, "lost")
    page = listed(app, clerk, there)
    approved = clerk.post(f"{page}/approve", approval_number="湛少图〔2026〕7号", approved_on=days_ago(app, there, 3))
    assert approved.status_code == 303, words(approved)
    with app.app_context():
        entries = {verb: entry_id for entry_id, verb in db.session.execute(select(Entry.id, Entry.verb))}
    for verb, kept in (("resolve", case), ("dispose", page)):
        answer = clerk.get(f"/work/entries/{entries[verb]}/undo")
        assert (answer.status_code, answer.location) == (302, kept)
