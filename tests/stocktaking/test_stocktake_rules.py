"""What the books expect on the day of a count: by rule, and by telling the days anew one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from branchnet.batches.stocktaking import rules
from branchnet.batches.stocktaking.rules import Counted, Held, Known, Later, Task

MAY = date(2025, 5, 1)
BEGUN = date(2025, 5, 10)
SCAN, COUNT = Task(True, BEGUN), Task(False, BEGUN)


def on(day: int) -> date:
    return MAY + timedelta(days=day - 1)


def entry(entry_id: int, day: int, copies: int, lot: int = 1, reverses: int | None = None) -> Later:
    return Later(entry_id, on(day), {lot: copies}, reverses)


# --- The side of a move ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "counted", "where"),
    [
        (13, 12, "after"),
        (11, 12, "before"),
        (12, 12, None),
        (10, 12, None),
        (3, 12, None),
        (10, 10, None),
        (11, 10, "after"),
    ],
)
def test_the_day_of_a_move_says_on_which_side_of_the_count_it_lies(
    happened: int, counted: int, where: str | None
) -> None:
    assert rules.side(entry(1, happened, 5), BEGUN, on(counted)) == where


def test_what_is_taken_back_never_was() -> None:
    """A reversal of what the books had at the start counts whatever its day; a pair that came since counts nothing."""
    assert rules.side(entry(9, 20, -5, reverses=3), BEGUN, on(12)) == "before"
    pair = [entry(7, 10, 5), entry(8, 20, -5, reverses=7)]
    assert rules.standing(pair) == []
    assert rules.expected(40, pair, [1], (BEGUN, on(12)), {}) == (40, ())


def test_only_what_changes_these_lots_is_asked() -> None:
    later = [entry(1, 10, 5, lot=2), entry(2, 10, 5), Later(3, on(9), {1: 4, 2: -4})]
    assert rules.expected(10, later, [1], (BEGUN, on(12)), {2: "before"}) == (15, (2, 3))
    assert rules.expected(10, later, [1, 2], (BEGUN, on(12)), {1: "before", 2: "after"}) == (15, (1, 2))


# --- Told anew, day after day ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """What really happened: on which day, before or after noon, and whether it was recorded before the start."""

    day: int
    late: bool
    copies: int
    recorded_first: bool
    undone: bool


events = st.lists(
    st.builds(
        Event,
        day=st.integers(5, 16),
        late=st.booleans(),
        copies=st.integers(-9, 9).filter(bool),
        recorded_first=st.booleans(),
        undone=st.booleans(),
    ),
    max_size=8,
)


def replay(happened: Sequence[Event], counted_on: int) -> int:
    """Day after day up to noon of the count, what really was carried in and out; what was undone never happened."""
    there = 100
    for day in range(1, counted_on + 1):
        for one in happened:
            if one.day == day and not one.undone and not (day == counted_on and one.late):
                there += one.copies
    return there


@given(events, st.integers(10, 14))
def test_the_rule_finds_what_a_slow_replay_finds(happened: list[Event], counted_on: int) -> None:
    """With every question answered as it was; and it asks only where the days leave both sides open."""
    at_start, later, truth = 100, [], {}
    for number, one in enumerate(happened, 1):
        if one.recorded_first and one.day <= 10:
            # Before the start nothing is counted yet: on the very day, what was recorded had happened.
            first = Event(one.day, False, one.copies, True, one.undone)
            happened[number - 1] = first
            at_start += one.copies
        else:
            later.append(entry(number, one.day, one.copies))
            seen = (one.day, one.late) < (counted_on, True)
            truth[number] = "before" if seen else "after"
        if one.undone:
            later.append(entry(100 + number, 16, -one.copies, reverses=number))
    copies, asked = rules.expected(at_start, later, [1], (BEGUN, on(counted_on)), truth)
    assert copies == replay(happened, counted_on)
    open_ones = {
        number
        for number, one in enumerate(happened, 1)
        if not one.undone and number in truth and (one.day <= 10 or one.day == counted_on)
    }
    assert set(asked) == open_ones
    others = {number: "before" for number in truth if number not in open_ones}
    assert rules.expected(at_start, later, [1], (BEGUN, on(counted_on)), truth | others)[0] == copies


@given(st.integers(0, 30), st.integers(0, 30), st.integers(-9, 9))
def test_a_count_is_news_only_outside_of_what_is_known(should_be: int, counted: int, known: int) -> None:
    lot = Held(1, False, "故事", should_be, should_be)
    case = [Known(1, known, on(2))] if known else []
    (line,) = rules.variance(COUNT, [lot], [], {1: Counted(counted, on(12))}, {}, case).lines
    explained = range(min(should_be, should_be + known), max(should_be, should_be + known) + 1)
    nearest = min(explained, key=lambda copies: abs(copies - counted))
    assert line.difference == max(counted - nearest, -should_be)
    assert (line.expected, line.counted, line.known) == (should_be, counted, known)


# --- Titles, copies, and all the rest --------------------------------------------------------------------------------


def test_lots_of_one_name_are_counted_together() -> None:
    lots = [Held(1, False, "故事", 10, 10), Held(2, False, "故事", 5, 5), Held(3, False, "科普", 7, 7)]
    counts: dict[int | None, Counted] = {1: Counted(9, on(11)), 3: Counted(8, on(12))}
    found = rules.variance(COUNT, lots, [], counts, {})
    assert [(line.name, line.expected, line.difference) for line in found.lines] == [("故事", 15, -6), ("科普", 7, 1)]
    opened = [(one.kind, one.quantity, one.lot_id) for one in rules.differences(found.lines)]
    assert opened == [("short", 6, 1), ("over", 1, 3)]
    assert found.untold == 0


def test_a_number_for_all_the_rest_names_no_copy() -> None:
    lots = [Held(1, False, "故事", 10, 10), Held(2, True, "小人书", 1, 1), Held(3, True, "小画书", 1, 1)]
    counts: dict[int | None, Counted] = {1: Counted(10, on(11)), None: Counted(1, on(12))}
    (one,) = rules.differences(rules.variance(COUNT, lots, [], counts, {}).lines)
    assert (one.kind, one.quantity, one.lot_id) == ("short", 1, None)
    (short,) = rules.differences(rules.variance(COUNT, lots[:1], [], {None: Counted(8, on(12))}, {}).lines)
    assert (short.kind, short.quantity, short.lot_id) == ("short", 2, 1), "of one title alone it is known"
    nameless = [Known(None, -1, on(3))]
    assert rules.differences(rules.variance(COUNT, lots, [], counts, {}, nameless).lines) == [], "no news"


def test_what_nobody_said_anything_of_is_no_difference() -> None:
    lots = [Held(1, False, "故事", 10, 12), Held(2, True, "小人书", 1, 1)]
    found = rules.variance(COUNT, lots, [], {}, {})
    assert (found.lines, found.untold) == ([], 13)
    assert rules.variance(SCAN, lots, [], {}, {}).untold == 12, (
        "a scan that does not name a copy says that it is missing"
    )


def test_a_copy_that_was_not_scanned_is_missing_by_name() -> None:
    lots = [Held(1, True, "甲", 1, 1), Held(2, True, "乙", 1, 1)]
    found = rules.variance(SCAN, lots, [], {1: Counted(1, on(11))}, {})
    assert [(one.kind, one.lot_id) for one in rules.differences(found.lines)] == [("short", 2)]


def test_what_left_or_came_since_was_held_in_the_hand() -> None:
    """Moved after the start, scanned or not, it is neither missing nor over; the books do not ask either."""
    gone, came = Held(1, True, "甲", 1, 0), Held(2, True, "乙", 0, 1)
    later = [entry(5, 11, -1, lot=1), entry(6, 12, 1, lot=2)]
    scans: list[dict[int | None, Counted]] = [{}, {1: Counted(1, on(11)), 2: Counted(1, on(11))}]
    for counts in scans:
        found = rules.variance(SCAN, [gone, came], later, counts, {})
        assert (rules.differences(found.lines), found.asked) == ([], ())


def test_a_copy_whose_arrival_was_dated_back_is_asked_for_where_it_was_not_scanned() -> None:
    lot, later = Held(1, True, "甲", 0, 1), [entry(5, 9, 1)]
    for answer, missing in (("before", 1), ("after", 0)):
        found = rules.variance(SCAN, [lot], later, {}, {5: answer})
        assert (len(rules.differences(found.lines)), found.asked) == (missing, (5,))
    scanned = rules.variance(SCAN, [lot], later, {1: Counted(1, on(12))}, {})
    assert (rules.differences(scanned.lines), scanned.asked) == ([], ())


def test_a_copy_that_the_books_hold_elsewhere_is_over() -> None:
    elsewhere = Held(1, True, "甲", 0, 0)
    (one,) = rules.differences(rules.variance(SCAN, [elsewhere], [], {1: Counted(1, on(11))}, {}).lines)
    assert (one.kind, one.lot_id) == ("over", 1)


def test_no_more_is_missing_than_the_books_still_have_there() -> None:
    lot, later = Held(1, False, "故事", 10, 1), [entry(5, 14, -9)]
    (line,) = rules.variance(COUNT, [lot], later, {1: Counted(7, on(12))}, {}).lines
    assert (line.expected, line.difference) == (10, -1)


@pytest.mark.parametrize(
    ("closed", "answer", "copies"),
    [(None, None, -2), (13, None, -2), (11, None, 0), (12, "after", -2), (12, "before", 0), (9, "after", -2)],
)
def test_a_difference_is_known_while_it_was_open_on_the_day_of_the_count(
    closed: int | None, answer: str | None, copies: int
) -> None:
    case = Known(1, -2, on(2), None if closed is None else on(closed), 7)
    assert rules.known_on([case], {1}, on(12), {} if answer is None else {7: answer}) == copies
    assert rules.known_on([case], {2, None}, on(12), {}) == 0
    assert rules.known_on([Known(1, -2, on(13))], {1}, on(12), {}) == 0, "found later than the count"
