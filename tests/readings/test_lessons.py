"""Lessons noted one by one, and what they add up to."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import transaction
from branchnet.readings.commands import note_lesson, take_lesson_back
from branchnet.readings.tallies import added_up, lessons
from tests.support.world import World, build_world

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in June 2026."""
    with clock.at(NOON):
        made = build_world(app)
        with app.app_context():
            yield made


def note(world: World, on: date, visits: int | None, loans: int | None = None, point: int = 0) -> int:
    numbers = {"in_school_visits": visits, "in_school_loans": loans}
    with transaction():
        return note_lesson(world.act, world.point_ids[point], on, numbers)


def sums(world: World, point: int = 0) -> dict[str, int]:
    return added_up(lessons(world.network_id, world.point_ids[point], FIRST, LAST))


def test_lessons_of_the_window_add_up(world: World) -> None:
    """What nobody counted stays empty: it is no zero."""
    for day, visits in ((date(2026, 5, 31), 9), (FIRST, 40), (date(2026, 6, 15), 38)):
        note(world, day, visits)
    assert sums(world) == {"in_school_visits": 78}
    note(world, FIRST, None, 0)
    assert sums(world) == {"in_school_visits": 78, "in_school_loans": 0}
    assert sums(world, 1) == {}


def test_what_is_taken_back_counts_no_more_and_is_taken_back_once(world: World) -> None:
    kept, wrong = note(world, FIRST, 40), note(world, FIRST, 400)
    with transaction():
        undone = take_lesson_back(world.act, world.point_ids[0], wrong)
    assert [one.id for one in lessons(world.network_id, world.point_ids[0], FIRST, LAST)] == [kept]
    with pytest.raises(Conflict, match="lesson_gone"), transaction():
        take_lesson_back(world.act, world.point_ids[0], wrong)
    with pytest.raises(NotFound), transaction():
        take_lesson_back(world.act, world.point_ids[0], undone)


def test_a_lesson_of_another_point_or_network_is_not_found(app: Flask, world: World) -> None:
    lesson = note(world, FIRST, 40)
    other = build_world(app, "bieguan")
    for act, point_id in (
        (world.act, world.point_ids[1]),
        (Act(other.network_id), other.point_ids[0]),
        (Act(other.network_id), world.point_ids[0]),
    ):
        with pytest.raises(NotFound), transaction():
            take_lesson_back(act, point_id, lesson)
    assert sums(world) == {"in_school_visits": 40}


def test_a_lesson_that_cannot_be(world: World) -> None:
    for on, visits, loans, fields in (
        (FIRST, -1, None, {"in_school_visits": "not_a_number"}),
        (FIRST, 1, 1_000_001, {"in_school_loans": "too_large"}),
        (date(2026, 6, 16), 1, None, {"day": "in_the_future"}),
    ):
        with pytest.raises(Invalid) as refused:
            note(world, on, visits, loans)
        assert refused.value.data["fields"] == fields
    with pytest.raises(Invalid, match="lesson_empty"):
        note(world, FIRST, None)
    assert sums(world) == {}
