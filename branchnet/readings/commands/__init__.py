"""One function a verb: what a point, or staff for it, says of a window; and what is said of that."""

from branchnet.readings.commands.chasing import make_reminders, record_chase
from branchnet.readings.commands.earlier import submit_earlier
from branchnet.readings.commands.entering import enter
from branchnet.readings.commands.entering_many import Entered, enter_many
from branchnet.readings.commands.reviewing import accept, answer, apply_held, see_doubled, send_back, set_aside
from branchnet.readings.commands.submitting import Receipt, Sent, submit_month, submit_stay
from branchnet.readings.commands.tallying import note_lesson, take_lesson_back

__all__ = [
    "Entered",
    "Receipt",
    "Sent",
    "accept",
    "answer",
    "apply_held",
    "enter",
    "enter_many",
    "make_reminders",
    "note_lesson",
    "record_chase",
    "see_doubled",
    "send_back",
    "set_aside",
    "submit_earlier",
    "submit_month",
    "submit_stay",
    "take_lesson_back",
]
