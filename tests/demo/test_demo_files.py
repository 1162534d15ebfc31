"""What the shipped tables promise."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import get_args

import pytest

from branchnet.demo.files import points, register, titles
from branchnet.demo.people import NETWORKS, people, teachers
from branchnet.demo.stock import CATEGORIES, copy, counted, share
from branchnet.demo.story import communities, story
from branchnet.demo.terms import months, open_days, terms, workday
from branchnet.demo.world import Level, PointKind, PositionQuality


def test_the_register_is_whole() -> None:
    places = register()
    assert len(places) == 594
    assert {place.level for place in places.values()} == set(get_args(Level))
    assert sum(len(communities(network)) for network in NETWORKS) == 594


def test_points_stand_on_rows_of_the_register() -> None:
    for point in points():
        assert point.position_from in register(), point.name
        assert point.kind in get_args(PointKind)
        assert point.position_quality in get_args(PositionQuality)
        region = next(network.region for network in NETWORKS if network.code == point.network)
        assert point.place_code.startswith(region)


def test_a_county_or_another_place_gives_only_an_approximate_position() -> None:
    for point in points():
        own = point.place_code == point.position_from
        county = register()[point.position_from].level == "county"
        if county or not own:
            assert point.position_quality == "approximate", point.name


@pytest.mark.parametrize("name", ["后洋学校", "后坡学校", "陈铁学校", "西厅学校", "红庙子后道小学分馆"])
def test_the_schools_the_register_knows_stand_in_their_villages(name: str) -> None:
    point = next(p for p in points() if p.name == name)
    village = register()[point.position_from]
    assert village.level == "village"
    assert village.name[:2] in name
    assert point.position_quality == "exact"


@pytest.mark.parametrize("name", ["调罗学校", "红庙子郎家营子小学分馆", "红庙子西水地小学分馆"])
def test_the_schools_it_does_not_know_are_marked_approximate(name: str) -> None:
    point = next(p for p in points() if p.name == name)
    assert point.position_quality == "approximate"


def test_codes_and_names_are_unique() -> None:
    assert max(Counter((p.network, p.code) for p in points()).values()) == 1
    assert max(Counter((p.network, p.name) for p in points()).values()) == 1
    assert max(Counter(person.login for person in people()).values()) == 1


def test_every_point_has_one_teacher_and_one_teacher_may_have_two_points() -> None:
    answered = [code for teacher in teachers() for code in teacher.points]
    assert sorted(answered) == sorted(p.code for p in points())
    assert ("HS-B02", "HS-B03") in {teacher.points for teacher in teachers()}


def test_titles_are_facts_without_invented_numbers() -> None:
    assert 150 <= len(titles()) <= 300
    assert len({title.title for title in titles()}) == len(titles())
    assert all(t.title and t.author and t.publisher and t.category for t in titles())
    assert all(t.price_fen is None or 1000 <= t.price_fen <= 20000 for t in titles())


def test_a_barcode_always_means_the_same_copy() -> None:
    first = copy(NETWORKS[0], "44080000000001")
    assert (first.title.title, first.call_number) == ("草房子", "I287/001")
    assert copy(NETWORKS[0], "44080000000004").title.title == "青铜葵花"


@pytest.mark.parametrize("total", [0, 1, 7, 420, 6000])
def test_shares_add_up(total: int) -> None:
    assert sum(share(total, {"a": 40, "b": 15, "c": 1.5}).values()) == total
    lines = counted("central", total)
    assert sum(line.quantity for line in lines) == total
    assert len(lines) <= len(CATEGORIES)


def test_a_month_across_the_year_and_a_day_across_the_weekend() -> None:
    assert months(date(2025, 11, 5), date(2026, 2, 1))[-2:] == (date(2026, 1, 1), date(2026, 2, 1))
    assert workday(date(2026, 8, 1)) == date(2026, 8, 3)
    assert workday(date(2026, 8, 3)) == date(2026, 8, 3)


def test_a_school_is_open_on_term_days_only() -> None:
    point = next(p for p in points() if p.code == "ZJ-M01")
    calendar = terms("zhanjiang", date(2026, 11, 22))
    assert open_days(point, date(2025, 1, 1), calendar) == 13
    assert open_days(point, date(2025, 8, 1), calendar) == 0
    library = next(p for p in points() if p.code == "ZJ-B01")
    assert open_days(library, date(2025, 8, 1), calendar) == 31


def test_nobody_in_the_story_has_a_phone() -> None:
    assert not any(char.isdigit() for t in story(date(2026, 11, 22)).teachers for char in t.display_name)
