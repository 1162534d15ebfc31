"""What the pages read of stocktakes. The number of statements never grows with the rows."""

from branchnet.batches.stocktaking.queries.around import CaseRow, RoadRow, cases_of, road_of
from branchnet.batches.stocktaking.queries.counted import (
    ScanRow,
    Tally,
    TitleRow,
    items_of,
    last_scans,
    tally_of,
    titles_of,
)
from branchnet.batches.stocktaking.queries.figures import Crossing, Figures, crossings_of, figures_of
from branchnet.batches.stocktaking.queries.head import Head, counting_at, head_of, own_stocktake, stocktakes_counting
from branchnet.batches.stocktaking.queries.listing import PAGE, Filters, Row, stocktakes_listed

__all__ = [
    "PAGE",
    "CaseRow",
    "Crossing",
    "Figures",
    "Filters",
    "Head",
    "RoadRow",
    "Row",
    "ScanRow",
    "Tally",
    "TitleRow",
    "cases_of",
    "counting_at",
    "crossings_of",
    "figures_of",
    "head_of",
    "items_of",
    "last_scans",
    "own_stocktake",
    "road_of",
    "stocktakes_counting",
    "stocktakes_listed",
    "tally_of",
    "titles_of",
]
