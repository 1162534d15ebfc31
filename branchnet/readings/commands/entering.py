"""Staff enter a window for a teacher who phones. Who sits at the desk can be told at once, so nothing is held."""

from collections.abc import Callable

from branchnet.access.acts import Act
from branchnet.errors import Conflict
from branchnet.readings.commands.submitting import Receipt, Sent
from branchnet.readings.rules import Report
from branchnet.readings.schemas import Submission


def enter(act: Act, submit: Callable[[Act, Report, Sent], Receipt], sent: Submission) -> Receipt:
    """Enter or correct a month or a stay on a teacher's behalf; ``submit``: the command for its window.

    Raises as that command does, "not_plausible" unless confirmed; and Conflict, with nothing kept: "came_meanwhile"
    where another revision holds than the one that was seen, "closed_to_entry" where the month is closed and no
    exception opens it.
    """
    receipt = submit(act, sent.report, Sent("staff", sent.based_on, confirmed=sent.confirmed))
    if receipt.held_reason is not None:
        raise Conflict("closed_to_entry" if receipt.held_reason == "locked" else "came_meanwhile")
    return receipt
