"""What two counts of the same books mean beside each other."""

from branchnet.batches.three_counts import restocked_off, scanned_off


def test_nothing_counted_at_the_door_is_no_difference() -> None:
    assert scanned_off(None, 315, 0, 0, one_by_one=False) is None


def test_what_is_missing_by_name_or_not_ours_explains_the_rest() -> None:
    assert scanned_off(320, 315, 5, 0, one_by_one=True) is None
    assert scanned_off(320, 315, 0, 5, one_by_one=True) is None
    assert scanned_off(320, 315, 3, 2, one_by_one=True) is None
    assert scanned_off(320, 315, 2, 1, one_by_one=True) == ("over", 2)


def test_fewer_at_the_door_are_a_difference_only_where_nobody_held_each_copy() -> None:
    assert scanned_off(310, 315, 0, 0, one_by_one=True) is None
    assert scanned_off(310, 315, 0, 0, one_by_one=False) == ("short", 5)
    assert scanned_off(320, 315, 0, 0, one_by_one=False) == ("over", 5)


def test_a_count_onto_the_shelf_is_set_against_what_waited() -> None:
    assert restocked_off(315, None) is None
    assert restocked_off(315, 315) is None
    assert restocked_off(315, 312) == ("short", 3)
    assert restocked_off(315, 316) == ("over", 1)
