"""Indicators: per book-months that were counted, None where not known, and the sums of many are of the same kind."""

from datetime import date

from branchnet.coverage.rules import INDICATORS, Counted, Tally, added, middle, sleeps
from branchnet.coverage.rules.standing import Leg, last_arrival, old_copies, year_before

DAY = date(2026, 6, 30)


def of(name: str, tally: Tally) -> float | None:
    return INDICATORS[name](tally, DAY)


def test_loans_are_set_against_the_months_in_which_they_were_counted() -> None:
    """400 book-months, of which 300 were counted: 90 loans are 30 per hundred, and 3.6 of a copy in a year."""
    tally = Tally(book_months=400, loans=Counted(90, 300), visits=Counted(None, 0))
    assert of("loans", tally) == 30
    assert of("turnover", tally) == 3.6
    assert of("visits", tally) is None


def test_what_is_not_known_is_no_zero() -> None:
    nothing = Tally()
    assert {name: of(name, nothing) for name in INDICATORS} == dict.fromkeys(INDICATORS)
    assert of("loans", Tally(loans=Counted(0, 10))) == 0
    assert of("loans", Tally(loans=Counted(7, 0))) is None, "lent what was not there"
    assert of("old_share", Tally(copies=10)) is None
    assert of("copies_per_pupil", Tally(copies=10)) is None


def test_together_is_what_was_counted_of_each() -> None:
    """A point without pupils, and one that was never reported, dilute nothing."""
    school = Tally(1, 100.0, loans=Counted(20, 100), copies=50, pupils=25, pupils_copies=50, old_copies=10)
    school = added([school, Tally(dated_copies=50, last_batch_on=date(2026, 6, 1))])
    silent = Tally(1, 300.0, copies=200, quality="at_least", old_copies=0, dated_copies=200)
    both = added([school, silent, Tally(last_batch_on=date(2026, 5, 1))])
    assert (both.points, both.copies, both.quality, both.book_months) == (2, 250, "at_least", 400)
    assert of("loans", both) == 20
    assert of("copies_per_pupil", both) == 2
    assert of("old_share", both) == 4
    assert of("days_since_batch", both) == 29


def test_a_shelf_sleeps_where_loans_were_counted_and_hardly_any_were() -> None:
    awake, asleep = Counted(3, 300), Counted(2, 300)
    assert [sleeps(Tally(copies=9, loans=one)) for one in (awake, asleep, Counted(0, 5))] == [False, True, True]
    assert not sleeps(Tally(copies=9)), "nobody counted"
    assert not sleeps(Tally(copies=0, loans=asleep)), "no books"


def test_the_middle_of_those_that_are_known() -> None:
    assert middle([None, 3, 1, None, 2]) == 2
    assert middle([1, 2]) == 1.5
    assert middle([None]) is None


def test_first_in_first_out_and_what_was_reversed_never_was() -> None:
    came, more, left = date(2025, 1, 10), date(2026, 1, 10), date(2026, 2, 1)
    lot = [Leg(7, came, 10), Leg(7, more, 10), Leg(7, left, -4)]
    assert old_copies(lot, DAY, 16) == 6, "those that came first are the first to go"
    assert old_copies(lot, date(2026, 1, 9), 10) == 0
    assert old_copies(lot, date(2026, 1, 10), 20) == 10
    taken_back = [*lot[:2], Leg(7, left, -4, undone_on=date(2026, 3, 1))]
    assert old_copies(taken_back, DAY, 20) == 10
    assert old_copies(taken_back, date(2026, 2, 28), 16) == 6, "it was not yet taken back"
    assert old_copies(lot, DAY, 5) == 5, "open differences name no copy"
    other = [Leg(8, more, 5), Leg(8, left, -5)]
    assert old_copies([*lot, *other], DAY, 16) == 6, "another lot takes nothing from this one"


def test_the_last_arrival_that_stands() -> None:
    legs = [Leg(1, date(2026, 3, 1), 5), Leg(1, date(2026, 5, 1), 5, undone_on=date(2026, 6, 1))]
    assert last_arrival(legs, DAY) == date(2026, 3, 1)
    assert last_arrival(legs, date(2026, 5, 31)) == date(2026, 5, 1)
    assert last_arrival(legs, date(2026, 2, 28)) is None
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
