"""Pure rules of coverage: who has books within reach, which places have a point, how books add up."""

from branchnet.coverage.rules.administrative import Administrative, Count, Standing, Unit, administrative, has_point
from branchnet.coverage.rules.claims import Claim, claimed
from branchnet.coverage.rules.gaps import Gap, Gaps
from branchnet.coverage.rules.indicators import INDICATORS, SLEEPS_BELOW, Counted, Tally, added, middle, sleeps
from branchnet.coverage.rules.months import QUALITIES, Change, MonthSum, add_counts, copies_on, month_sums, worst
from branchnet.coverage.rules.nearest import Threshold
from branchnet.coverage.rules.operation import Operation, in_operation
from branchnet.coverage.rules.reach import Demand, Outcome, Reach, Reached, Supply, reach
from branchnet.coverage.rules.shares import Share, share, shares_by
from branchnet.coverage.rules.standing import Leg, last_arrival, old_copies, year_before

__all__ = [
    "INDICATORS",
    "QUALITIES",
    "SLEEPS_BELOW",
    "Administrative",
    "Change",
    "Claim",
    "Count",
    "Counted",
    "Demand",
    "Gap",
    "Gaps",
    "Leg",
    "MonthSum",
    "Operation",
    "Outcome",
    "Reach",
    "Reached",
    "Share",
    "Standing",
    "Supply",
    "Tally",
    "Threshold",
    "Unit",
    "add_counts",
    "added",
    "administrative",
    "claimed",
    "copies_on",
    "has_point",
    "in_operation",
    "last_arrival",
    "middle",
    "month_sums",
    "old_copies",
    "reach",
    "share",
    "shares_by",
    "sleeps",
    "worst",
    "year_before",
]
