"""The registers of points and teachers: a page at a time, and found by what they are called."""

from urllib.parse import unquote_plus

import pytest
from flask import Flask

from branchnet.access import commands as access
from branchnet.blueprints.staff import points, teachers
from branchnet.extensions import transaction
from tests.pages.desk import Desk, words
from tests.support.world import World


@pytest.fixture(autouse=True)
def one_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "PAGE", 1)
    monkeypatch.setattr(teachers, "PAGE", 1)


@pytest.fixture
def second_teacher(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        person = access.add_person(world.act, "黄老师")
        access.answers_for(world.act, person, world.point_ids[1], world.begun_on)


def test_points_stand_a_page_at_a_time(clerk: Desk, world: World) -> None:
    pages = [clerk.text(f"/work/points?page={page}") for page in (1, 2)]
    assert all("服务点，共 2 个" in page and f"第 {at} 页，共 2 页" in page for at, page in enumerate(pages, 1))
    assert [code in page for page in pages for code in world.point_codes] in (
        [True, False, False, True],
        [False, True, True, False],
    )
    # A page that is no more is the last one.
    assert clerk.text("/work/points?page=9") == pages[1]


@pytest.mark.parametrize("text", ["雷州", "lzfg", "lz-0", "LZ-01", "分馆 lz", "fg"])
def test_a_point_is_found_by_what_it_is_called(clerk: Desk, text: str) -> None:
    page = clerk.text(f"/work/points?q={text}")
    assert "服务点，共 1 个" in page
    assert "雷州分馆" in page
    assert f"/work/points.xlsx?q={text}" in unquote_plus(clerk.get(f"/work/points?q={text}").text)


def test_a_point_is_found_by_either_reading_of_its_name(clerk: Desk) -> None:
    for letters in ("clxx", "zlxx"):
        assert "长岭小学" in clerk.text(f"/work/points?q={letters}"), letters


def test_a_point_that_is_not_there(clerk: Desk) -> None:
    page = clerk.text("/work/points?q=zzz")
    assert "没有这样的服务点" in page
    assert "看全部服务点" in page


@pytest.mark.usefixtures("second_teacher")
def test_teachers_stand_a_page_at_a_time_and_are_found(clerk: Desk) -> None:
    assert "老师，共 2 位" in clerk.text("/work/teachers?page=2")
    for text in ("黄", "雷州", "lzfg", "lz-01"):
        found = clerk.text(f"/work/teachers?q={text}")
        assert "老师，共 1 位" in found
        assert "黄老师" in found
    assert "没有这样的老师" in clerk.text("/work/teachers?q=zzz")


@pytest.mark.usefixtures("second_teacher")
def test_a_refused_teacher_is_beside_the_list(clerk: Desk) -> None:
    refused = clerk.post("/work/teachers", display_name="")
    assert refused.status_code == 422
    assert "老师，共 2 位" in words(refused)
