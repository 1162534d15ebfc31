"""Where an agreement stands on a day. Pure."""

from datetime import date, timedelta
from typing import Any

from branchnet.access.seen import mark_of

SOON_DAYS = 60
"""An agreement that ends within so many days is said to be running out."""

STANDINGS = ("unsigned", "coming", "in_force", "running_out", "ended")
CHANGEABLE = (
    "number",
    "signed_on",
    "valid_from",
    "valid_until",
    "stay_days",
    "allowance_permille",
    "archive_number",
)


def standing(
    signed_on: date | None, valid_from: date, valid_until: date | None, today: date, followed: bool = False
) -> str:
    """Unsigned binds nobody; then its term says: coming, in force, running out, ended. Its last day belongs to it.

    What is followed by another one that is signed already does not run out: nobody has to do anything.
    """
    if signed_on is None:
        return "unsigned"
    if today < valid_from:
        return "coming"
    if valid_until is None:
        return "in_force"
    if valid_until < today:
        return "ended"
    return "running_out" if valid_until <= soon(today) and not followed else "in_force"


def mark(agreement: Any) -> str:
    """The mark of all that can be changed of an agreement, as it is read or under lock."""
    return mark_of(*(getattr(agreement, name) for name in CHANGEABLE))


def soon(today: date) -> date:
    """The last day that is soon."""
    return today + timedelta(days=SOON_DAYS)
