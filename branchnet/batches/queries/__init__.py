"""What the pages read of batches. The number of statements never grows with the rows."""

from branchnet.batches.queries.answers import Answer, answers
from branchnet.batches.queries.day import DaySection, open_sums, slow_ones, the_day, whom_to_call
from branchnet.batches.queries.goods import GoodsRow, goods_of
from branchnet.batches.queries.listing import PAGE, BatchRow, End, Filters, batches_listed
from branchnet.batches.queries.one import (
    BatchHead,
    BoxRow,
    DifferenceRow,
    EventRow,
    batch_head,
    boxes_of,
    counted_lots_at,
    counted_lots_of,
    events_of,
    figures_of,
    open_differences_in,
    own_batch,
    returns_of,
)
from branchnet.batches.queries.picking import LINES_PAGE, LineRow, line_of_copy, lines_of, named_lots
from branchnet.batches.queries.reversing import Later, Reversal, later_steps, reversal_of, reversible_events
from branchnet.batches.queries.worth import Worth, assets_of_network, gifts_at_points, worth_at_places, worth_of_batch

__all__ = [
    "LINES_PAGE",
    "PAGE",
    "Answer",
    "BatchHead",
    "BatchRow",
    "BoxRow",
    "DaySection",
    "DifferenceRow",
    "End",
    "EventRow",
    "Filters",
    "GoodsRow",
    "Later",
    "LineRow",
    "Reversal",
    "Worth",
    "answers",
    "assets_of_network",
    "batch_head",
    "batches_listed",
    "boxes_of",
    "counted_lots_at",
    "counted_lots_of",
    "events_of",
    "figures_of",
    "gifts_at_points",
    "goods_of",
    "later_steps",
    "line_of_copy",
    "lines_of",
    "named_lots",
    "open_differences_in",
    "open_sums",
    "own_batch",
    "returns_of",
    "reversal_of",
    "reversible_events",
    "slow_ones",
    "the_day",
    "whom_to_call",
    "worth_at_places",
    "worth_of_batch",
]
