"""One function a verb: what a point, or staff for it, says of a window."""

from branchnet.readings.commands.chasing import make_reminders, record_chase
from branchnet.readings.commands.submitting import Receipt, Sent, submit_month, submit_stay

__all__ = ["Receipt", "Sent", "make_reminders", "record_chase", "submit_month", "submit_stay"]
