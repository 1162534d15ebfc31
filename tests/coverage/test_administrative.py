"""Administrative coverage counts places with an open point, and never distances."""

from branchnet.coverage.rules import Count, Standing, Unit, administrative

UNITS = [
    Unit("town", "440881118000"),
    Unit("town", "440881119000"),
    Unit("village", "440881118201"),
    Unit("village", "440881118202"),
    Unit("residential", "440881118001"),
    Unit("county", "440881000000"),
]


def test_a_point_in_a_village_stands_in_its_town_too() -> None:
    found = administrative(UNITS, map(Standing, ["440881118201"]))
    assert found.by_kind == {"town": Count(1, 2), "village": Count(1, 2), "residential": Count(0, 1)}


def test_a_point_known_by_its_town_alone_covers_no_village() -> None:
    found = administrative(UNITS, map(Standing, ["440881119000"]))
    assert found.by_kind["town"] == Count(1, 2)
    assert found.by_kind["village"] == Count(0, 2)


def test_two_points_in_one_village_are_one_village() -> None:
    assert administrative(UNITS, map(Standing, ["440881118201"] * 2)).by_kind["village"] == Count(1, 2)


def test_a_point_without_area_is_told_apart_and_counts_nowhere() -> None:
    found = administrative(UNITS, map(Standing, [None, "", "440881118201"]))
    assert found.points_without_area == 2
    assert found.by_kind["town"] == Count(1, 2)


def test_a_unit_listed_twice_is_known_once() -> None:
    assert administrative(UNITS + UNITS, map(Standing, [])).by_kind["village"] == Count(0, 2)


def test_nothing_known_is_no_figure_at_all() -> None:
    assert administrative([], map(Standing, ["440881118201"])).by_kind == {}
