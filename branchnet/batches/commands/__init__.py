"""The verbs of a batch. Each runs inside the caller's transaction; none commits."""

from branchnet.batches.commands.coming_back import collect, count_in, restock, scan
from branchnet.batches.commands.correcting import reverse_step
from branchnet.batches.commands.differences import report_damaged, resolve
from branchnet.batches.commands.drafting import (
    NewBatch,
    NewLine,
    add_copy,
    add_lines,
    draft,
    open_box,
    open_boxes,
    remove_line,
)
from branchnet.batches.commands.filing import file_papers
from branchnet.batches.commands.road import arrive, cancel, close, dispatch, pack, receive, unpack
from branchnet.batches.commands.taking_in import take_in

__all__ = [
    "NewBatch",
    "NewLine",
    "add_copy",
    "add_lines",
    "arrive",
    "cancel",
    "close",
    "collect",
    "count_in",
    "dispatch",
    "draft",
    "file_papers",
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
