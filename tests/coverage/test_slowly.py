"""Coverage against the slow way: plain geopy geodesics of every pair, also where the threshold is a hair away."""

import random
from itertools import pairwise

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from branchnet.coverage.rules import Demand, Gaps, Outcome, Standing, Supply, Threshold, Unit, has_point, reach
from branchnet.coverage.rules.earth import earth_centred, longest_m
from branchnet.coverage.rules.nearest import Near

Position = tuple[float, float]


def km(one: Position, other: Position) -> float:
    return float(geodesic(one, other).km)


def off(start: Position, bearing: float, distance: float) -> Position:
    """The position so many km away in a direction."""
    there = geodesic(kilometers=distance).destination(start, bearing)
    return there.latitude, there.longitude


@given(st.floats(-80, 80), st.floats(0, 360), st.floats(0.001, 2000))
def test_the_geodesic_lies_between_its_bounds(lat: float, bearing: float, distance: float) -> None:
    here = (lat, 110.0)
    there = off(here, bearing, distance)
    chord = float(np.linalg.norm(np.subtract(*earth_centred([here, there]))))
    assert chord - 0.001 <= km(here, there) * 1000 <= longest_m(chord)


@pytest.mark.parametrize(("within", "detour"), [(3.0, 130), (15.0, 217), (100.0, 100)])
def test_at_the_threshold_the_outcome_is_the_geodesics(within: float, detour: int) -> None:
    """Places a millimetre to a metre on either side of the threshold, in every direction, from the tropics up north."""
    spread = random.Random(f"{within}/{detour}")  # noqa: S311 - the same places in every run
    points = [Supply(i, spread.uniform(20, 50), spread.uniform(100, 122), 1) for i in range(12)]
    demands = []
    for number in range(150):
        point = spread.choice(points)
        line = within * 100 / detour + spread.choice((-1, 1)) * 10 ** spread.uniform(-9, -3)
        demands.append(Demand(number, *off((point.lat or 0, point.lon or 0), spread.uniform(0, 360), line)))
    result = reach(points, demands, within, detour)
    for index, demand in enumerate(demands):
        slowly = min((km(demand.position, point.position), point.id) for point in points)  # type: ignore[arg-type]
        assert (result.outcomes[index] is Outcome.COVERED) == (slowly[0] * detour / 100 <= within)
        shown = result.reached(index)
        assert (shown.km, shown.point_id) == slowly
    assert {Outcome.COVERED, Outcome.NOT_COVERED} == set(result.outcomes)


def test_counts_around_places_are_those_of_every_pair() -> None:
    spread = random.Random(5)  # noqa: S311 - the same places in every run
    places = [(30 + spread.uniform(0, 0.2), 110 + spread.uniform(0, 0.2)) for _ in range(60)]
    # One whose distance from another is the threshold itself.
    threshold = Threshold(km(places[0], places[1]))
    near = Near(places)
    slowly = [[threshold.holds(km(one, other)) for other in places] for one in places]
    assert near.how_many(np.array(places), threshold).tolist() == [sum(row) for row in slowly]
    for index, one in enumerate(places):
        expected = sorted((km(one, places[i]), i) for i, holds in enumerate(slowly[index]) if holds)
        assert near.around(one, threshold) == [i for _, i in expected]


children = st.none() | st.integers(0, 3)
grid = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda at: (42.1 + at[0] / 100, 118.9 + at[1] / 100))


@settings(max_examples=40)
@given(st.lists(st.tuples(grid, children), max_size=14), st.lists(grid, max_size=2))
def test_gaps_in_their_order_and_what_a_point_there_would_reach(
    homes: list[tuple[Position, int | None]], sites: list[Position]
) -> None:
    demands = [Demand(i, *at, children=number) for i, (at, number) in enumerate(homes)]
    result = reach([Supply(i, *at, copies=1) for i, at in enumerate(sites)], demands, 3)
    out = [d for d in demands if d.position and not any(km(d.position, at) <= 3 for at in sites)]
    around = {d.id: [o for o in out if km(d.position, o.position) <= 3] for d in out}  # type: ignore[arg-type]

    def rank(d: Demand) -> tuple[int, int, int]:
        known = d.children is not None
        first = 0 if d.children else 2 if known else 1
        return first, -(d.children or 0), 0 if known else -len(around[d.id])

    gaps = Gaps(result).shown(0, 99)
    assert [rank(demands[gap.index]) for gap in gaps] == sorted(map(rank, out))
    assert sorted(gap.index for gap in gaps) == [d.id for d in out]
    for gap, after in pairwise(gaps):
        if rank(demands[gap.index]) == rank(demands[after.index]):
            assert gap.rank == after.rank
            # Farthest first; straight lines and geodesics agree on that but for millimetres.
            assert not sites or (result.reached(gap.index).km or 0) >= (result.reached(after.index).km or 0) - 1e-5
    assert all(gap.tied == sum(rank(demands[gap.index]) == rank(d) for d in out) for gap in gaps)
    for gap in gaps:
        counted = [d.children for d in around[demands[gap.index].id] if d.children is not None]
        assert gap.communities == len(around[demands[gap.index].id])
        assert gap.children_reached == (sum(counted) if counted else None)


def test_a_school_has_the_point_under_its_code_or_in_its_grounds_and_no_neighbours() -> None:
    here, beside, far = (30.0, 110.0), off((30.0, 110.0), 90, 0.15), off((30.0, 110.0), 0, 0.3)
    schools = [
        Unit("school", "440802001901"),
        Unit("school", None, here),
        Unit("school", None, beside),
        Unit("school", None, far),
        Unit("school", None),
        Unit("village", None),
    ]
    points = [
        Standing("440802001901"),
        Standing("440802001201", off(here, 90, 0.05)),
        Standing(None, off(far, 0, 0.21)),
    ]
    told = ["covered", "covered", "not_covered", "not_covered", "without_position", "without_position"]
    assert [one.value for one in has_point(schools, points)] == told
