"""Which degrees can be where a point stands."""

import pytest

from branchnet.points.rules import degrees_problem


@pytest.mark.parametrize(
    ("lat", "lon", "problem"),
    [
        (21.55, 110.1, None),
        (None, None, None),
        (110.1, 21.55, ("lat", "degrees_swapped")),
        (87.6, 43.8, ("lat", "degrees_swapped")),
        (43.8, 87.6, None),
        (None, 110.1, ("lat", "degrees")),
        (21.55, None, ("lon", "degrees")),
        (95.0, 110.1, ("lat", "degrees")),
    ],
)
def test_degrees_that_were_swapped_are_told(
    lat: float | None, lon: float | None, problem: tuple[str, str] | None
) -> None:
    assert degrees_problem(lat, lon) == problem
