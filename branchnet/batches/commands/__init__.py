"""The verbs of a batch. Each runs inside the caller's transaction; none commits."""

from branchnet.batches.commands.afterwards import Afterwards, Logged, log_afterwards, wrong_with
from branchnet.batches.commands.before_fetching import announce, answer_stay, decide_stay
from branchnet.batches.commands.bringing_back import Fetched, bring_back, collect, return_for
from branchnet.batches.commands.closing import close_point
from branchnet.batches.commands.coming_back import count_in, restock, scan
from branchnet.batches.commands.compensating import agree_to_pay, drop_payment, receive_payment
from branchnet.batches.commands.correcting import reverse_step
from branchnet.batches.commands.differences import report_damaged, resolve
from branchnet.batches.commands.disposing import (
    add_to_disposal,
    approve_disposal,
    cancel_disposal,
    draft_disposal,
    remove_from_disposal,
    reverse_disposal,
)
from branchnet.batches.commands.drafting import NewBatch, draft, open_box, open_boxes
from branchnet.batches.commands.ending_alike import resolve_alike
from branchnet.batches.commands.exchanging import Brought, Exchanged, Visit, exchange
from branchnet.batches.commands.filing import file_papers
from branchnet.batches.commands.finding_again import find_again, reverse_find
from branchnet.batches.commands.found import Found, close_found, record_found
from branchnet.batches.commands.goods import Goods, add_goods, remove_goods
from branchnet.batches.commands.handing_over import HandedOver, hand_over
from branchnet.batches.commands.lines import NewLine, add_lines, move_line, remove_line
from branchnet.batches.commands.losing import report, reverse_closing
from branchnet.batches.commands.merging import Merged, merge
from branchnet.batches.commands.picking import Added, ListAdded, add_copy, add_counted, add_list
from branchnet.batches.commands.recalling import recall
from branchnet.batches.commands.receiving import arrive, receive
from branchnet.batches.commands.repairing import end_repair, reverse_repair
from branchnet.batches.commands.road import cancel, close, dispatch, pack, unpack
from branchnet.batches.commands.scanning import Scanned, receive_scanned
from branchnet.batches.commands.scanning_back import (
    ListScanned,
    bring_along,
    count_back,
    finish_scanning,
    scan_back,
    scan_list_back,
    take_out,
)
from branchnet.batches.commands.settling import resettle
from branchnet.batches.commands.shelving import shelve_part
from branchnet.batches.commands.splitting import resolve_some, split_off
from branchnet.batches.commands.taking_in import Donation, take_in, take_in_donation
from branchnet.batches.commands.uncounting import uncount_box
from branchnet.batches.commands.unknown import add_unknown_copy
from branchnet.batches.commands.wearing import close_worn
from branchnet.batches.commands.wishing import Wished, close_wish, wish
from branchnet.batches.queries.handing_over import Handing

__all__ = [
    "Added",
    "Afterwards",
    "Brought",
    "Donation",
    "Exchanged",
    "Fetched",
    "Found",
    "Goods",
    "HandedOver",
    "Handing",
    "ListAdded",
    "ListScanned",
    "Logged",
    "Merged",
    "NewBatch",
    "NewLine",
    "Scanned",
    "Visit",
    "Wished",
    "add_copy",
    "add_counted",
    "add_goods",
    "add_lines",
    "add_list",
    "add_to_disposal",
    "add_unknown_copy",
    "agree_to_pay",
    "announce",
    "answer_stay",
    "approve_disposal",
    "arrive",
    "bring_along",
    "bring_back",
    "cancel",
    "cancel_disposal",
    "close",
    "close_found",
    "close_point",
    "close_wish",
    "close_worn",
    "collect",
    "count_back",
    "count_in",
    "decide_stay",
    "dispatch",
    "draft",
    "draft_disposal",
    "drop_payment",
    "end_repair",
    "exchange",
    "file_papers",
    "find_again",
    "finish_scanning",
    "hand_over",
    "log_afterwards",
    "merge",
    "move_line",
    "open_box",
    "open_boxes",
    "pack",
    "recall",
    "receive",
    "receive_payment",
    "receive_scanned",
    "record_found",
    "remove_from_disposal",
    "remove_goods",
    "remove_line",
    "report",
    "report_damaged",
    "resettle",
    "resolve",
    "resolve_alike",
    "resolve_some",
    "restock",
    "return_for",
    "reverse_closing",
    "reverse_disposal",
    "reverse_find",
    "reverse_repair",
    "reverse_step",
    "scan",
    "scan_back",
    "scan_list_back",
    "shelve_part",
    "split_off",
    "take_in",
    "take_in_donation",
    "take_out",
    "uncount_box",
    "unpack",
    "wish",
    "wrong_with",
]
