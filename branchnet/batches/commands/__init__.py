"""The verbs of a batch. Each runs inside the caller's transaction; none commits."""

from branchnet.batches.commands.coming_back import collect, count_in, restock, scan
from branchnet.batches.commands.correcting import reverse_step
from branchnet.batches.commands.differences import report_damaged, resolve
from branchnet.batches.commands.drafting import NewBatch, draft, open_box, open_boxes
from branchnet.batches.commands.lines import NewLine, add_lines, move_line, remove_line
from branchnet.batches.commands.picking import Added, ListAdded, add_copy, add_counted, add_list
from branchnet.batches.commands.road import arrive, cancel, close, dispatch, pack, receive, unpack
from branchnet.batches.commands.taking_in import take_in

__all__ = [
    "Added",
    "ListAdded",
    "NewBatch",
    "NewLine",
    "add_copy",
    "add_counted",
    "add_lines",
    "add_list",
    "arrive",
    "cancel",
    "close",
    "collect",
    "count_in",
    "dispatch",
    "draft",
    "move_line",
    "open_box",
    "open_boxes",
    "pack",
    "receive",
    "remove_line",
    "report_damaged",
    "resolve",
    "restock",
    "reverse_step",
    "scan",
    "take_in",
    "unpack",
]
