"""A stocktake at the clerk's desk: begun, counted by scan and by number, ended; its differences, register and sheet."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.batches.stocktaking import commands as stocktaking
from branchnet.extensions import db, transaction
from branchnet.models import FoundItem, StocktakeCount
from branchnet.stock.rules import NewLot
from tests.pages.desk import Desk, days_ago, words
from tests.support.queries import QueryCounter
from tests.support.world import World


@pytest.fixture(autouse=True)
def the_ledger_holds(app: Flask, world: World) -> object:
    yield
    with app.app_context():
        assert violations(world.network_id) == []


def stocked(app: Flask, world: World, copies: int = 30, serials: int = 3, ago: int = 20, received: bool = True) -> str:
    """A batch at the first point; returns its number."""
    with app.app_context(), transaction():
        day = world.act.today() - timedelta(days=ago)
        batch = batches.draft(world.act, NewBatch("allocation", day, world.place_ids[0]))
        lines = [NewLine(lot_id) for lot_id in world.serial_lot_ids[:serials]]
        batches.add_lines(world.act, batch.id, [*lines, NewLine(world.counted_lot_id, copies)])
        batches.dispatch(world.act, batch.id, day)
        if received:
            batches.receive(world.act, batch.id, day)
        return batch.number


def begin(app: Flask, world: World, clerk: Desk, way: str = "count", at: str | None = None) -> str:
    code = world.point_codes[0] if at is None else at
    answer = clerk.post("/work/stocktakes/new", at=code, way=way, begun_on=days_ago(app, world, 2))
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def test_a_stocktake_from_begin_to_end_by_number(app: Flask, world: World, clerk: Desk) -> None:
    assert "还没有盘点过" in clerk.text("/work/stocktakes")
    stocked(app, world)
    road = stocked(app, world, 7, 0, 1, received=False)
    here = begin(app, world, clerk)
    said = clerk.text(here)
    assert all(told in said for told in ("先看这些批次", "在路上的、配好没发的批次，要不要数进去"))
    assert re.search(rf"{road} .*书在路上，不要数", said)
    again = clerk.post("/work/stocktakes/new", at=world.point_codes[0], way="scan", begun_on=days_ago(app, world))
    assert again.status_code == 409
    assert "这里正在盘点" in words(again)
    refused = clerk.post(
        f"{here}/counts", happened_on=days_ago(app, world), **{f"copies-{world.counted_lot_id}": "很多"}
    )
    assert refused.status_code == 422
    assert "请填整数" in words(refused)
    assert 'value="很多"' in refused.text
    sent = {f"copies-{world.counted_lot_id}": "28", "rest": "3"}
    assert clerk.post(f"{here}/counts", happened_on=days_ago(app, world, 1), **sent).status_code == 303
    variance = clerk.text(f"{here}/variance")
    assert re.search(r"故事书一批 30 28 — 少了 2 册", variance)
    assert "对上的有 1 条" in variance
    ended = clerk.post(f"{here}/close", happened_on=days_ago(app, world))
    assert ended.status_code == 303
    over = clerk.text(here)
    assert "盘点结束了。记下差异 1 条。" in over
    case = re.search(r"differences/(\d+)/resolve", clerk.get(here).text)
    assert case is not None
    lost = clerk.post(f"{here}/differences/{case[1]}/resolve", resolution="lost", happened_on=days_ago(app, world))
    assert lost.status_code == 303
    closed = clerk.text(here)
    assert "书跟着动了" in closed
    assert "重新打开" not in closed
    back = clerk.post(f"{here}/differences/{case[1]}/take-back", reason="书在办公室")
    assert back.status_code == 303
    alike = {"resolution": "miscounted", "happened_on": days_ago(app, world), "reason": "数漏了"}
    assert "没有勾选任何差异。" in words(clerk.post(f"{here}/differences/resolve", **alike))
    assert clerk.post(f"{here}/differences/resolve", case=[case[1]], **alike).status_code == 303
    assert clerk.post(f"{here}/reopen", reason="漏了一架").status_code == 303
    assert "正在盘点" in clerk.text("/work/stocktakes?state=counting")
    assert clerk.post(f"{here}/cancel", reason="改日").status_code == 303
    assert "已取消" in clerk.text(here)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_more_than_a_rough_number_contradicts_nothing(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context(), transaction():
        day = world.act.today() - timedelta(days=9)
        lots = [NewLot("旧书", 200, quality="at_least")]
        taken = batches.take_in(world.act, "opening", lots, day, world.place_ids[0])
    here = begin(app, world, clerk)
    assert "账上现在 200 余 册" in clerk.text(here)
    sent = {f"copies-{taken.lot_ids[0]}": "205"}
    assert clerk.post(f"{here}/counts", happened_on=days_ago(app, world, 1), **sent).status_code == 303
    variance = clerk.text(f"{here}/variance")
    assert "账上该有 200 余 册" in variance
    assert "比约数多 5 册" in variance
    assert clerk.post(f"{here}/close", happened_on=days_ago(app, world)).status_code == 303
    assert "账上本来是约数，照盘点的数补记" in clerk.text(here)
    found = re.search(r"differences/(\d+)/resolve", clerk.get(here).text)
    assert found is not None
    ends = {"resolution": "surplus", "happened_on": days_ago(app, world)}
    assert clerk.post(f"{here}/differences/{found[1]}/resolve", **ends).status_code == 303
    assert "账上本来是约数，照盘点的数补记" in clerk.text(f"/work/cases/{found[1]}")


def test_a_difference_ends_in_parts_and_both_pages_lead_to_each_other(app: Flask, world: World, clerk: Desk) -> None:
    stocked(app, world)
    here = begin(app, world, clerk)
    sent = {f"copies-{world.counted_lot_id}": "27", "rest": "3"}
    assert clerk.post(f"{here}/counts", happened_on=days_ago(app, world, 1), **sent).status_code == 303
    assert clerk.post(f"{here}/close", happened_on=days_ago(app, world)).status_code == 303
    found = re.search(r"differences/(\d+)/resolve", clerk.get(here).text)
    assert found is not None
    asked = {"resolution": "lost", "copies": "1", "happened_on": days_ago(app, world)}
    resolve = f"{here}/differences/{found[1]}/resolve"
    assert clerk.post(resolve, **{**asked, "copies": "9"}).status_code == 422
    assert clerk.post(resolve, **asked).status_code == 303
    assert "少了 2 册" in clerk.text(here)
    assert clerk.post(resolve, **{**asked, "resolution": "worn", "copies": ""}).status_code == 303
    assert f'href="{here}">盘点 ' in clerk.get("/work/registers/differences").text
    cases = set(re.findall(r'href="(/work/cases/\d+)"', clerk.get(here).text))
    assert len(cases) == 2
    assert all(f'href="{here}"' in clerk.get(case).text for case in cases)


def test_scans_are_told_one_by_one(app: Flask, world: World, clerk: Desk) -> None:
    stocked(app, world)
    here = begin(app, world, clerk, "scan")
    first = clerk.post(f"{here}/scans", htmx=True, barcode=world.barcodes[0])
    assert 'data-said="taken"' in first.text
    assert "点到了" in words(first)
    again = clerk.post(f"{here}/scans", htmx=True, barcode=world.barcodes[0])
    assert again.status_code == 409
    assert "已经点到过了" in words(again)
    elsewhere = clerk.post(f"{here}/scans", htmx=True, barcode=world.barcodes[9])
    assert "在这里，账上却不在" in words(elsewhere)
    assert "总馆书架" in words(elsewhere)
    nobody = clerk.post(f"{here}/scans", htmx=True, barcode="9787-1")
    assert 'data-unknown="9787-1"' in nobody.text
    named = clerk.post(f"{here}/scans/named", htmx=True, barcode="9787-1", title="县馆的书")
    assert "书名记下了" in words(named)
    column = clerk.post(f"{here}/scans/list", htmx=True, barcodes=f"{world.barcodes[1]}\n{world.barcodes[0]}\n9787-2")
    assert "有 2 个条码请看一看" in words(column)
    with app.app_context():
        (item,) = db.session.query(FoundItem).filter_by(code="9787-2").all()
        assert db.session.query(StocktakeCount).count() == 3
        item_id = item.id
    clerk.post(f"{here}/uncount", htmx=True, lot=world.serial_lot_ids[1])
    clerk.post(f"{here}/found/{item_id}/remove", htmx=True)
    assert clerk.post(f"{here}/found", title="无码书", quantity="2", whose="县馆").status_code == 303
    said = clerk.text(here)
    assert "县馆的书" in said
    assert "9787-2" not in said
    variance = clerk.text(f"{here}/variance")
    assert "还有 30 册没有人数过" in variance
    assert "在这里扫到，账上却在别处" in variance
    assert "补记一批分配" in variance
    shelf = re.search(r'name="from" value="(\d+)"', clerk.get(f"{here}/variance").text)
    assert shelf is not None
    brought = clerk.post(f"{here}/bring", **{"from": shelf[1]}, happened_on=days_ago(app, world))
    assert brought.status_code == 303
    assert "账上却在别处" not in clerk.text(f"{here}/variance")
    assert "点到了" in words(clerk.post(f"{here}/scans", barcode=world.barcodes[1])), "without a script the whole page"


def test_a_move_that_was_dated_back_is_asked_about(app: Flask, world: World, clerk: Desk) -> None:
    stocked(app, world)
    late = stocked(app, world, 5, 0, 10, received=False)
    here = begin(app, world, clerk)
    clerk.post(f"{here}/counts", happened_on=days_ago(app, world, 1), **{f"copies-{world.counted_lot_id}": "35"})
    clerk.post(f"/work/batches/{late}/receive", happened_on=days_ago(app, world, 4), how="all")
    asked = clerk.get(f"{here}/variance").text
    entry = re.search(r"crossings/(\d+)", asked)
    assert entry is not None
    assert "还没说" in asked
    early = clerk.post(f"{here}/close", happened_on=days_ago(app, world))
    assert early.status_code == 409
    assert "没有说清" in words(early)
    assert clerk.post(f"{here}/crossings/{entry[1]}", answer="maybe").status_code == 422
    assert clerk.post(f"{here}/crossings/{entry[1]}", answer="before").status_code == 303
    assert "数过的都对上了" in clerk.text(f"{here}/variance")
    assert clerk.post(f"{here}/close", happened_on=days_ago(app, world)).status_code == 303
    assert "全都对上了" in clerk.text(here)


def test_the_register_and_the_sheet(app: Flask, world: World, clerk: Desk) -> None:
    stocked(app, world)
    here = begin(app, world, clerk)
    blank = clerk.text(f"{here}/sheet?blank=1")
    assert "故事书一批 30" in blank
    clerk.post(f"{here}/counts", happened_on=days_ago(app, world), **{f"copies-{world.counted_lot_id}": "31"})
    assert "还没盘完" in clerk.text(f"{here}/sheet")
    clerk.post(f"{here}/close", happened_on=days_ago(app, world))
    filled = clerk.text(f"{here}/sheet")
    assert re.search(r"合计\S* (\S+ )*30 31 \+1", filled), filled
    assert "故事书一批 30 31 +1" in filled
    assert "监盘人" in filled
    number = here.rsplit("/", 1)[1]
    listed = clerk.text("/work/stocktakes?state=differences&q=CL-01")
    assert number in listed
    assert "未结 1 条" in listed
    assert number not in clerk.text("/work/stocktakes?q=lzfg")
    book = CalamineWorkbook.from_filelike(BytesIO(clerk.get("/work/stocktakes.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert [number, "长岭小学流动服务点", "点数", "盘完了"] == rows[-1][:4]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_statements_do_not_grow_with_the_rows(
    app: Flask, world: World, clerk: Desk, query_counter: QueryCounter
) -> None:
    stocked(app, world, serials=1)
    counts = []
    here = begin(app, world, clerk, "scan")
    clerk.post(f"{here}/scans", htmx=True, barcode=world.barcodes[-3])
    addresses = (here, f"{here}/variance", f"{here}/sheet", f"{here}/sheet?blank=1", "/work/stocktakes", "/work/")
    for more in (1, 12):
        with app.app_context(), transaction():
            lots = [NewLot(f"书{more}-{one}", 3) for one in range(more)]
            lots += [NewLot(f"本{more}-{one}", barcode=f"5{more:02}{one:03}") for one in range(more)]
            taken = batches.take_in(world.act, "opening", lots, world.act.today(), world.place_ids[0])
            found = stocktaking.begin(world.act, world.place_ids[1], "count", world.act.today())
            stocktaking.cancel(world.act, found.id, "试")
        for lot_id in taken.lot_ids[:more]:
            clerk.post(f"{here}/counts", happened_on=days_ago(app, world), **{f"copies-{lot_id}": "2"})
        for one in range(more):
            clerk.post(f"{here}/scans", htmx=True, barcode=f"5{more:02}{one:03}")
        made = []
        for address in addresses:
            query_counter.reset()
            assert clerk.get(address).status_code == 200
            made.append(query_counter.count)
        query_counter.reset()
        clerk.post(f"{here}/scans", htmx=True, barcode=world.barcodes[-1 - (more > 1)])
        counts.append([*made, query_counter.count])
    assert counts[0] == counts[1]
