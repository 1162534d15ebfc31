"""Reach: exactly what measuring every pair would say; unknown positions are an outcome of their own."""

import pytest
from geopy.distance import geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from branchnet.coverage.rules import Demand, Outcome, Supply, reach

# Clustered, so that equal positions and near ties happen; and far north, where a sphere is most wrong.
near = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda at: (42.1 + at[0] / 200, 118.9 + at[1] / 200))
anywhere = st.tuples(st.floats(-89, 89), st.floats(-180, 180))
positions = st.one_of(near, anywhere, st.none())


def supplies(position: st.SearchStrategy[tuple[float, float] | None]) -> st.SearchStrategy[list[Supply]]:
    one = st.tuples(position, st.integers(0, 2), st.booleans(), st.booleans())
    return st.lists(one, max_size=12).map(
        lambda rows: [
            Supply(i, *(at or (None, None)), copies=copies, is_open=is_open, exact=exact)
            for i, (at, copies, is_open, exact) in enumerate(rows)
        ]
    )


def demands(position: st.SearchStrategy[tuple[float, float] | None]) -> st.SearchStrategy[list[Demand]]:
    one = st.tuples(position, st.none() | st.integers(0, 90), st.booleans())
    return st.lists(one, max_size=12).map(
        lambda rows: [
            Demand(100 + i, *(at or (None, None)), children=children, exact=exact)
            for i, (at, children, exact) in enumerate(rows)
        ]
    )


def measured(points: list[Supply], demand: Demand) -> list[tuple[float, int]]:
    """Every pair, one by one."""
    able = [p for p in points if p.is_open and p.copies > 0 and p.position is not None]
    return sorted((geodesic(demand.position, p.position).km, p.id) for p in able)


@given(supplies(positions), demands(positions), st.floats(0.1, 50))
def test_the_same_as_measuring_every_pair(points: list[Supply], communities: list[Demand], within_km: float) -> None:
    result = reach(points, communities, within_km)
    assert [one.community_id for one in result.communities] == [demand.id for demand in communities]
    covers: dict[int, list[tuple[float, int]]] = {}
    for demand, one in zip(communities, result.communities, strict=True):
        if demand.position is None:
            assert (one.outcome, one.point_id, one.km) == (Outcome.WITHOUT_POSITION, None, None)
            continue
        pairs = measured(points, demand)
        assert (one.km, one.point_id) == (pairs[0] if pairs else (None, None))
        assert (one.outcome is Outcome.COVERED) == bool(pairs and pairs[0][0] <= within_km)
        for km, point_id in pairs:
            if km <= within_km:
                covers.setdefault(point_id, []).append((km, demand.id))
    expected = {point_id: tuple(i for _, i in sorted(found)) for point_id, found in covers.items()}
    assert {point_id: found for point_id, found in result.within_reach_of.items() if found} == expected


@given(supplies(near), demands(near))
@example([], [Demand(1, 42.1, 118.9)])
def test_the_outcomes_add_up_to_what_is_known(points: list[Supply], communities: list[Demand]) -> None:
    result = reach(points, communities, 3)
    assert sum(result.count(outcome) for outcome in Outcome) == result.known == len(communities)
    assert 0 <= result.children_covered <= result.children_known


def test_a_closed_an_empty_and_an_unplaced_point_reach_nobody() -> None:
    points = [
        Supply(1, 42.2, 119.0, copies=500, is_open=False),
        Supply(2, 42.2, 119.0, copies=0),
        Supply(3, None, None, copies=500),
        Supply(4, 42.3, 119.0, copies=1),
    ]
    result = reach(points, [Demand(9, 42.2, 119.0)], within_km=3)
    assert (result.communities[0].point_id, result.communities[0].outcome) == (4, Outcome.NOT_COVERED)
    assert set(result.within_reach_of) == {4}


def test_the_distance_is_the_geodesic_and_not_the_sphere() -> None:
    """One degree of latitude at Zhanjiang: 110.7 km on the ellipsoid, 111.2 km on a sphere."""
    result = reach([Supply(1, 21.0, 110.0, copies=1)], [Demand(9, 22.0, 110.0)], within_km=111)
    assert result.communities[0].km == pytest.approx(110.724, abs=0.01)
    assert result.communities[0].outcome is Outcome.COVERED


def test_an_approximate_position_on_either_side_makes_the_outcome_approximate() -> None:
    exact, rough = Supply(1, 21.0, 110.0, copies=1), Supply(1, 21.0, 110.0, copies=1, exact=False)
    here = Demand(9, 21.0, 110.0)
    roughly_here = Demand(9, 21.0, 110.0, exact=False)
    assert not reach([exact], [here], 3).communities[0].approximate
    assert reach([rough], [here], 3).communities[0].approximate
    assert reach([exact], [roughly_here], 3).communities[0].approximate
    assert reach([], [roughly_here], 3).communities[0].approximate


def test_of_two_points_in_one_place_the_older_is_named_and_both_have_the_village() -> None:
    points = [Supply(7, 21.0, 110.0, copies=1), Supply(4, 21.0, 110.0, copies=9)]
    result = reach(points, [Demand(9, 21.01, 110.0)], within_km=3)
    assert result.communities[0].point_id == 4
    assert result.within_reach_of == {4: (9,), 7: (9,)}


def test_the_children_of_covered_places_of_those_that_are_counted() -> None:
    communities = [
        Demand(1, 21.0, 110.0, children=30),
        Demand(2, 22.0, 110.0, children=12),
        Demand(3, 21.0, 110.0, children=None),
        Demand(4, None, None, children=5),
    ]
    result = reach([Supply(1, 21.0, 110.0, copies=1)], communities, within_km=3)
    assert (result.children_covered, result.children_known) == (30, 47)


@pytest.mark.parametrize("radius", [0, -1, float("nan")])
def test_a_radius_is_above_zero(radius: float) -> None:
    with pytest.raises(ValueError, match="not a radius"):
        reach([], [], radius)


@given(supplies(positions), demands(positions), st.sets(st.integers(0, 11)))
def test_what_only_some_points_reach_is_what_the_others_leave(
    points: list[Supply], communities: list[Demand], these: set[int]
) -> None:
    whole, rest = (reach(left, communities, 5) for left in (points, [one for one in points if one.id not in these]))
    assert len(whole.only_by(these)) == whole.count(Outcome.COVERED) - rest.count(Outcome.COVERED)
