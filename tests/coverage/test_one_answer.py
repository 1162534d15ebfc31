"""Administrative coverage is asked for on three pages, in three ways: the director's, the map's, and coverage's own."""

from flask import Flask
from flask.testing import FlaskClient

from branchnet.calendar.rules import month_of
from branchnet.coverage.commands import set_reach
from branchnet.coverage.covered import coverage_at
from branchnet.coverage.gaps import gaps
from branchnet.coverage.queries import the_map
from branchnet.coverage.rules import Outcome, Threshold
from branchnet.extensions import transaction
from branchnet.points.commands import NewCommunity, NewPoint, Position, open_point, register_communities
from branchnet.points.life.commands import pause
from tests.support.world import World


def test_they_count_the_same_towns_and_villages(app: Flask, stocked: World) -> None:
    """One village has an open point, and one school; of the other village the only point is closed for a while."""
    act, begun = stocked.act, stocked.begun_on
    with app.app_context():
        with transaction():
            for code, area in (("A-1", "440802001201"), ("A-2", "440802001202"), ("A-3", None)):
                new = NewPoint(code, f"{code}点", "book_house", begun, "village", opened_on=begun, area_code=area)
                point_id = open_point(act, new)
                if code == "A-2":
                    pause(act, point_id, begun, "修房子")
            schools = [(f"{lat}小学", Position(lat, 110.3594, "exact")) for lat in (21.2701, 21.35)]
            register_communities(act, [NewCommunity("school", name, position=at) for name, at in schools])
            at = Position(21.2702, 110.3594, "exact")
            open_point(
                act, NewPoint("A-4", "校点", "mobile_point", begun, "primary_school", opened_on=begun, position=at)
            )
        networks, today = [act.network_id], act.today()
        month = month_of(today)
        named = gaps(networks, today).administrative
        drawn = the_map(networks, month, Threshold(3), today).administrative
        told = coverage_at(networks, month, today, Threshold(3), today)
        shares = {what: told.tallies["administrative", what].share for what in named.by_kind}
    assert {kind: (count.n, count.of) for kind, count in named.by_kind.items()} == {
        "town": (1, 1),
        "village": (1, 2),
        "residential": (0, 1),
        "school": (1, 2),
    }
    assert drawn == named
    assert {kind: (share.covered, share.known) for kind, share in shares.items()} == {
        kind: (count.n, count.of) for kind, count in named.by_kind.items()
    }
    assert told.without_area == named.points_without_area


def test_a_detour_counts_on_the_map_as_in_the_coverage(manager: FlaskClient, app: Flask, stocked: World) -> None:
    """The far village is 14.3 km away in a straight line: near enough within 15 km, unless ways are longer by half."""
    with app.app_context(), transaction():
        set_reach(stocked.act, 3, 15, 22, 150)
    answers = {
        km: manager.get(f"/api/v1/map?network=shiyan&within={km}").get_json()["summary"]["covered"] for km in (15, 22)
    }
    with app.app_context():
        networks, today = [stocked.act.network_id], stocked.act.today()
        told = {
            km: coverage_at(networks, month_of(today), today, Threshold(km, 150), today).reach.count(Outcome.COVERED)
            for km in (15, 22)
        }
    assert answers == told == {15: 1, 22: 2}
    page = manager.get("/manage/map?within=22").get_data(as_text=True)
    assert "路按直线的 150% 算" in page
    assert '<option value="22" selected>坐车 22 公里</option>' in page
