"""One function a verb: what a point, or staff for it, says of a window."""

from branchnet.readings.commands.chasing import make_reminders, record_chase
from branchnet.readings.commands.earlier import submit_earlier
from branchnet.readings.commands.entering_many import Entered, enter_many
from branchnet.readings.commands.submitting import Receipt, Sent, submit_month, submit_stay

__all__ = [
    "Entered",
    "Receipt",
    "Sent",
    "enter_many",
    "make_reminders",
    "record_chase",
    "submit_earlier",
    "submit_month",
    "submit_stay",
]
