"""Finding: any copy and its life, any batch, what stands at a point, and every list as Excel."""

import re
from datetime import timedelta
from io import BytesIO

from flask import Flask
from python_calamine import CalamineWorkbook

from branchnet.access.commands import place_under
from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.extensions import db, transaction
from branchnet.models import Batch
from branchnet.points.life.commands import rename
from branchnet.stock.finding import isbns
from branchnet.stock.rules import NewLot
from tests.pages.desk import Desk, clerk_of, days_ago, sit_down, words
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

ISBN_13, ISBN_10 = "9787544270878", "7544270874"


def take_in(app: Flask, world: World, *lots: NewLot) -> list[int]:
    with app.app_context(), transaction():
        return batches.take_in(world.act, "accession", lots, world.begun_on).lot_ids


def send(
    app: Flask, world: World, lots: list[tuple[int, int]], ago: int, point: int = 0, kind: str = "allocation"
) -> str:
    """A batch sent so many days ago and received on the day after; returns its number."""
    with app.app_context(), transaction():
        day = world.act.today() - timedelta(days=ago)
        batch = batches.draft(world.act, NewBatch(kind, day, world.place_ids[point]))
        batches.add_lines(world.act, batch.id, [NewLine(lot_id, quantity) for lot_id, quantity in lots])
        batches.dispatch(world.act, batch.id, day)
        batches.receive(world.act, batch.id, day + timedelta(days=1))
        return batch.number


def read(desk: Desk, path: str) -> list[list[object]]:
    """The rows of a workbook that an address gives."""
    answer = desk.get(path)
    assert answer.status_code == 200, answer.text
    return CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()


ASKED = {
    "大象的算术": True,
    "的算": True,
    "dxdss": True,
    "DXD": True,
    "谢帕德": True,
    ISBN_13: True,
    "978-7-5442-7087-8": True,
    "7-5442-7087-4": True,
    "９７８７５４４２７０８７８": True,
    "大象 算术": True,
    "算术　大象": True,
    "谢帕德 dxd": True,
    "大 书": True,
    "算术 大象 A1": True,
    "大象 地理": False,
    "大象 % 算术": False,
    "书 A": False,
    "大": True,
    "算": False,
    "%": False,
    "__": False,
    "9787544270871": False,
    "A1": True,
    "a1": True,
}
"""What somebody may type, and whether it means the book: one character is looked for at the beginning only."""


def test_a_copy_is_found_by_whatever_is_known_of_it(app: Flask, world: World, clerk: Desk) -> None:
    take_in(app, world, NewLot("大象的算术书", barcode="A1002", author="谢帕德", isbn=ISBN_13))
    for asked, found in ASKED.items():
        said = clerk.client.get("/work/copies", query_string={"q": asked}).text
        assert ("大象的算术书" in said) is found, asked


def test_an_isbn_is_looked_for_in_both_lengths() -> None:
    assert isbns("978-7-5442-7087-8") == [ISBN_13, ISBN_10]
    assert isbns(" 7 5442 7087 4 ") == [ISBN_10, ISBN_13]
    assert isbns("44080000001") == []


def test_an_exact_barcode_goes_straight_to_its_copy(world: World, clerk: Desk) -> None:
    answer = clerk.get(f"/work/copies?q={world.barcodes[0]}")
    assert answer.location == f"/work/copies/{world.serial_lot_ids[0]}"
    assert clerk.get(f"/work/copies?q={world.barcodes[0][:-1]}").status_code == 200


def test_a_copy_is_told_with_where_it_is(app: Flask, world: World, clerk: Desk) -> None:
    number = send(app, world, [(world.serial_lot_ids[0], 1), (world.counted_lot_id, 40)], 9)
    day = days_ago(app, world, 8)
    said = clerk.text("/work/copies?q=xrs")
    assert f"小人书 01 {world.barcodes[0]} 长岭小学流动服务点 {day} 起，批次 {number} 1" in said
    assert f"小人书 02 {world.barcodes[1]} 总馆书架 {world.begun_on} 起" in said
    assert f"总馆书架 460 册 {world.begun_on} 起" in clerk.text("/work/copies?q=gss")


def test_a_copys_whole_life_with_the_names_of_the_time(app: Flask, world: World, clerk: Desk) -> None:
    lot_id = world.serial_lot_ids[0]
    number = send(app, world, [(lot_id, 1)], 20)
    with app.app_context(), transaction():
        rename(world.act, world.point_ids[0], "长岭完全小学", world.act.today() - timedelta(days=5))
        delivery = db.session.query(Batch).filter_by(number=number, network_id=world.network_id).one()
        received = next(event for event in batches_events(delivery) if event.step == "received")
        batches.reverse_step(world.act, delivery.id, received.id, "记错了学校")
    said = clerk.text(f"/work/copies/{lot_id}")
    sent, came = days_ago(app, world, 20), days_ago(app, world, 19)
    assert f"路上 {sent} {number}" in said
    assert f"{came} 撤回 记错了学校 长岭小学流动服务点 路上 {number} 林管理员" in said
    assert f"{came} 签收 后来撤回了 路上 长岭小学流动服务点 {number} 林管理员" in said
    assert f"{world.begun_on} 入藏 馆外 总馆书架 26-001 林管理员".replace("26-", f"{world.begun_on:%y}-") in said
    assert "定价 未知" in said


def batches_events(batch: Batch) -> list[object]:
    from branchnet.models import BatchEvent  # noqa: PLC0415 - a table that only this test looks into

    return db.session.query(BatchEvent).filter_by(network_id=batch.network_id, batch_id=batch.id).all()


def test_the_life_of_a_counted_lot_by_place(app: Flask, world: World, clerk: Desk, query_counter: QueryCounter) -> None:
    send(app, world, [(world.counted_lot_id, 30)], 30)
    page = f"/work/copies/{world.counted_lot_id}"
    assert "雷州分馆" not in clerk.text(page)
    query_counter.reset()
    clerk.text(page)
    few = query_counter.count
    for ago in range(29, 19, -1):
        send(app, world, [(world.counted_lot_id, 5)], ago, point=1)
    query_counter.reset()
    said = clerk.text(page)
    assert query_counter.count == few
    assert "总馆书架" in said
    assert re.search(r"雷州分馆 \S+ \S+ 50\b", said)
    assert re.search(r"长岭小学流动服务点 \S+ \S+ 30\b", said)
    query_counter.reset()
    clerk.text("/work/copies?q=gss")
    assert query_counter.count <= few


def test_nobody_finds_another_networks_copy(app: Flask, world: World) -> None:
    other = build_world(app, "other")
    assert clerk_of(app, other).get(f"/work/copies/{world.serial_lot_ids[0]}").status_code == 404
    assert clerk_of(app, other).get(f"/work/copies?q={world.barcodes[0]}").location == (
        f"/work/copies/{other.serial_lot_ids[0]}"
    )
    with app.app_context(), transaction():
        place_under(other.network_id, world.network_id, world.begun_on + timedelta(days=1))
    manager = sit_down(app, world.manager_login, world.password)
    said = manager.text(f"/work/copies?q={world.barcodes[0]}")
    assert "shiyan" in said
    assert "other" in said


def test_batches_are_narrowed_sorted_and_paged_without_losing_either(app: Flask, world: World, clerk: Desk) -> None:
    small, large = (
        send(app, world, [(world.counted_lot_id, 3)], 40),
        send(app, world, [(world.counted_lot_id, 30)], 30, 1),
    )
    since, until = days_ago(app, world, 41), days_ago(app, world, 39)

    def order(query: str) -> list[str]:
        page = clerk.get(f"/work/batches?{query}").text
        return re.findall(r'<th scope="row" class="short">\s*<a href="[^"]+">([^<]+)</a>', page)

    assert order("sort=copies&kind=allocation") == [small, large]
    assert order("sort=-copies&kind=allocation") == [large, small]
    assert order("sort=sent&kind=allocation") == [small, large]
    assert order(f"since={since}&until={until}") == [small]
    assert order("terms=gift") == []
    assert order("q=LZ-01") == [large]
    page = clerk.get(f"/work/batches?kind=allocation&terms=deposit&since={since}&sort=-copies").text
    assert 'aria-sort="descending"' in page
    turned = f"/work/batches?kind=allocation&amp;terms=deposit&amp;since={since}&amp;sort=copies"
    assert turned in page
    assert f"/work/batches.xlsx?kind=allocation&amp;terms=deposit&amp;since={since}&amp;sort=-copies" in page
    wrong = clerk.get("/work/batches?since=昨天")
    assert wrong.status_code == 200
    assert 'id="f-since-error"' in wrong.text
    assert order("sort=DROP&page=0")[0] > ""


def test_what_stands_at_a_point_with_its_sums(app: Flask, world: World, clerk: Desk) -> None:
    priced, plain = take_in(app, world, NewLot("有价", 10, price_fen=1250), NewLot("无价", 5))
    number = send(app, world, [(priced, 8), (plain, 5)], 12, point=1)
    said = clerk.text("/work/points/LZ-01/books")
    assert "图书 13 册" in said
    assert "码洋 100.00 元 没有定价的 5 册" in said
    assert f"有价 未编目 {days_ago(app, world, 11)} {number} 12.50 8" in said
    assert "图书 8 册" in clerk.text("/work/points/LZ-01/books?q=yj")
    assert "图书 13 册" in clerk.text(f"/work/points/LZ-01/books?q={number}")
    assert "这里没有这样的书" in clerk.text("/work/points/LZ-01/books?q=xyz")
    assert "这里还没有书" in clerk.text("/work/points/CL-01/books")
    rows = read(clerk, "/work/points/LZ-01/books.xlsx?q=" + number)
    assert rows[3][0] == "无价"
    assert rows[3][-3:] == [5.0, "未知", "点过数"]
    assert rows[4][-3:-1] == [8.0, 100.0]
    assert rows[5][-3:-1] == [13.0, 100.0]
    rows = read(clerk, "/work/points/LZ-01/books.xlsx?q=wj")
    assert rows[-1][-2] == "未知", "no price known is no price of nothing"


def test_lists_leave_as_excel_and_formulas_stay_text(app: Flask, world: World, clerk: Desk) -> None:
    [bomb] = take_in(app, world, NewLot("=1+1", barcode="=2+2", author="+3"))
    number = send(app, world, [(bomb, 1), (world.counted_lot_id, 7)], 6)
    lines = read(clerk, f"/work/batches/{number}/lines.xlsx")
    assert lines[1][0].startswith("试验少年儿童图书馆 · 导出日期")
    assert [row[1:4] for row in lines[3:]] == [["=1+1", "=2+2", "+3"], ["故事书一批", "", ""]]
    listed = read(clerk, "/work/batches.xlsx?kind=allocation")
    assert "分配" in str(listed[1][0])
    assert listed[3][0] == number
    assert listed[3][7] == 8.0
    assert str(listed[3][5]) == days_ago(app, world, 6)
    found = read(clerk, "/work/copies.xlsx?q=%3D1")
    assert found[3][:3] == ["=1+1", "=2+2", "+3"]
    assert found[3][9] == "长岭小学流动服务点"
    points = read(clerk, "/work/points.xlsx")
    assert [row[0] for row in points[3:]] == ["雷州分馆", "长岭小学流动服务点", "合计"]
    assert points[4][6:] == [420.0, 8.0, "", "21.270700", "110.359400", "准确"]
    assert [row[0] for row in read(clerk, "/work/points.xlsx?q=lzfg")[3:]] == ["雷州分馆", "合计"]


def test_a_point_is_opened_by_hand(app: Flask, world: World, clerk: Desk) -> None:
    assert "CL-M01" in clerk.text("/work/points/new") or "LZ-M01" in clerk.text("/work/points/new")
    wrong = clerk.post("/work/points/new", name="", kind="", lat="21.3", pupils="很多", code="雷州/1")
    assert wrong.status_code == 422
    for name in ("name", "kind", "lon", "pupils", "code"):
        assert f'id="f-{name}-error"' in wrong.text
    turned = clerk.post("/work/points/new", name="红庙子小学", kind="delivery_school", lat="110.1", lon="21.55")
    assert "经纬度好像写反了" in words(turned)
    assert 'value="110.1"' in turned.text
    taken = clerk.post("/work/points/new", name="红庙子小学", kind="delivery_school", code="LZ-01")
    assert taken.status_code == 409
    assert 'id="f-code-error"' in taken.text
    assert "红庙子小学" in taken.text
    day = days_ago(app, world, 40)
    sent = {
        "name": "红庙子小学",
        "kind": "delivery_school",
        "opened_on": day,
        "lat": "21.3",
        "lon": "110.1",
        "pupils": "３００",
    }
    made = clerk.post("/work/points/new", **sent)
    assert made.status_code == 303
    said = clerk.text("/work/points")
    assert re.search(rf"红庙子小学 \w\w-D01 送书学校 — {day} 起", said)
    manager = sit_down(app, world.manager_login, world.password)
    assert manager.get("/work/points/new").status_code == 403


def test_what_is_called_so_stands_before_what_only_contains_it(app: Flask, world: World, clerk: Desk) -> None:
    take_in(app, world, NewLot("桥下一家人", 2), NewLot("西游记画本", 2), NewLot("西游记", 2))
    said = clerk.text("/work/copies?q=xyj")
    assert said.index("西游记 ") < said.index("西游记画本") < said.index("桥下一家人")


def test_a_nul_is_no_request_of_ours(clerk: Desk) -> None:
    """PostgreSQL keeps none in a text: what carries one would break there, and there alone."""
    for path in ("/work/copies?q=a%00b", "/work/batches?q=a%00b", "/work/batches/a%00b"):
        assert clerk.get(path).status_code == 400
    sent = {"plate": "粤\0A1", "name": "送书车", "in_service_from": "2020-01-01"}
    assert clerk.post("/work/vehicles", **sent).status_code == 400
