"""A file on the clerk's pages: brought, its columns confirmed, tried, taken in, and what was wrong with it."""

import gc
import io
import os
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from branchnet import clock, queue
from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.extensions import after_commit, db, transaction
from branchnet.jobs import runner
from branchnet.jobs.kinds import old_lists
from branchnet.jobs.runner import work_all
from branchnet.jobs.sweeping import sweep
from branchnet.models import Batch, BatchLine, Box, FileList, Job, Lot
from branchnet.stock.lists import read_table
from tests.lists.files import HEADINGS, a_book, text, workbook, written_otherwise
from tests.pages.desk import Desk, clerk_of, days_ago, sit_down, words
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

ROWS = 21_239 if os.environ.get("BRANCHNET_FULL") else 2_000
"""Rows of the long list; the year of Zhanjiang's takes too long for every day."""


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


@pytest.fixture
def clerk(app: Flask, world: World) -> Desk:
    return clerk_of(app, world)


def bring(clerk: Desk, content: bytes, name: str = "清单.xlsx", batch: str = "", **sent: str) -> TestResponse:
    return clerk.post("/work/lists/new", file=(io.BytesIO(content), name), batch=batch, **sent)


def confirm(clerk: Desk, at: str, **changed: str) -> TestResponse:
    """Confirm the columns as they were guessed, but for those that are changed."""
    page = clerk.get(f"{at}/columns").text
    sent = dict(changed)
    for name, part in re.findall(r'<select[^>]*name="(column-\d+)"(.*?)</select>', page, re.DOTALL):
        field = re.search(r'value="([a-z_]+)" selected', part)
        sent.setdefault(name.replace("-", "_"), field[1] if field else "")
    for name in ("sheet", "heading_row"):
        found = re.search(rf'type="hidden" name="{name}" value="(\d+)"', page)
        assert found is not None
        sent[name] = found[1]
    return clerk.post(f"{at}/columns", **{name.replace("column_", "column-"): value for name, value in sent.items()})


def work(app: Flask) -> None:
    with app.app_context():
        work_all()
        db.session.remove()


def tried(app: Flask, clerk: Desk, content: bytes, name: str = "清单.xlsx", batch: str = "") -> str:
    """Bring a list and try it; returns its address."""
    brought = bring(clerk, content, name, batch)
    assert brought.status_code == 303, words(brought)
    at = str(brought.location)
    answer = confirm(clerk, at)
    assert answer.status_code == 303, words(answer)
    work(app)
    return at


def test_new_books_come_onto_the_shelf(app: Flask, world: World, clerk: Desk) -> None:
    rows = [
        ["雷州市少儿图书馆新书清单"],
        HEADINGS,
        *(a_book(number) for number in range(3)),
        ["合计", "", "", "", "", "", 75],
    ]
    at = tried(app, clerk, workbook(rows))
    page = clerk.text(at)
    assert "3 册" in page
    assert "75.00" in page
    assert "1 行是合计" in page
    assert clerk.post(f"{at}/apply", how="good", day=days_ago(app, world)).status_code == 303
    work(app)
    assert "加入了 3 册" in clerk.text(at)
    with app.app_context():
        row = db.session.scalars(select(FileList)).one()
        assert (row.state, row.content) == ("applied", None)
        lot = db.session.scalars(select(Lot).where(Lot.barcode == "990000000002")).one()
        assert (lot.title, lot.price_fen, lot.year, lot.isbn, lot.fund) == (
            "故事 2",
            2500,
            2019,
            "9787544253994",
            "购买",
        )
        batch = db.session.scalars(select(Batch).where(Batch.id == row.batch_id)).one()
        assert (batch.kind, batch.state, batch.created_by) == ("accession", "closed", world.act.person_id)
        db.session.remove()


@pytest.fixture
def batch(app: Flask, world: World, clerk: Desk) -> str:
    """The number of an empty batch to the branch."""
    return clerk.begin(world.point_codes[1], drafted_on=days_ago(app, world)).rsplit("/", 1)[1]


def lines(app: Flask, number: str) -> dict[str, int | None]:
    """By barcode the box of every line of a batch."""
    with app.app_context():
        rows = db.session.execute(
            select(Lot.barcode, Box.number)
            .join(BatchLine, BatchLine.lot_id == Lot.id)
            .join(Batch, Batch.id == BatchLine.batch_id)
            .outerjoin(Box, Box.id == BatchLine.box_id)
            .where(Batch.number == number)
        ).all()
        db.session.remove()
    return {barcode: box for barcode, box in rows if barcode}


def send_off(app: Flask, world: World, lot_id: int) -> str:
    """A copy leaves for the branch; returns the batch's number."""
    with app.app_context(), transaction():
        made = batches.draft(world.act, NewBatch("allocation", world.act.today(), world.place_ids[1]))
        batches.add_lines(world.act, made.id, [NewLine(lot_id)])
        batches.dispatch(world.act, made.id, world.act.today())
        batches.receive(world.act, made.id, world.act.today())
        return made.number


def test_a_list_of_barcodes_is_picked_with_every_reason_told(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    codes = world.barcodes
    elsewhere = send_off(app, world, world.serial_lot_ids[3])
    clerk.scan(f"/work/batches/{batch}", codes[4])
    other = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    clerk.scan(other, codes[5])
    rows = [
        ["箱号", "馆藏条码", "书名"],
        [1, codes[0], ""],
        [2, float(codes[1]), ""],
        ["", codes[2], ""],
        ["", codes[3], ""],
        ["", codes[4], ""],
        ["", codes[5], ""],
        ["", "770000000001", "<i>新书</i>"],
        ["", "770000000002", ""],
        ["", codes[0], ""],
        ["", "4.40800E+11", ""],
        ["", 4.408e16, ""],
    ]
    at = tried(app, clerk, workbook(rows), batch=batch)
    page = clerk.text(at)
    assert "文件里有 11 行书" in page
    assert "1 行已经在这一批里" in page
    assert f"在 雷州分馆（批次 {elsewhere}）" in page
    assert f"已经在批次 {other.rsplit('/', 1)[1]} 里" in page
    assert "账上没有的 1 册，连书名一起先登记入藏" in page
    assert "&lt;i&gt;新书&lt;/i&gt;" in page
    for reason in ("不在账上，也没有书名", "和第 2 行重复", "科学记数", "末几位已经丢了"):
        assert reason in page
    assert lines(app, batch) == {codes[4]: None}
    assert clerk.post(f"{at}/apply", how="good", take_in="1", day=days_ago(app, world)).status_code == 303
    work(app)
    assert "加入了 4 册" in clerk.text(at)
    assert "先登记入藏" in clerk.text(at)
    picked = {codes[0]: 1, codes[1]: 2, codes[2]: None, codes[4]: None, "770000000001": None}
    assert lines(app, batch) == picked


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_known_copy_under_another_title_is_told_and_goes_along(
    app: Flask, world: World, clerk: Desk, batch: str
) -> None:
    codes = world.barcodes
    clerk.scan(f"/work/batches/{batch}", codes[3])
    rows = [
        ["馆藏条码", "书名"],
        [codes[0], "《小人书　０1》"],
        [codes[1], "三毛流浪记"],
        [codes[2], ""],
        [codes[3], "孙悟空"],
    ]
    at = tried(app, clerk, workbook(rows), batch=batch)
    page = clerk.text(at)
    assert "在账上是《小人书 02》，书名按账上的" in page
    assert "已经在这一批里，不用再加。在账上是《小人书 04》" in page
    assert "在账上是《小人书 01》" not in page
    assert clerk.post(f"{at}/apply", how="all").status_code == 303
    work(app)
    assert lines(app, batch) == dict.fromkeys(codes[:4])
    at = tried(app, clerk, workbook([HEADINGS, a_book(1, codes[0])]))
    assert "条码已经在账上，是《小人书 01》，请查清是不是贴重了。" in clerk.text(at)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_wrong_rows_come_back_as_a_file_with_the_reason(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    rows = [["条码", "=备注"], [world.barcodes[0], "x"], ["770000000009", "=1+1"], ["4.4E+11", "+2"]]
    at = tried(app, clerk, workbook(rows), name="=a<b>.xlsx", batch=batch)
    clerk.client.set_cookie("branchnet_language", "en")
    answer = clerk.get(f"{at}/problems")
    (sheet,) = read_table("back.xlsx", answer.data).sheets
    *_told, headings, first, second = sheet.rows
    assert headings[:2] == ["条码", "=备注"]
    assert first[:2] == ["770000000009", "=1+1"]
    assert "not in the books" in str(first[2])
    assert (second[:2], second[-1]) == (["4.4E+11", "+2"], 4)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_row_good_or_none(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    at = tried(app, clerk, text([["条码"], [world.barcodes[0]], ["nowhere"]]), "a.csv", batch)
    answer = clerk.post(f"{at}/apply", how="all")
    assert answer.status_code == 422
    assert "有 1 行有问题，一行也没有加入" in words(answer)
    work(app)
    assert lines(app, batch) == {}


def test_what_changed_since_the_dry_run_is_told_and_judged_anew(
    app: Flask, world: World, clerk: Desk, batch: str
) -> None:
    at = tried(app, clerk, text([["条码"], [world.barcodes[0]], [world.barcodes[1]]]), "a.csv", batch)
    send_off(app, world, world.serial_lot_ids[0])
    clerk.post(f"{at}/apply", how="good")
    work(app)
    page = clerk.text(at)
    assert "检查以后有 1 行变了" in page
    assert "雷州分馆" in page
    assert lines(app, batch) == {world.barcodes[1]: None}


def test_all_or_none_holds_when_the_copies_have_moved(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    at = tried(app, clerk, text([["条码"], [world.barcodes[0]], [world.barcodes[1]]]), "a.csv", batch)
    assert clerk.post(f"{at}/apply", how="all").status_code == 303
    send_off(app, world, world.serial_lot_ids[0])
    work(app)
    assert "有 1 行有问题，一行也没有加入" in clerk.text(at)
    assert lines(app, batch) == {}


def test_a_batch_that_is_sent_meanwhile_takes_no_list(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    at = tried(app, clerk, text([["条码", "题名"], [world.barcodes[0], ""], ["77001", "新"]]), "a.csv", batch)
    clerk.scan(f"/work/batches/{batch}", world.barcodes[1])
    clerk.post(f"{at}/apply", how="good", take_in="1")
    clerk.post(f"/work/batches/{batch}/dispatch", happened_on=days_ago(app, world))
    work(app)
    assert "不能再做这一步" in clerk.text(at)
    assert [*lines(app, batch)] == [world.barcodes[1]]
    with app.app_context():
        # What was taken in on the way is undone with it.
        assert db.session.scalar(select(Lot.id).where(Lot.barcode == "77001")) is None
        db.session.remove()


def test_pressed_twice_and_run_twice_a_list_counts_once(app: Flask, world: World, clerk: Desk) -> None:
    # Made once: an Excel file tells the second it was written in.
    content = workbook([HEADINGS, a_book(1)])
    brought = [bring(clerk, content, op_id="brought-0001") for _ in range(2)]
    at = str(brought[0].location)
    assert brought[1].location == at
    confirm(clerk, at)
    work(app)
    for _ in range(2):
        assert clerk.post(f"{at}/apply", op_id="applied-0001", how="good").status_code == 303
    work(app)
    with app.app_context(), transaction():
        queue.ask(world.network_id, "list_apply", at.rsplit("/", 1)[1], person=1)
    work(app)
    with app.app_context():
        assert len(db.session.scalars(select(Batch).where(Batch.kind == "accession")).all()) == 2
        assert set(db.session.scalars(select(Job.state).where(Job.kind == "list_apply"))) == {"done"}
        db.session.remove()
    assert "加入了 1 册" in clerk.text(at)
    assert clerk.post(f"{at}/apply", how="good").status_code == 409
    assert clerk.post(f"{at}/drop").status_code == 409


def test_a_worker_that_dies_leaves_nothing_and_the_next_does_it_all(
    app: Flask, clerk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = tried(app, clerk, workbook([HEADINGS, a_book(1), a_book(2)]))
    clerk.post(f"{at}/apply", how="good")

    def dies(*_written: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("branchnet.batches.lists.working._keep", dies)
        with pytest.raises(KeyboardInterrupt):
            work(app)
    with app.app_context():
        assert db.session.scalar(select(Lot.id).where(Lot.barcode == "990000000001")) is None
        db.session.remove()
        assert sweep(lost_after=timedelta(0)).put_back == 1
    work(app)
    assert "加入了 2 册" in clerk.text(at)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_progress_is_told_and_survives_closing_the_page(
    app: Flask, clerk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("branchnet.batches.lists.books.STEP", 2)
    at = str(bring(clerk, workbook([HEADINGS, *(a_book(number) for number in range(5))])).location)
    confirm(clerk, at)
    assert "正在检查，这一页关了也会做完" in clerk.text(at)
    seen: list[str] = []
    note = runner._note

    def looks(claim: runner.Claim, **values: Any) -> None:
        note(claim, **values)
        after_commit(lambda: seen.append(f"{values.get('done_units')} {values.get('all_units')}"))

    monkeypatch.setattr(runner, "_note", looks)
    work(app)
    assert seen == ["0 None", "2 6", "4 6", "None None"]
    assert clerk.client.get(at, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_progress_bar_says_how_far_it_is(app: Flask, clerk: Desk) -> None:
    at = str(bring(clerk, workbook([HEADINGS, a_book(1)])).location)
    confirm(clerk, at)
    with app.app_context(), transaction():
        db.session.execute(update(Job).values(state="running", done_units=5000, all_units=21239))
    page = clerk.get(at).text
    assert "读了 5,000 行，共 21,239 行" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert clerk.post(f"{at}/apply", how="good").status_code == 409


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_columns_are_shown_changed_and_asked_for(app: Flask, clerk: Desk) -> None:
    rows = [["编码", "书名", "题名"], ["4408001", "红楼梦", "x"], ["4408002", "<b>西游记</b>", "y"]]
    at = str(bring(clerk, text(rows), "a.csv").location)
    page = clerk.get(f"{at}/columns").text
    assert "有两栏都像书名" in page
    assert "红楼梦 · &lt;b&gt;西游记&lt;/b&gt;" in page
    twice = confirm(clerk, at, column_2="title")
    assert twice.status_code == 422
    assert "前面已经有一栏当作它了" in twice.text
    none = confirm(clerk, at, column_1="")
    assert none.status_code == 422
    assert "还没有选：书名" in words(none)
    assert confirm(clerk, at, column_0="barcode").status_code == 303
    work(app)
    assert "2 册" in clerk.text(at)
    again = clerk.get(f"{at}/columns?sheet=0&heading_row=0").text
    assert "编码 · 4408001" in again
    assert clerk.get(f"{at}/columns?sheet=0&heading_row=99").status_code == 422


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_sheet_of_several_can_be_chosen(app: Flask, clerk: Desk) -> None:
    content = workbook(
        [["说明"]], [HEADINGS, a_book(1)], [HEADINGS, a_book(2), a_book(3)], names=["说明", "一月", "二月"]
    )
    at = str(bring(clerk, content).location)
    assert 'value="1" selected' in clerk.get(f"{at}/columns").text
    assert "故事 2 · 故事 3" in clerk.get(f"{at}/columns?sheet=2").text


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "文件是空的"),
        (b"%PDF-1.7", "../../etc/清单.xlsx", "这是一个 PDF 文件，不是清单"),
        (b"PK\x03\x04", "a.xlsx", "文件坏了"),
        (b"<html>", "a.xls", "这其实是一个网页"),
        (b"x", "", "请先选一个文件"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(
    app: Flask, clerk: Desk, content: bytes, name: str, said: str
) -> None:
    answer = bring(clerk, content, name)
    assert answer.status_code == 422
    assert said in words(answer)
    with app.app_context():
        assert db.session.scalars(select(FileList)).all() == []
        db.session.remove()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_larger_than_any_form_gets_a_page_of_words(app: Flask, clerk: Desk) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    answer = bring(clerk, b"a" * 20_000, "a.csv", csrf_token="x")
    assert answer.status_code == 413
    assert "文件太大" in words(answer)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_lists_of_other_networks_are_not_found(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    at = tried(app, clerk, text([["条码"], [world.barcodes[0]]]), "a.csv", batch)
    stranger = clerk_of(app, build_world(app, "andere"))
    for path in (at, f"{at}/columns", f"{at}/problems", f"/work/lists/new?batch={batch}x"):
        assert stranger.get(path).status_code == 404, path
    for path in (f"{at}/columns", f"{at}/apply", f"{at}/drop"):
        assert stranger.post(path, how="good").status_code == 404, path
    manager = sit_down(app, world.manager_login, world.password)
    assert manager.get(at).status_code == 403


def test_a_list_that_nobody_takes_in_is_let_go(app: Flask, clerk: Desk) -> None:
    at = tried(app, clerk, workbook([HEADINGS, a_book(1)]))
    with app.app_context():
        assert old_lists() == []
        with transaction():
            db.session.execute(update(FileList).values(created_at=clock.now() - timedelta(days=31)))
        assert old_lists() == [(1, "")]
        sweep()
        work_all()
        assert old_lists() == []
        row = db.session.scalars(select(FileList)).one()
        assert (row.state, row.content, row.problems) == ("dropped", None, None)
        db.session.remove()
    assert "另交一个文件" in clerk.text(at)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_dropped_list_goes_with_its_file(app: Flask, clerk: Desk) -> None:
    at = tried(app, clerk, workbook([HEADINGS, a_book(1)]))
    assert clerk.post(f"{at}/drop").status_code == 303
    with app.app_context():
        row = db.session.scalars(select(FileList)).one()
        assert (row.state, row.content) == ("dropped", None)
        db.session.remove()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_three_hundred_wrong_rows_cost_no_more_questions_than_three(
    app: Flask, clerk: Desk, batch: str, query_counter: QueryCounter
) -> None:
    counted = []
    for rows in (3, 300):
        at = tried(app, clerk, text([["条码"], *([f"nowhere-{number}"] for number in range(rows))]), "a.csv", batch)
        query_counter.reset()
        page = clerk.text(at)
        clerk.get(f"{at}/problems")
        counted.append(query_counter.count)
    assert counted[0] == counted[1]
    assert "第 1 页，共 6 页" in page
    assert "nowhere-50" not in page
    assert "nowhere-50" in clerk.text(f"{at}?page=2")


# Flask's client leaves its own copy of a large upload to be found by the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_long_list_costs_no_more_questions_than_a_short_one(
    app: Flask, clerk: Desk, batch: str, query_counter: QueryCounter
) -> None:
    """And in a full run, all of the 21,239 rows of a real year come in."""
    counted = []
    for rows in (3, ROWS):
        content = workbook([HEADINGS, *(a_book(number, f"99{rows:05d}{number:05d}") for number in range(rows))])
        at = tried(app, clerk, content)
        clerk.post(f"{at}/apply", how="good")
        query_counter.reset()
        work(app)
        counted.append(query_counter.count)
        picked = tried(app, clerk, content, batch=batch)
        clerk.post(f"{picked}/apply", how="good")
        query_counter.reset()
        work(app)
        counted[-1] += query_counter.count
        assert f"加入了 {rows:,} 册" in clerk.text(picked)
    # A statement more for every 5,000 rows that tell their progress, and for every 10,000 asked for at once.
    assert counted[1] - counted[0] <= 60
    assert len(lines(app, batch)) == ROWS + 3
    gc.collect()


def test_a_sheet_or_a_row_of_headings_that_is_not_there_is_refused(app: Flask, world: World, clerk: Desk) -> None:
    at = str(bring(clerk, workbook([HEADINGS, a_book(1)])).location)
    assert "哪一张表" not in clerk.text(f"{at}/columns?sheet=0&heading_row=9"), "asked for below its end, it is guessed"
    for sent in ({"sheet": "0", "heading_row": "9"}, {"sheet": "5", "heading_row": "1"}):
        assert clerk.post(f"{at}/columns", **sent, **{"column-1": "title"}).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Job.id).where(Job.kind == "list_check")).all() == []
        db.session.remove()


@pytest.mark.parametrize(("cell", "as_written"), [("<v>424242</v>", "<v>NaN</v>"), ("QQQQ", "a_x0000_b")])
def test_what_no_database_keeps_is_no_reason_to_break(clerk: Desk, cell: str, as_written: str) -> None:
    content = workbook([HEADINGS, ["QQQQ", *a_book(1)[1:-1], 424242]])
    assert bring(clerk, written_otherwise(content, cell, as_written)).status_code == 303
