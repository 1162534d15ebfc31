"""What the map fits at first: where the network is at home, however far off a single row lies."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from branchnet.coverage.home import home
from branchnet.coverage.rules import Threshold
from branchnet.coverage.view import CommunityOnMap, map_view
from branchnet.extensions import transaction
from branchnet.points.commands import NewCommunity, Position, register_communities
from tests.support.world import World

BEIJING = (39.9, 116.4)


def village(number: int, code: str, at: tuple[float | None, float | None]) -> CommunityOnMap:
    return CommunityOnMap(number, "village", code, f"村 {number}", None, *at, "exact", None)


def view_of(*register: CommunityOnMap):
    return map_view("2026-11", Threshold(3.0, 100), [], register)


def test_one_far_row_stretches_nothing() -> None:
    near = [village(n, "440802001201", (21.2 + n / 100, 110.3)) for n in range(9)]
    plain = home(view_of(*near))
    assert plain[0] == ("440802",)
    assert home(view_of(*near, village(10, "440802001299", BEIJING))) == plain
    assert home(view_of(*near, village(11, "110114001001", BEIJING))) == plain
    assert home(view_of(*near, village(12, "110114001001", (None, None)))) == plain


def test_where_nothing_has_a_position_the_counties_are_shown_and_without_any_nothing_is_said() -> None:
    codes, box = home(view_of(village(1, "440802001201", (None, None)), village(2, "440803001201", (None, None))))
    assert codes == ("440802", "440803")
    assert box is not None
    assert 20.9 < box[0] < box[2] < 21.6
    assert home(view_of()) == ((), None)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_page_is_fitted_to_it(app: Flask, manager: FlaskClient, stocked: World) -> None:
    def fitted() -> str:
        found = re.search(r"fitBounds\(\s*(\[\[.*?\]\])", manager.get("/manage/map").get_data(as_text=True), re.DOTALL)
        assert found
        return found[1]

    before = fitted()
    with app.app_context(), transaction():
        far = NewCommunity("village", "京村", "110114001201", position=Position(*BEIJING, "exact"))
        register_communities(stocked.act, [far])
    assert fitted() == before
    assert manager.get("/manage/map.png").status_code == 200
