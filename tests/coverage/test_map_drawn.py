"""What the map's page fetches, its layers, its table in order, and what it does where there are too many points."""

from datetime import timedelta
from itertools import accumulate

import h3
import pytest
from flask import Flask
from flask.testing import FlaskClient

from branchnet.batches import commands as batches
from branchnet.coverage import cells, facts
from branchnet.coverage.layers import Overdue, Reports, Turning, size_mark
from branchnet.coverage.light import deltas, grid_of
from branchnet.coverage.light_schemas import CommunityData, DrawnData, PointCardData
from branchnet.extensions import db, transaction
from branchnet.models.place import CELL_RESOLUTION, cell_at
from branchnet.points.cells import cell_of, resolution_for, shift_to
from branchnet.points.commands import NewCommunity, NewPoint, Position, open_point, register_communities
from tests.coverage.conftest import sign_in
from tests.support.queries import QueryCounter
from tests.support.world import World

POINTS, COMMUNITIES = "/api/v1/map/points", "/api/v1/map/communities"
MOBILE = (21.2707, 110.3594)


def places(columns: dict[str, list[int]]) -> dict[int, tuple[float, float]]:
    """Rows by id, as the page reads them."""
    north, east = accumulate(columns["north"]), accumulate(columns["east"])
    step = columns["step"]
    at = [(columns["south"] + up * step, columns["west"] + aside * step) for up, aside in zip(north, east, strict=True)]
    return dict(zip(accumulate(columns["id"]), at, strict=True))


def test_cells_above_are_told_by_shifting_bits() -> None:
    for number in range(200):
        lat, lon = number * 61.8034 % 160 - 80, number * 75.4878 % 360 - 180
        whole = h3.latlng_to_cell(lat, lon, CELL_RESOLUTION)
        for resolution in range(CELL_RESOLUTION + 1):
            prefix = cell_at(lat, lon) >> shift_to(resolution)
            assert cell_of(prefix, resolution) == h3.cell_to_parent(whole, resolution)
    assert [resolution_for(zoom) for zoom in (0, 6, 9, 12, 17)] == [3, 3, 5, 7, 8]


def test_positions_of_few_are_told_to_the_metre_and_of_many_to_a_pixel() -> None:
    few = [(21.123456, 110.654321), (21.2, 110.7)]
    grid = grid_of(few)
    north, east = grid.steps(few)
    assert [grid.south + up * grid.step for up in north] == pytest.approx([lat for lat, _lon in few], abs=6e-6)
    assert [grid.west + aside * grid.step for aside in east] == pytest.approx([lon for _lat, lon in few], abs=6e-6)
    assert grid_of([(21 + n / 3000, 110.0) for n in range(3001)]).step == pytest.approx(1 / 2048, abs=1e-6)
    assert deltas([5, 6, 9]) == [5, 1, 3]
    assert deltas([]) == []


def test_marks_tell_what_they_mean() -> None:
    assert [Reports(*one).mark for one in ((0, 0), (8, 0), (8, 3), (8, 4), (8, 8))] == [0, 1, 2, 3, 4]
    known = [Turning(), Turning(0, 10.0), Turning(4, 100.0), Turning(5, 100.0), Turning(20, 100.0), Turning(3, 0.0)]
    assert [one.mark for one in known] == [0, 1, 2, 3, 4, 0]
    assert [Overdue(number).mark for number in (0, 1, 5)] == [0, 1, 2]
    assert [size_mark(*one) for one in ((0, 9, True), (9, 9, False), (1, 900, True), (9, 9, True))] == [0, 0, 1, 9]


def test_points_and_communities_come_where_they_are(manager: FlaskClient, stocked: World) -> None:
    data = manager.get(POINTS).get_json()
    assert DrawnData().validate(data) == {}
    at = places(data["points"])
    assert at[stocked.point_ids[0]] == pytest.approx(MOBILE, abs=1e-5)
    assert data["points"]["name"] == ["长岭小学流动服务点", "雷州分馆"]
    assert data["points"]["mark"] == "90"
    found = manager.get(COMMUNITIES).get_json()
    assert CommunityData().validate(found) == {}
    assert found["communities"]["covered"] == "10"


def test_a_card_tells_a_point_by_its_id(manager: FlaskClient, stocked: World) -> None:
    card = manager.get(f"{POINTS}/{stocked.point_ids[0]}").get_json()
    assert PointCardData().validate(card) == {}
    assert (card["name"], card["copies"], card["covers"], card["count"]) == ("长岭小学流动服务点", 100, ["近村"], 1)
    assert card["reported"] == 1 <= card["owed"]
    assert card["turning"] == pytest.approx(3.0, abs=0.1)
    assert [link["href"].partition("?")[0] for link in card["links"]] == [
        "/manage/points/CL-01",
        "/work/readings",
        "/work/batches",
    ]
    for link in card["links"]:
        assert manager.get(link["href"]).status_code == 200
    villages = list(places(manager.get(COMMUNITIES).get_json()["communities"]))
    far = manager.get(f"{COMMUNITIES}/{villages[1]}").get_json()
    assert (far["name"], far["outcome"], far["nearest"]) == ("远村", "not_covered", "长岭小学流动服务点")


def test_a_card_of_another_network_is_not_there(app: Flask, client: FlaskClient, stocked: World) -> None:
    other = sign_in(app, client, stocked.manager_login)
    with app.app_context(), transaction():
        from branchnet.access import commands as access  # noqa: PLC0415
        from branchnet.access.acts import Act  # noqa: PLC0415
        from branchnet.points.commands import lay_places, register_communities  # noqa: PLC0415
        from tests.coverage.conftest import COMMUNITIES as REGISTER  # noqa: PLC0415

        act = Act(access.found_network("lin", "邻馆", stocked.begun_on).id)
        lay_places(act)
        point_id = open_point(act, NewPoint("X-01", "邻馆分馆", "branch", stocked.begun_on, opened_on=stocked.begun_on))
        register_communities(act, REGISTER)
        theirs = db.session.execute(
            db.text("SELECT max(id) FROM communities WHERE network_id = :n"), {"n": act.network_id}
        ).scalar_one()
    assert other.get(f"{POINTS}/{point_id}").status_code == 404
    assert other.get(f"{COMMUNITIES}/{theirs}").status_code == 404
    assert point_id not in places(other.get(POINTS).get_json()["points"])


def test_a_delivery_that_is_overdue_shows_in_its_layer(app: Flask, manager: FlaskClient, stocked: World) -> None:
    with app.app_context(), transaction():
        due = stocked.begun_on + timedelta(days=10)
        new = batches.NewBatch("delivery", stocked.begun_on, stocked.place_ids[1], due_back_on=due)
        batch = batches.draft(stocked.act, new)
        batches.add_lines(stocked.act, batch.id, [batches.NewLine(stocked.counted_lot_id, 20)])
        batches.dispatch(stocked.act, batch.id, stocked.begun_on)
        batches.receive(stocked.act, batch.id, stocked.begun_on)
    assert manager.get(POINTS, query_string={"layer": "overdue"}).get_json()["points"]["mark"] == "01"
    html = manager.get("/manage/map?layer=overdue&sort=-figure").get_data(as_text=True)
    assert html.index(">雷州分馆<") < html.index(">长岭小学流动服务点<")
    assert 'aria-sort="descending"' in html
    for layer in ("reports", "loans"):
        assert manager.get(f"/manage/map?layer={layer}&sort=figure").status_code == 200


def test_in_a_box_are_the_points_in_it_and_who_they_reach(manager: FlaskClient, stocked: World) -> None:
    village = "21.275,110.30,21.29,110.40"
    assert manager.get(POINTS, query_string={"box": village}).get_json()["points"]["id"] == []
    assert manager.get(COMMUNITIES, query_string={"box": village}).get_json()["communities"]["covered"] == "1"
    here = manager.get("/manage/map", query_string={"box": "21,110,21.3,110.5"}).get_data(as_text=True)
    assert "长岭小学流动服务点" in here
    assert "雷州分馆" not in here
    for box in ("1,2,3", "30,1,20,2", "a,b,c,d", "nan,1,2,3"):
        assert manager.get(POINTS, query_string={"box": box}).status_code == 422


def test_too_many_points_are_counted_by_cell(
    manager: FlaskClient, stocked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "MOST_POINTS", 1)
    monkeypatch.setattr(cells.points_in, "__defaults__", (1,))
    data = manager.get(POINTS, query_string={"zoom": 9}).get_json()
    assert data["cells"]["points"] == [1, 1]
    assert (data["cells"]["lat"][0], data["cells"]["lon"][0]) in {
        tuple(round(part, 3) for part in h3.cell_to_latlng(h3.latlng_to_cell(*at, 5)))
        for at in (MOBILE, (20.9143, 110.0965))
    }
    near = {"zoom": 9, "box": "21.2,110.3,21.3,110.4"}
    assert manager.get(POINTS, query_string=near).get_json()["points"]["name"] == ["长岭小学流动服务点"]
    html = manager.get("/manage/map").get_data(as_text=True)
    assert "每一格有几个服务点" in html
    assert html.count("box=") >= 2
    assert manager.get("/manage/map.png").mimetype == "image/png"
    assert manager.get("/manage/map/print").status_code == 200
    refused = manager.get("/api/v1/map")
    assert refused.status_code == 422
    assert refused.get_json()["title"] == "too_many_points"


def test_where_a_point_moved_a_cell_counts_it_once_and_as_of_its_day(app: Flask, stocked: World) -> None:
    from branchnet.points.life.commands import move  # noqa: PLC0415

    today = stocked.begun_on + timedelta(days=20)
    with app.app_context():
        with transaction():
            move(stocked.act, stocked.point_ids[0], today, Position(22.5, 111.9, "exact"), None)
        for day, lat in ((today - timedelta(days=1), 21.3), (today, 22.5)):
            counted = cells.counted([stocked.network_id], day, 9)
            assert sum(cell.points for cell in counted) == 2
            assert any(abs(cell.lat - lat) < 0.2 for cell in counted)


def test_as_many_statements_for_many_points_as_for_few(
    app: Flask, manager: FlaskClient, stocked: World, query_counter: QueryCounter
) -> None:
    paths = [f"/manage/map?layer={layer}" for layer in ("books", "reports", "loans", "overdue")]
    paths += [POINTS, COMMUNITIES, f"{POINTS}/{stocked.point_ids[0]}"]

    def statements() -> list[int]:
        found = []
        for path in paths:
            query_counter.reset()
            assert manager.get(path).status_code == 200
            found.append(query_counter.count)
        return found

    few = statements()
    with app.app_context(), transaction():
        for number in range(10):
            point = NewPoint(f"N-{number}", f"新点 {number}", "branch", stocked.begun_on, opened_on=stocked.begun_on)
            open_point(stocked.act, point)
    assert statements() == few
    assert max(few) <= 23


def test_a_ring_stands_on_what_is_itself_only_roughly_known(app: Flask, manager: FlaskClient, stocked: World) -> None:
    with app.app_context(), transaction():
        batch = batches.draft(stocked.act, batches.NewBatch("allocation", stocked.begun_on, stocked.place_ids[1]))
        batches.add_lines(stocked.act, batch.id, [batches.NewLine(stocked.counted_lot_id, 30)])
        batches.dispatch(stocked.act, batch.id, stocked.begun_on)
        batches.receive(stocked.act, batch.id, stocked.begun_on)
        exact, rough = Position(20.915, 110.0965, "exact"), Position(21.2710, 110.3594, "approximate")
        register_communities(
            stocked.act,
            [
                NewCommunity("village", "雷州近村", "440882001201", position=exact),
                NewCommunity("village", "约村", "440802001209", position=rough),
            ],
        )
        facts.refresh(stocked.act)
    assert manager.get(POINTS).get_json()["points"]["rough"] == "01"
    found = manager.get(COMMUNITIES).get_json()["communities"]
    assert found["rough"] == "0001"
    by_name = {
        card["name"]: (card["nearest"], card["approximate"], card["nearest_approximate"])
        for one in places(found)
        if (card := manager.get(f"{COMMUNITIES}/{one}").get_json())
    }
    assert by_name["雷州近村"] == ("雷州分馆", False, True)
    assert by_name["约村"] == ("长岭小学流动服务点", True, False)
