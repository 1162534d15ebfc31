"""One lesson or one visit at a point is noted when it is over; noted by mistake, it is taken back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Tally
from branchnet.readings.rules import NUMBERS, Report, problems

LARGEST = 5_000
"""Nobody sees more readers, or lends more books, in one lesson or one visit."""


def note_lesson(act: Act, point_id: int, on: date, numbers: Mapping[str, int | None]) -> int:
    """Note the visits and loans of one lesson (这节课) by the names of a reading's numbers. Returns its id.

    Raises Invalid naming the fields that cannot be, "lesson_empty" where none has a number.
    """
    told: dict[str, Any] = {name: numbers.get(name) for name in NUMBERS}
    if wrong := problems(Report(**told), 1):
        raise Invalid(fields=wrong)
    if over := {name: "too_large" for name, value in told.items() if (value or 0) > LARGEST}:
        raise Invalid(fields=over)
    if all(value is None for value in told.values()):
        raise Invalid("lesson_empty")
    if on > act.today():
        raise Invalid(fields={"day": "in_the_future"})
    return _write(act, point_id, on, told)


def take_lesson_back(act: Act, point_id: int, tally_id: int) -> int:
    """It was noted by mistake (记错了): neither it nor this counts. Returns the id of what takes it back.

    Raises NotFound, Conflict("lesson_gone") where it was taken back before.
    """
    mine = (Tally.network_id == act.network_id, Tally.point_id == point_id)
    on = db.session.scalar(
        select(Tally.happened_on).where(*mine, Tally.id == tally_id, Tally.takes_back_id.is_(None)).with_for_update()
    )
    if on is None:
        raise NotFound(tally_id=tally_id)
    if db.session.scalar(select(Tally.id).where(*mine, Tally.takes_back_id == tally_id)) is not None:
        raise Conflict("lesson_gone")
    return _write(act, point_id, on, {}, tally_id)


def _write(
    act: Act, point_id: int, on: date, numbers: Mapping[str, int | None], takes_back_id: int | None = None
) -> int:
    return int(
        db.session.execute(
            insert(Tally)
            .values(
                network_id=act.network_id,
                point_id=point_id,
                happened_on=on,
                said_at=clock.now(),
                said_by=act.person_id,
                takes_back_id=takes_back_id,
                **numbers,
            )
            .returning(Tally.id)
        ).scalar_one()
    )
