"""Pure rules of coverage: who has books within reach, which places have a point, how books add up."""

from branchnet.coverage.rules.administrative import Administrative, Count, Standing, Unit, administrative, has_point
from branchnet.coverage.rules.gaps import Gap, Gaps
from branchnet.coverage.rules.months import Change, MonthSum, add_counts, copies_on, month_sums, worst
from branchnet.coverage.rules.nearest import Threshold
from branchnet.coverage.rules.operation import Operation, in_operation
from branchnet.coverage.rules.reach import Demand, Outcome, Reach, Reached, Supply, reach
from branchnet.coverage.rules.shares import Share, share, shares_by

__all__ = [
    "Administrative",
    "Change",
    "Count",
    "Demand",
    "Gap",
    "Gaps",
    "MonthSum",
    "Operation",
    "Outcome",
    "Reach",
    "Reached",
    "Share",
    "Standing",
    "Supply",
    "Threshold",
    "Unit",
    "add_counts",
    "administrative",
    "copies_on",
    "has_point",
    "in_operation",
    "month_sums",
    "reach",
    "share",
    "shares_by",
    "worst",
]
