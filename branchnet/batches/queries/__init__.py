"""What the pages read of batches. The number of statements never grows with the rows."""

from branchnet.batches.queries.day import DaySection, open_sums, overdue_calls, the_day
from branchnet.batches.queries.listing import PAGE, BatchRow, Filters, batches_listed
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
)
from branchnet.batches.queries.picking import LINES_PAGE, LineRow, line_of_copy, lines_of, named_lots
from branchnet.batches.queries.worth import Worth, assets_of_network, gifts_at_points, worth_at_places, worth_of_batch

__all__ = [
    "LINES_PAGE",
    "PAGE",
    "BatchHead",
    "BatchRow",
    "BoxRow",
    "DaySection",
    "DifferenceRow",
    "EventRow",
    "Filters",
    "LineRow",
    "Worth",
    "assets_of_network",
    "batch_head",
    "batches_listed",
    "boxes_of",
    "counted_lots_at",
    "counted_lots_of",
    "events_of",
    "figures_of",
    "gifts_at_points",
    "line_of_copy",
    "lines_of",
    "named_lots",
    "open_differences_in",
    "open_sums",
    "overdue_calls",
    "own_batch",
    "the_day",
    "worth_at_places",
    "worth_of_batch",
]
