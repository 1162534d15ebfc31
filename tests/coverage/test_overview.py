"""The director's page: figures that are the sums of facts, what is not known, and what sleeps."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert

from branchnet import clock
from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.batches import commands as batches
from branchnet.calendar.rules import bounds, months
from branchnet.coverage.asleep import asleep, unchanged
from branchnet.extensions import db, transaction
from branchnet.models import PointMonth
from branchnet.points.commands import NewCommunity, NewPoint, lay_places, open_point, register_communities
from branchnet.points.life.commands import rename
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from branchnet.stock.rules import NewLot
from tests.coverage.conftest import sign_in
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
LONG_BEFORE = datetime(2025, 4, 20, 4, 0, tzinfo=UTC)
"""The ledger begins some four months before."""
HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(1)}`"


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in June 2026 with facts of eighteen months: one point read and grew, the other was silent."""
    with clock.at(LONG_BEFORE):
        made = build_world(app)
    with clock.at(NOON):
        with app.app_context(), transaction():
            db.session.execute(delete(PointMonth))
            shown = list(months("2025-01", "2026-06"))
            grown = [
                _fact(made, 0, month, 100 + at, in_school_visits=at, community_loans=2)
                for at, month in enumerate(shown)
            ]
            silent = [_fact(made, 1, month, 50, copies_quality="at_least") for month in shown]
            db.session.execute(insert(PointMonth), [*grown, *silent])
            for kind, day in (("allocation", date(2025, 2, 10)), ("allocation", date(2025, 4, 9))):
                _brought(made, kind, day)
            # Received, and not collected: it came all the same.
            _brought(made, "delivery", date(2026, 2, 3))
            submit_month(made.act, made.point_ids[0], "2026-05", Report(in_school_visits=16), Sent("staff"))
            submit_month(made.act, made.point_ids[0], "2026-04", Report(15, method="estimated"), Sent("staff"))
        yield made


def _brought(world: World, kind: str, day: date) -> None:
    due = date(2026, 12, 1) if kind == "delivery" else None
    batch = batches.draft(world.act, batches.NewBatch(kind, day, world.place_ids[0], due_back_on=due))
    batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 5)])
    batches.dispatch(world.act, batch.id, day)
    batches.receive(world.act, batch.id, day)


def _fact(world: World, at: int, month: str, copies: int, **more: Any) -> dict[str, Any]:
    days = bounds(month)[1].day
    none = dict.fromkeys(("in_school_visits", "in_school_loans", "community_visits", "community_loans"))
    row = {"network_id": world.network_id, "point_id": world.point_ids[at], "month": month, "copies": copies}
    sums = {"book_days": copies * days, "days": days, "copies_quality": "exact", "batches_in": at == 0}
    return {**row, **sums, **none, "computed_at": clock.now(), **more}


def said(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"<[^>]*>|\s", "", answer.text)


def test_figures_are_sums_beside_the_year_before(app: Flask, client: FlaskClient, world: World) -> None:
    manager = sign_in(app, client, world.manager_login)
    told = said(manager, "/manage/?from=2026-01&to=2026-05")
    # 100 + 16 of the one, at least 50 of the other; a year before 104 + 50.
    assert "服务点上的书166余册比2025年5月多12册(+8%)" in told
    assert "收到的批次1批比去年同期少1批(-50%)在架820册·月" in told
    assert "阅览70估人次比去年同期多60人次(+600%)" in told
    assert "外借10估册次和去年同期一样" in told
    records = said(manager, "/manage/records?from=2026-01&to=2026-05&sort=visits")
    assert "合计166余17010长岭小学流动服务点流动服务点11617010雷州分馆分馆50余0没有数没有数" in records


def test_a_delivery_counts_in_the_month_in_which_it_came(app: Flask, client: FlaskClient, world: World) -> None:
    """Also while it is not collected: on the director's page, in the records, and on the point's page."""
    manager = sign_in(app, client, world.manager_login)
    assert "收到的批次1批" in said(manager, "/manage/?from=2026-02&to=2026-02")
    assert "合计163余1" in said(manager, "/manage/records?from=2026-02&to=2026-02&sort=batches")
    (row,) = re.findall(r"<tr>\s*<th[^>]*>2026-02</th>.*?</tr>", manager.get("/manage/points/CL-01").text, re.DOTALL)
    # Books at the end of the month, on average, batches.
    assert re.findall(r'<span class="num">([\d,]+)', row)[:3] == ["113", "113", "1"]


def test_what_is_not_known_is_not_zero(app: Flask, client: FlaskClient, world: World) -> None:
    manager = sign_in(app, client, world.manager_login)
    told = said(manager, "/manage/?from=2025-01&to=2025-02")
    assert "阅览1人次去年同期没有数，不比" in told
    told = said(manager, "/manage/?from=2026-06&to=2026-06")
    assert "收到的批次0批本月还没过完，不比" in told
    assert "2026-06还没过完" in told
    assert "这段时间还没有数" in said(manager, "/manage/?from=2019-01&to=2019-02")
    assert manager.get("/manage/?from=2026-13").status_code == 422
    assert manager.get("/manage/plots/pupils.svg").status_code == 404
    for what in ("copies", "visits", "loans", "completeness"):
        assert manager.get(f"/manage/plots/{what}.svg?from=2025-06&to=2026-06").mimetype == "image/svg+xml"


def test_shelves_sleep_for_different_reasons(app: Flask, world: World) -> None:
    with app.app_context():
        today = world.act.today()
        silent = asleep([world.network_id], today, 3)
        assert [(one.point.id, one.copies, one.silent) for one in silent[0]] == [(world.point_ids[1], 50, True)]
        (used, other), count = unchanged([world.network_id], today)
        assert [used.point.id, other.point.id, count] == [*world.point_ids, 2]
        assert used.last_batch_on is None
        with transaction():
            db.session.query(PointMonth).where(PointMonth.point_id == world.point_ids[1]).update(
                {"community_visits": 0, "last_batch_on": date(2025, 9, 3)}
            )
        (zero,), count = asleep([world.network_id], today, 3)
        assert (zero.silent, count) == (False, 1)
        assert [one.point.id for one in unchanged([world.network_id], today)[0]] == [world.point_ids[0]]
        with transaction():
            db.session.query(PointMonth).where(PointMonth.month == "2026-06").update({"community_visits": 1})
        assert asleep([world.network_id], today, 3) == ([], 0)


def test_before_the_ledger_nothing_is_said_of_books(app: Flask, client: FlaskClient, world: World) -> None:
    """Readings reach further back than the ledger; what stood there then nobody knows."""
    manager = sign_in(app, client, world.manager_login)
    with app.app_context(), transaction():
        early = [_fact(world, 0, month, 0, community_visits=9) for month in ("2024-10", "2024-11", "2024-12")]
        db.session.execute(insert(PointMonth), early)
    told = said(manager, "/manage/?from=2024-10&to=2024-11")
    assert "服务点上的书还没有书账2023年11月没有数，不比收到的批次还没有书账去年同期没有数，不比" in told
    assert "2024-11––9没有数" in told
    assert "月报上报率没有该报的月份" in told
    assert "书账从2024年12月开始" in told
    # Of 2025 all months have visits, of the year before three: no sums that can be set beside each other.
    told = said(manager, "/manage/?from=2025-01&to=2025-12")
    assert "这段有12个月有数，去年同期3个月，不比" in told
    # 2024-12 is the first month of the ledger: batches of one month do not stand beside those of twelve.
    assert "收到的批次2批这段有12个月有数，去年同期1个月，不比" in told


def test_the_lists_of_shelves_are_two(app: Flask, client: FlaskClient, world: World) -> None:
    manager = sign_in(app, client, world.manager_login)
    told = said(manager, "/manage/")
    assert "睡着的书架1个" in told
    assert "久没换书2个" in told
    assert "3个月没有一个数书账里还没有来过" in told
    assert "长岭小学" not in said(manager, "/manage/sleeping")
    assert "长岭小学" in said(manager, "/manage/sleeping?what=unchanged")


def test_the_figures_of_gaps_open_their_lists(app: Flask, client: FlaskClient, world: World) -> None:
    """Of as many places as they say."""
    with app.app_context(), transaction():
        named = (("440802001201", "近村"), ("440802001202", "远村"))
        register_communities(world.act, [NewCommunity("village", name, code) for code, name in named])
        there = NewPoint("MP-9", "近村点", "mobile_point", world.begun_on, opened_on=world.begun_on)
        open_point(world.act, replace(there, area_code="440802001201"))
    sign_in(app, client, world.manager_login)
    page = client.get("/manage/").text
    lists = [
        one.replace("&amp;", "&") for one in re.findall(r'<a class="num" href="(/manage/coverage/list[^"]*)"', page)
    ]
    texts = [re.sub(r"<[^>]*>|\s", "", client.get(one).text) for one in lists]
    assert "在哪里：赤坎区 近村" in re.sub(r"<[^>]*>", "", client.get("/manage/points/MP-9").text)
    assert ["有开放的服务点：1个" in texts[0], "全部：2个" in texts[1], len(lists)] == [True, True, 2]


def test_networks_below_have_a_row_each_and_add_up(
    app: Flask, client: FlaskClient, world: World, query_counter: QueryCounter
) -> None:
    manager = sign_in(app, client, world.manager_login)
    manager.get("/manage/")
    query_counter.reset()
    alone = said(manager, "/manage/")
    statements = query_counter.count
    assert "各馆合在一起" not in alone
    with app.app_context(), transaction():
        network = access.found_network("xian", "县少儿馆", world.begun_on, world.network_id).id
        lay_places(Act(network))
        point = open_point(Act(network), NewPoint("X-1", HOSTILE, "branch", world.begun_on, opened_on=world.begun_on))
        rename(Act(network), point, f"{HOSTILE}2", world.begun_on.replace(day=2))
        row = {**_fact(world, 0, "2026-06", 7), "network_id": network, "point_id": point}
        db.session.execute(insert(PointMonth), [row])
        batches.take_in(Act(network), "accession", [NewLot("书", 9)], world.begun_on)
    query_counter.reset()
    html = manager.get("/manage/").text
    assert query_counter.count == statements
    told = re.sub(r"<[^>]*>|\s", "", html)
    assert "试验少年儿童图书馆167余册" in told
    assert "县少儿馆7册" in told
    assert "服务点上的书174余册" in told
    for path in ("/manage/records?network=xian", "/manage/points/X-1?network=xian"):
        page = manager.get(path).text
        assert "&lt;/script&gt;&lt;img" in page
        assert HOSTILE not in page


def test_a_page_costs_a_fixed_number_of_statements(
    app: Flask, client: FlaskClient, world: World, query_counter: QueryCounter
) -> None:
    manager = sign_in(app, client, world.manager_login)
    counts = []
    for path in ("/manage/?from=2026-05&to=2026-05", "/manage/?from=2016-07&to=2026-06"):
        manager.get(path)
        query_counter.reset()
        assert manager.get(path).status_code == 200
        counts.append(query_counter.count)
    assert counts == [37, 37]
