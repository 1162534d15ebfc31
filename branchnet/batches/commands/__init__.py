"""The verbs of a batch. Each runs inside the caller's transaction; none commits."""

from branchnet.batches.commands.afterwards import Afterwards, Logged, log_afterwards
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
from branchnet.batches.commands.goods import Goods, add_goods, remove_goods
from branchnet.batches.commands.recalling import recall
from branchnet.batches.commands.receiving import arrive, receive
from branchnet.batches.commands.road import cancel, close, dispatch, pack, unpack
from branchnet.batches.commands.taking_in import Donation, take_in, take_in_donation
from branchnet.batches.commands.unknown import add_unknown_copy

__all__ = [
    "Afterwards",
    "Donation",
    "Goods",
    "Logged",
    "NewBatch",
    "NewLine",
    "add_copy",
    "add_goods",
    "add_lines",
    "add_unknown_copy",
    "arrive",
    "cancel",
    "close",
    "collect",
    "count_in",
    "dispatch",
    "draft",
    "file_papers",
    "log_afterwards",
    "open_box",
    "open_boxes",
    "pack",
    "recall",
    "receive",
    "remove_goods",
    "remove_line",
    "report_damaged",
    "resolve",
    "restock",
    "reverse_step",
    "scan",
    "take_in",
    "take_in_donation",
    "unpack",
]
