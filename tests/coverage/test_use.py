"""书与用: points, towns, kinds and networks beside each other; the page, its file, and whose rows they are."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, select

from branchnet import clock
from branchnet.batches import commands as batches
from branchnet.calendar.rules import month_of, months, months_before
from branchnet.coverage.compared import Comparison, Line, compared, ranked
from branchnet.coverage.layer_facts import turning
from branchnet.coverage.rules import Tally
from branchnet.extensions import db, transaction
from branchnet.models import PointMonth, ServicePoint
from branchnet.points.commands import NewCommunity, NewPoint, open_point, register_communities
from branchnet.points.life.commands import rename
from branchnet.points.queries import points_on
from branchnet.stock.rules import NewLot
from tests.coverage.conftest import sign_in
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(1)}`"


def fact(point_id: int, month: str, **told: Any) -> dict[str, Any]:
    """A month of a point with 100 copies on every day of it, unless told otherwise."""
    numbers = ("in_school_loans", "community_loans", "in_school_visits", "community_visits")
    days = (date.fromisoformat(f"{months_before(month, -1)}-01") - date.fromisoformat(f"{month}-01")).days
    return {
        "point_id": point_id,
        "month": month,
        "book_days": 100 * days,
        "days": days,
        "copies": 100,
        "copies_quality": "exact",
        "batches_in": 0,
        **dict.fromkeys(numbers),
        "kind": "mobile_point",
        "host": None,
        "area_code": None,
        "pupils": None,
        "last_batch_on": None,
        "old_copies": None,
        "computed_at": clock.now(),
        **told,
    }


def write(world: World, *facts: dict[str, Any]) -> None:
    rows = [{"network_id": world.network_id, **one} for one in facts]
    with transaction():
        db.session.execute(insert(PointMonth.__table__), rows)


@pytest.fixture
def this_year(app: Flask, world: World) -> list[str]:
    """The twelve months before this one."""
    with app.app_context():
        now = month_of(world.act.today())
        return list(months(months_before(now, 12), months_before(now, 1)))


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """Inside the application."""
    with app.app_context():
        yield


def of_year(world: World, year: list[str], by: str = "point") -> Comparison:
    return compared([world.network_id], year[0], year[-1], by, world.act.today())


def line(found: Comparison, key: object) -> Line:
    return next(one for one in found.lines if one.key == key)


@pytest.mark.usefixtures("context")
def test_only_months_with_a_reading_stand_below_the_line(world: World, this_year: list[str]) -> None:
    first = world.point_ids[0]
    year_ago = fact(first, months_before(this_year[5], 12), in_school_loans=10)
    write(
        world,
        year_ago,
        fact(first, this_year[4], in_school_loans=30),
        fact(first, this_year[5], in_school_loans=20, community_loans=50, in_school_visits=0),
        fact(first, this_year[6], copies=80, copies_quality="at_least", pupils=40, old_copies=20),
    )
    one = line(of_year(world, this_year), first)
    assert one.now.book_months == pytest.approx(300)
    assert one.values["school_loans"] == pytest.approx(25)
    assert one.values["community_loans"] == pytest.approx(50)
    assert one.values["loans"] == pytest.approx(50)
    assert one.values["visits"] == 0
    assert one.values["community_visits"] is None
    assert (one.now.copies, one.now.quality) == (80, "at_least")
    assert (one.values["copies_per_pupil"], one.values["old_share"]) == (2, 25)
    assert one.last_year["loans"] == pytest.approx(10)
    assert one.change("loans") == pytest.approx(40)


def test_a_change_is_the_difference_of_what_is_shown() -> None:
    one = Line(1, Tally(), Tally(), {"loans": 22.76, "visits": None}, {"loans": 24.54, "visits": 3.0}, {})
    assert (one.change("loans"), one.change("visits")) == (-1.7, None), "22.8 and 24.5"


@pytest.mark.usefixtures("context")
def test_a_stay_is_set_against_all_months_that_it_lasted(world: World, this_year: list[str]) -> None:
    """Two stays of two months; the second was never reported. A stay counts where it was collected."""
    school, rest = world.point_ids[1], {"kind": "delivery_school"}
    before = months_before(this_year[0], 1)
    write(
        world,
        fact(school, before, **rest),
        fact(school, this_year[0], batches_in=1, in_school_loans=60, **rest),
        fact(school, this_year[1], **rest),
        fact(school, this_year[2], batches_in=1, **rest),
        fact(school, this_year[3], copies=0, book_days=0, **rest),
    )
    one = line(of_year(world, this_year), school)
    assert one.now.loans.book_months == pytest.approx(200)
    assert one.values["loans"] == pytest.approx(30)
    assert one.now.book_months == pytest.approx(400)
    today = world.act.today()
    turned = turning(points_on([world.network_id], today), this_year[-1], today)
    assert {key: told.order for key, told in turned.items()} == {school: one.values["loans"]}, "the map says the same"


@pytest.mark.usefixtures("context")
def test_dimensions_are_those_of_the_event(world: World, this_year: list[str]) -> None:
    """A point that was another kind in spring is in both kinds, with its part; its end is in one."""
    first, second = world.point_ids
    write(
        world,
        fact(first, this_year[2], kind="mobile_point", in_school_loans=10, area_code="440802001201"),
        fact(first, this_year[3], kind="branch", in_school_loans=40, area_code="440802001201"),
        fact(second, this_year[3], kind="branch", in_school_loans=20, area_code="440802002201"),
    )
    kinds = of_year(world, this_year, "kind")
    assert line(kinds, "mobile_point").values["loans"] == pytest.approx(10)
    assert line(kinds, "branch").values["loans"] == pytest.approx(30)
    assert [line(kinds, kind).now.points for kind in ("mobile_point", "branch")] == [0, 2]
    towns = of_year(world, this_year, "town")
    assert line(towns, "440802001").values["loans"] == pytest.approx(25)
    assert towns.towns["440802001"] == "寸金街道"
    points = of_year(world, this_year)
    assert line(points, first).similar["loans"] == pytest.approx(22.5), "the median of both, which are branches now"
    network = line(of_year(world, this_year, "subtree"), world.network_id)
    assert network.values["loans"] == pytest.approx(70 / 3)
    assert [one.key for one in ranked(points.lines, "loans")] == [first, second]
    assert [one.key for one in ranked(points.lines, "loans", up=True)] == [second, first]


@pytest.fixture
def read(app: Flask, world: World, this_year: list[str]) -> World:
    """A mobile point where books are read, a branch where they sleep, one that nobody reported."""
    with app.app_context():
        with transaction():
            silent = open_point(world.act, NewPoint("S-1", HOSTILE, "branch", world.begun_on, opened_on=world.begun_on))
        awake, asleep = world.point_ids
        write(
            world,
            fact(awake, this_year[-1], in_school_loans=30, pupils=420),
            fact(asleep, this_year[-1], in_school_loans=0, kind="branch", copies=900),
            fact(silent, this_year[-1], kind="branch"),
        )
        db.session.remove()
    return world


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)<', html)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_page_ranks_and_every_row_opens_its_point(manager: FlaskClient, read: World) -> None:
    html = page(manager, "/manage/use")
    assert names(html)[:2] == ["长岭小学流动服务点", "雷州分馆"]
    assert 'href="/manage/points/CL-01?network=shiyan"' in html
    assert HOSTILE not in html
    said = re.sub(r"<[^>]*>|\s", "", html)
    assert "长岭小学流动服务点30.0不知道不知道30.0100100" in said
    assert "很少有人借的排在前面（1个）" in said
    assert names(page(manager, "/manage/use?order=up"))[0] == "雷州分馆"
    assert names(page(manager, "/manage/use?sleeping=1"))[0] == "雷州分馆"
    assert 'aria-sort="descending"' in html
    by_kind = re.sub(r"<[^>]*>|\s", "", page(manager, "/manage/use?by=kind&show=copies_per_pupil"))
    assert "流动服务点1个点0.2" in by_kind
    readings = re.search(r'href="(/work/readings[^"]*kind=mobile_point[^"]*)"', page(manager, "/manage/use?by=kind"))
    assert readings
    assert "长岭小学流动服务点" in page(manager, readings[1].replace("&amp;", "&"))


def test_a_period_without_facts_and_one_that_cannot_be(manager: FlaskClient, read: World) -> None:
    assert "这几个月还没有数" in page(manager, "/manage/use?from=2019-01&to=2019-12")
    assert manager.get("/manage/use?from=2019-13").status_code == 422
    assert manager.get("/manage/use?to=2199-01").status_code == 422


def test_the_file_holds_every_row_and_every_indicator(manager: FlaskClient, read: World) -> None:
    answer = manager.get("/manage/use.xlsx?sleeping=1")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    head, asleep = rows[2], rows[3]
    assert asleep[:2] == ["雷州分馆", "LZ-01"]
    assert asleep[head.index("外借（册次/百册·月）")] == 0
    assert asleep[head.index("阅览（人次/百册·月）")] == ""
    assert HOSTILE in [row[0] for row in rows], "text, as it was typed"


def test_whose_rows(app: Flask, client: FlaskClient, read: World) -> None:
    other = build_world(app, "other")
    assert not names(page(sign_in(app, client, other.manager_login), "/manage/use"))
    assert client.get("/manage/use?network=shiyan").status_code == 404


def test_three_thousand_rows_come_in_pages_for_the_same_statements(
    app: Flask, manager: FlaskClient, read: World, query_counter: QueryCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(manager, "/manage/use")
    query_counter.reset()
    page(manager, "/manage/use")
    few = query_counter.count
    with app.app_context():
        with transaction():
            begun = read.begun_on
            new = [NewPoint(f"N-{n}", f"点{n}", "branch", begun, opened_on=begun) for n in range(12)]
            ids = [open_point(read.act, one) for one in new]
        month = months_before(month_of(read.act.today()), 1)
        write(read, *(fact(one, month, kind="branch", in_school_loans=one % 7) for one in ids))
        db.session.remove()
    monkeypatch.setattr("branchnet.blueprints.manager_use.ROWS_A_PAGE", 10)
    query_counter.reset()
    first = page(manager, "/manage/use")
    assert query_counter.count == few <= 18
    second = page(manager, "/manage/use?page=2")
    assert (len(names(first)), len(names(second))) == (10, 5)
    assert "第 1 页，共 2 页" in first


def test_a_name_of_now_stays_the_points_own(app: Flask, manager: FlaskClient, read: World) -> None:
    with app.app_context():
        with transaction():
            rename(read.act, read.point_ids[0], "新岭小学", read.act.today())
        assert db.session.scalar(select(ServicePoint.code).where(ServicePoint.id == read.point_ids[0])) == "CL-01"
        db.session.remove()
    assert "新岭小学" not in names(page(manager, "/manage/use")), "at the end of the period it was called otherwise"


@pytest.mark.usefixtures("context")
def test_how_old_books_of_an_opening_are_is_not_known_before_a_year(world: World, this_year: list[str]) -> None:
    """They were there before the ledger: how long, nobody wrote down. The other point's books came as a batch."""
    first, second = world.point_ids
    with transaction():
        batches.take_in(world.act, "opening", [NewLot("旧书", 100)], world.begun_on, world.place_ids[0])
    write(world, fact(first, this_year[-1], old_copies=0), fact(second, this_year[-1], old_copies=0, kind="branch"))
    found = of_year(world, this_year)
    assert line(found, first).values["old_share"] is None
    assert line(found, second).values["old_share"] == 0


def test_towns_are_called_by_their_names(app: Flask, manager: FlaskClient, world: World, this_year: list[str]) -> None:
    first, second = world.point_ids
    with app.app_context():
        with transaction():
            village = NewCommunity("village", "某村", "440803012201", town="海头街道", county="霞山区")
            register_communities(world.act, [village])
        write(
            world,
            fact(first, this_year[-1], area_code="440803012201"),
            fact(second, this_year[-1], area_code="440881000000"),
        )
        db.session.remove()
    html = page(manager, "/manage/use?by=town")
    assert "海头街道" in html
    assert "廉江市（没写乡镇）" in html


def test_before_the_ledger_there_are_no_rows(app: Flask, manager: FlaskClient, read: World) -> None:
    """Facts may reach further back, for readings do."""
    month = months_before(month_of(read.begun_on), 2)
    with app.app_context():
        write(read, fact(read.point_ids[0], month, copies=0, book_days=0, pupils=40))
        db.session.remove()
    html = page(manager, f"/manage/use?from={month}&to={month}&show=copies_per_pupil")
    assert not names(html)
    assert "书账从" in html
