"""One function a verb: what a point, or staff for it, says of a window."""

from branchnet.readings.commands.submitting import Receipt, Sent, submit_month, submit_stay

__all__ = ["Receipt", "Sent", "submit_month", "submit_stay"]
