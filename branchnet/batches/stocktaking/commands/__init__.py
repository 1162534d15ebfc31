"""The verbs of a stocktake. Each runs inside the caller's transaction; none commits."""

from branchnet.batches.stocktaking.commands.beginning import begin
from branchnet.batches.stocktaking.commands.bringing import bring_here
from branchnet.batches.stocktaking.commands.counting import (
    ListScanned,
    Scanned,
    count_copy,
    count_list,
    count_titles,
    drop_found,
    name_found,
    note_found,
    uncount,
)
from branchnet.batches.stocktaking.commands.ending import answer_crossing, cancel, close, reopen, take_back_ending

__all__ = [
    "ListScanned",
    "Scanned",
    "answer_crossing",
    "begin",
    "bring_here",
    "cancel",
    "close",
    "count_copy",
    "count_list",
    "count_titles",
    "drop_found",
    "name_found",
    "note_found",
    "reopen",
    "take_back_ending",
    "uncount",
]
