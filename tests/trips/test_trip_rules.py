"""Where a trip stops, in which order, and what a month of trips adds up to."""

from datetime import date

from branchnet.batches import rules as batches
from branchnet.batches.rules import Difference, Part
from branchnet.trips.rules import BRINGS, FETCHES, Carried, Driven, Totals, area_name, in_order, legs, totals

DAY = date(2026, 3, 5)


def test_a_trip_brings_what_is_sent_and_fetches_what_comes_back() -> None:
    assert legs(Carried("allocation", 1, 2, None), DAY) == ((2, BRINGS),)
    assert legs(Carried("delivery", 1, 2, DAY), DAY) == ((2, BRINGS),)
    assert legs(Carried("delivery", 1, 2, date(2026, 2, 1)), DAY) == ((2, FETCHES),)
    assert legs(Carried("return", 2, 1, None), DAY) == ((2, FETCHES),)
    assert legs(Carried("rotation", 2, 3, DAY), DAY) == ((2, FETCHES), (3, BRINGS))


def test_stops_come_in_the_order_of_their_numbers_and_what_is_added_last() -> None:
    assert in_order({7: 2, 8: 1, 9: None}, [5, 8]) == [8, 7, 5]


def test_an_address_says_a_town_once() -> None:
    assert area_name("长山镇", "长山镇") == "长山镇"
    assert area_name("长山镇", "长山镇居委会") == "长山镇居委会"
    assert area_name("长山镇", "李村") == "长山镇李村"
    assert area_name(None, "李村") == "李村"


def test_a_month_counts_trips_that_were_driven_and_a_vehicle_once() -> None:
    trips = [
        Driven(DAY, 40, 1, False),
        Driven(DAY, None, 1, False),
        Driven(DAY, 90, 2, True),
        Driven(date(2026, 3, 9), 10, 3, False),
    ]
    assert totals(trips, DAY) == Totals(trips=2, km=40, without_km=1, vehicles=1, planned=1)


def test_what_was_not_scanned_is_short_by_name() -> None:
    part = Part(4, {11: 1, 12: 1, 20: 30}, frozenset({20}))
    missing = Difference("short", 1, 4, 12, in_transit=True)
    arrival = batches.arrive_scanned(part, {11, 99}, 28)
    assert arrival.moves == {11: 1, 20: 28}
    assert list(arrival.differences) == [missing, Difference("short", 2, 4, 20, in_transit=True)]
    nothing_uncoded = batches.arrive_scanned(part, {11}, 0)
    assert nothing_uncoded.moves == {11: 1}
    assert list(nothing_uncoded.differences) == [missing, Difference("short", 30, 4, 20, in_transit=True)]
