"""Pure rules of coverage: who has books within reach, which places have a point, how books add up."""

from branchnet.coverage.rules.administrative import Administrative, Count, Unit, administrative
from branchnet.coverage.rules.indicators import INDICATORS, SLEEPS_BELOW, Counted, Tally, added, middle, sleeps
from branchnet.coverage.rules.months import Change, MonthSum, add_counts, copies_on, month_sums, worst
from branchnet.coverage.rules.reach import Demand, Outcome, Reach, Reached, Supply, reach
from branchnet.coverage.rules.standing import Leg, last_arrival, old_copies, year_before

__all__ = [
    "INDICATORS",
    "SLEEPS_BELOW",
    "Administrative",
    "Change",
    "Count",
    "Counted",
    "Demand",
    "Leg",
    "MonthSum",
    "Outcome",
    "Reach",
    "Reached",
    "Supply",
    "Tally",
    "Unit",
    "add_counts",
    "added",
    "administrative",
    "copies_on",
    "last_arrival",
    "middle",
    "month_sums",
    "old_copies",
    "reach",
    "sleeps",
    "worst",
    "year_before",
]
