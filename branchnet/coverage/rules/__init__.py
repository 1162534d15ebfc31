"""Pure rules of coverage: who has books within reach, which places have a point, how books add up."""

from branchnet.coverage.rules.administrative import Administrative, Count, Unit, administrative
from branchnet.coverage.rules.months import Change, MonthSum, add_counts, copies_on, month_sums, worst
from branchnet.coverage.rules.reach import Demand, Outcome, Reach, Reached, Supply, reach

__all__ = [
    "Administrative",
    "Change",
    "Count",
    "Demand",
    "MonthSum",
    "Outcome",
    "Reach",
    "Reached",
    "Supply",
    "Unit",
    "add_counts",
    "administrative",
    "copies_on",
    "month_sums",
    "reach",
    "worst",
]
