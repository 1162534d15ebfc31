"""The verbs of a batch. Each runs inside the caller's transaction; none commits."""

from branchnet.batches.commands.afterwards import Afterwards, Logged, log_afterwards, wrong_with
from branchnet.batches.commands.coming_back import collect, count_in, restock, scan
from branchnet.batches.commands.correcting import reverse_step
from branchnet.batches.commands.differences import report_damaged, resolve
from branchnet.batches.commands.drafting import NewBatch, draft, open_box, open_boxes
from branchnet.batches.commands.filing import file_papers
from branchnet.batches.commands.goods import Goods, add_goods, remove_goods
from branchnet.batches.commands.lines import NewLine, add_lines, move_line, remove_line
from branchnet.batches.commands.picking import Added, ListAdded, add_copy, add_counted, add_list
from branchnet.batches.commands.recalling import recall
from branchnet.batches.commands.receiving import arrive, receive
from branchnet.batches.commands.road import cancel, close, dispatch, pack, unpack
from branchnet.batches.commands.scanning import Scanned, receive_scanned
from branchnet.batches.commands.taking_in import Donation, take_in, take_in_donation
from branchnet.batches.commands.unknown import add_unknown_copy

__all__ = [
    "Added",
    "Afterwards",
    "Donation",
    "Goods",
    "ListAdded",
    "Logged",
    "NewBatch",
    "NewLine",
    "Scanned",
    "add_copy",
    "add_counted",
    "add_goods",
    "add_lines",
    "add_list",
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
    "move_line",
    "open_box",
    "open_boxes",
    "pack",
    "recall",
    "receive",
    "receive_scanned",
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
    "wrong_with",
]
