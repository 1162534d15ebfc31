"""The map's JSON: who may ask, what comes, and how much it costs."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from branchnet.access import commands as access
from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of, next_month, previous_month
from branchnet.coverage.schemas import MapData
from branchnet.extensions import db, transaction
from branchnet.points.commands import NewPoint, Position, lay_places, open_point
from tests.coverage.conftest import last_month, sign_in
from tests.support.queries import QueryCounter
from tests.support.world import World

MAP = "/api/v1/map"


def column(data: dict[str, dict[str, list[object]]], part: str, name: str) -> dict[object, object]:
    """One column of points or communities by name."""
    return dict(zip(data[part]["name"], data[part][name], strict=True))


def test_a_point_with_its_books_readings_and_villages(manager: FlaskClient, stocked: World, app: Flask) -> None:
    with app.app_context():
        month = last_month(stocked)
    answer = manager.get(MAP, query_string={"month": month})
    data = answer.get_json()
    assert answer.status_code == 200
    assert MapData().validate(data) == {}
    point = "长岭小学流动服务点"
    assert column(data, "points", "copies")[point] == 100
    assert column(data, "points", "visits")[point] == 12
    assert column(data, "points", "loans")[point] == 3
    assert column(data, "points", "last_month")[point] == month
    near = column(data, "communities", "id")["近村"]
    assert column(data, "points", "covers")[point] == [near]
    assert column(data, "points", "href")[point] == "/manage/points/CL-01?network=shiyan"
    branch = "雷州分馆"
    assert column(data, "points", "visits")[branch] is None
    assert column(data, "points", "quality")[branch] == "approximate"


def test_the_outcomes_of_villages_and_nothing_but_villages(manager: FlaskClient, stocked: World) -> None:
    data = manager.get(MAP).get_json()
    assert column(data, "communities", "outcome") == {
        "近村": "covered",
        "远村": "not_covered",
        "无位社区": "without_position",
    }
    assert data["summary"] == {
        "within_km": 3.0,
        "detour_percent": 100,
        "covered": 1,
        "not_covered": 1,
        "without_position": 1,
        "known": 3,
    }
    assert column(data, "communities", "km")["近村"] == pytest.approx(1.03, abs=0.01)


def test_a_wider_radius_reaches_further(manager: FlaskClient, stocked: World) -> None:
    data = manager.get(MAP, query_string={"within": 20}).get_json()
    assert column(data, "communities", "outcome")["远村"] == "covered"
    assert data["summary"]["within_km"] == 20


def test_before_the_ledger_nothing_is_told(manager: FlaskClient, stocked: World) -> None:
    month = previous_month(month_of(stocked.begun_on))
    answer = manager.get(MAP, query_string={"month": month})
    assert (answer.status_code, answer.get_json()["title"]) == (422, "before_ledger")


def test_the_running_month_knows_the_copies_before_its_first_fact(
    manager: FlaskClient, stocked: World, app: Flask
) -> None:
    with app.app_context(), transaction() as session:
        session.execute(db.text("DELETE FROM point_months WHERE month = :m"), {"m": month_of(stocked.act.today())})
    data = manager.get(MAP).get_json()
    assert column(data, "points", "copies")["长岭小学流动服务点"] == 100


@pytest.mark.parametrize(
    "query",
    [{"month": "2026-13"}, {"month": "soon"}, {"within": "0"}, {"within": "101"}, {"within": "nan"}, {"within": "x"}],
)
def test_what_cannot_be_asked_is_refused(manager: FlaskClient, query: dict[str, str]) -> None:
    answer = manager.get(MAP, query_string=query)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_a_month_that_has_not_begun_is_refused(manager: FlaskClient, world: World, app: Flask) -> None:
    with app.app_context():
        month = next_month(month_of(world.act.today()))
    assert manager.get(MAP, query_string={"month": month}).status_code == 422


def test_only_who_is_signed_in_may_ask(client: FlaskClient, world: World) -> None:
    assert client.get(MAP).status_code == 401


def test_a_manager_sees_networks_below_and_no_others(app: Flask, client: FlaskClient, world: World) -> None:
    day = world.begun_on - timedelta(days=1)
    with app.app_context(), transaction():
        city = access.found_network("shi", "市馆", day)
        lay_places(Act(city.id))
        access.place_under(world.network_id, city.id, world.begun_on + timedelta(days=1))
        person = access.add_person(Act(city.id), "赵馆长")
        access.give_account(Act(city.id), person, "shi-manager", world.password, ["manager"])
        other = access.found_network("lin", "邻馆", day)
        lay_places(Act(other.id))
        open_point(Act(other.id), NewPoint("X-01", "邻馆分馆", "branch", day, opened_on=day))
    city_manager = sign_in(app, client, "shi-manager")
    assert "长岭小学流动服务点" in city_manager.get(MAP).get_json()["points"]["name"]
    assert city_manager.get(MAP, query_string={"network": "shiyan"}).status_code == 200
    assert city_manager.get(MAP, query_string={"network": "lin"}).status_code == 404
    county_manager = sign_in(app, client, world.manager_login)
    assert county_manager.get(MAP, query_string={"network": "shi"}).status_code == 404
    assert "邻馆分馆" not in county_manager.get(MAP).get_json()["points"]["name"]


def test_names_come_as_data_whatever_they_are(app: Flask, manager: FlaskClient, world: World) -> None:
    hostile = "</script><b onclick=alert(1)>`${alert(1)}`"
    with app.app_context(), transaction():
        place = Position(21.27, 110.36, "exact")
        open_point(
            world.act, NewPoint("H-1", hostile, "branch", world.begun_on, opened_on=world.begun_on, position=place)
        )
    answer = manager.get(MAP)
    assert answer.mimetype == "application/json"
    assert hostile in answer.get_json()["points"]["name"]


def test_as_many_statements_for_many_points_as_for_few(
    app: Flask, manager: FlaskClient, stocked: World, query_counter: QueryCounter
) -> None:
    def statements() -> int:
        query_counter.reset()
        manager.get(MAP)
        return query_counter.count

    few = statements()
    with app.app_context(), transaction():
        for number in range(25):
            point = NewPoint(f"N-{number}", f"新点 {number}", "branch", stocked.begun_on, opened_on=stocked.begun_on)
            open_point(stocked.act, point)
    assert statements() == few <= 15
