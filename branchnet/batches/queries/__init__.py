"""What the pages read of batches. The number of statements never grows with the rows."""

from branchnet.batches.queries.answers import (
    Answer,
    answers,
)
from branchnet.batches.queries.cases import (
    Case,
    cases_at,
    not_counted,
)
from branchnet.batches.queries.day import (
    DaySection,
    open_sums,
    slow_ones,
    the_day,
    whom_to_call,
)
from branchnet.batches.queries.goods import (
    GoodsRow,
    goods_of,
)
from branchnet.batches.queries.labelled import (
    Labelled,
    labelled,
)
from branchnet.batches.queries.lines import (
    FullLine,
    lines_in_full,
)
from branchnet.batches.queries.listing import (
    PAGE,
    BatchRow,
    End,
    Filters,
    batches_listed,
)
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
    uncoded_on_its_way,
)
from branchnet.batches.queries.picking import (
    LINES_PAGE,
    Contents,
    Draft,
    LineRow,
    barcodes_of,
    contents_of,
    draft_of,
    last_lines,
    line_of_copy,
    lines_of,
    named_lots,
)
from branchnet.batches.queries.reversing import (
    Later,
    Reversal,
    later_steps,
    reversal_of,
    reversible_events,
)
from branchnet.batches.queries.sorting import (
    SORTS,
)
from branchnet.batches.queries.taken_in import (
    TakenIn,
    TakenInRow,
    taken_in,
    taken_in_lately,
)
from branchnet.batches.queries.worth import (
    Worth,
    assets_of_network,
    gifts_at_points,
    worth_at_places,
    worth_of_batch,
)

__all__ = [
    "LINES_PAGE",
    "PAGE",
    "SORTS",
    "Answer",
    "BatchHead",
    "BatchRow",
    "BoxRow",
    "Case",
    "Contents",
    "DaySection",
    "DifferenceRow",
    "Draft",
    "End",
    "EventRow",
    "Filters",
    "FullLine",
    "GoodsRow",
    "Labelled",
    "Later",
    "LineRow",
    "Reversal",
    "TakenIn",
    "TakenInRow",
    "Worth",
    "answers",
    "assets_of_network",
    "barcodes_of",
    "batch_head",
    "batches_listed",
    "boxes_of",
    "cases_at",
    "contents_of",
    "counted_lots_at",
    "counted_lots_of",
    "draft_of",
    "events_of",
    "figures_of",
    "gifts_at_points",
    "goods_of",
    "labelled",
    "last_lines",
    "later_steps",
    "line_of_copy",
    "lines_in_full",
    "lines_of",
    "named_lots",
    "not_counted",
    "open_differences_in",
    "open_sums",
    "own_batch",
    "returns_of",
    "reversal_of",
    "reversible_events",
    "slow_ones",
    "taken_in",
    "taken_in_lately",
    "the_day",
    "uncoded_on_its_way",
    "whom_to_call",
    "worth_at_places",
    "worth_of_batch",
]
