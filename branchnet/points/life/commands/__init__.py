"""The steps in the life of a service point. Each runs inside the caller's transaction; none commits."""

from branchnet.points.life.commands.doors import begin, close, pause, reopen, resume
from branchnet.points.life.commands.facts import change_kind, correct_name, enrol, move, open_to_community, rename
from branchnet.points.life.commands.locating import locate
from branchnet.points.life.commands.taking_back import take_back_move

__all__ = [
    "begin",
    "change_kind",
    "close",
    "correct_name",
    "enrol",
    "locate",
    "move",
    "open_to_community",
    "pause",
    "rename",
    "reopen",
    "resume",
    "take_back_move",
]
