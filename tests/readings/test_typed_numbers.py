"""A number with the unit that belongs to its field is that number; with any other word it is none."""

import re

import pytest
from marshmallow import ValidationError

from branchnet.fields import UNITS, Count, typed_pattern

READ = [
    ("in_school_visits", "120人次", 120),
    ("community_visits", " 120 人 ", 120),
    ("visits", "１２０人", 120),
    ("in_school_loans", "85册", 85),
    ("community_loans", "1,260册次", 1260),
    ("loans", "１，２６０本", 1260),
    ("days_open", "22天", 22),
    ("borrowers", "30人", 30),
    ("borrowers", "30", 30),
]
REFUSED = [
    ("in_school_visits", "85册"),
    ("in_school_loans", "120人次"),
    ("days_open", "22天整"),
    ("borrowers", "30人次"),
    ("visits", "约120人"),
    ("visits", "十二人"),
    ("loans", "8.5册"),
    ("loans", "-3册"),
]


@pytest.mark.parametrize(("name", "typed", "number"), READ)
def test_its_own_unit_is_taken_away(name: str, typed: str, number: int) -> None:
    assert Count(units=UNITS[name]).deserialize(typed) == number
    assert re.fullmatch(typed_pattern(name), typed)


@pytest.mark.parametrize(("name", "typed"), REFUSED)
def test_any_other_word_is_refused_with_and_without_a_network(name: str, typed: str) -> None:
    with pytest.raises(ValidationError, match="not_a_number"):
        Count(units=UNITS[name]).deserialize(typed)
    assert not re.fullmatch(typed_pattern(name), typed)


def test_a_unit_alone_is_no_number() -> None:
    with pytest.raises(ValidationError, match="not_a_number"):
        Count(units=UNITS["visits"]).deserialize("人次")
