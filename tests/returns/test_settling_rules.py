"""Which batch is settled by what leaves: the oldest open one, unless somebody said otherwise."""

from branchnet.batches.settling import Brought, resettle_problems, settled_by, still_out, trimmed


def test_everything_is_out_while_nothing_left() -> None:
    assert still_out([Brought(1, 30), Brought(2, 20)], 50) == {1: 30, 2: 20}


def test_what_left_without_a_word_is_taken_off_the_oldest() -> None:
    rows = [Brought(1, 30), Brought(2, 20)]
    assert still_out(rows, 25) == {1: 5, 2: 20}
    assert still_out(rows, 12) == {2: 12}
    assert still_out(rows, 0) == {}


def test_what_is_settled_by_name_comes_before_that() -> None:
    assert still_out([Brought(1, 30), Brought(2, 20, settled=20)], 30) == {1: 30}
    assert still_out([Brought(1, 30), Brought(2, 20, settled=15)], 30) == {1: 25, 2: 5}


def test_what_was_lost_of_a_batch_is_out_no_more() -> None:
    assert still_out([Brought(1, 30), Brought(2, 20, gone=3)], 47) == {1: 30, 2: 17}
    # Lost of it, though all of it was settled by then: it is somebody else's that is missing.
    assert still_out([Brought(1, 100, gone=5, settled=100), Brought(2, 100)], 95) == {2: 95}


def test_what_nobody_brought_is_of_no_batch() -> None:
    assert still_out([Brought(1, 30)], 40) == {1: 30}
    assert still_out([], 40) == {}


def test_a_return_settles_what_it_was_fetched_for_then_the_oldest() -> None:
    out = {1: 30, 2: 20, 3: 5}
    assert settled_by(out, 35) == {1: 30, 2: 5}
    assert settled_by(out, 22, first=[2]) == {2: 20, 1: 2}
    assert settled_by(out, 60) == {1: 30, 2: 20, 3: 5}
    assert settled_by({}, 4) == {}


def test_settling_changes_nothing_for_the_others() -> None:
    """What is out before a return is what is out after it, less what it settles, whatever is unexplained."""
    for copies in range(41):
        rows = [Brought(1, 30), Brought(2, 20)]
        before = still_out(rows, 40)
        settles = settled_by(before, copies)
        after = still_out(
            [Brought(one.batch_id, one.brought, settled=settles.get(one.batch_id, 0)) for one in rows], 40 - copies
        )
        assert after == {one: left for one in before if (left := before[one] - settles.get(one, 0))}


def test_what_came_back_opens_what_was_settled_last() -> None:
    assert trimmed([(1, 30), (2, 20)], 50) == {1: 30, 2: 20}
    assert trimmed([(1, 30), (2, 20)], 35) == {1: 30, 2: 5}
    assert trimmed([(1, 30), (2, 20)], 0) == {1: 0, 2: 0}


def test_settled_otherwise_is_never_more_than_left_or_was_brought() -> None:
    there = {1: 30, 2: 20}
    line, brought = "settled_beyond_line", "settled_beyond_brought"
    assert resettle_problems({1: 10, 2: 20}, 30, there) == {}
    assert resettle_problems({1: 11, 2: 20}, 30, there) == {1: line, 2: line}
    assert resettle_problems({1: 10, 2: 21}, 30, there) == {1: line, 2: brought}
    assert resettle_problems({1: 31, 2: 21}, 60, there) == {1: brought, 2: brought}
    assert resettle_problems({3: 1}, 30, there) == {3: brought}
    assert resettle_problems({1: -1, 2: 3}, 30, there) == {1: "not_a_number"}
