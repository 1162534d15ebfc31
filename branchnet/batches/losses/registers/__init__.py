"""The registers: differences, losses, repairs and disposal lists, page by page. Statements never grow with the rows."""

from branchnet.batches.losses.registers.cases import CASE_SORTS, CASE_STATES, CaseRow, case_row, cases_registered
from branchnet.batches.losses.registers.disposals import (
    LINES_PAGE,
    DisposalLineRow,
    DisposalRow,
    approvals_of,
    disposal_named,
    disposals_registered,
    lines_of_disposal,
)
from branchnet.batches.losses.registers.lost import LostRow, LostSum, lost_registered, lost_sums
from branchnet.batches.losses.registers.parts import PAGE, Narrowed, Total
from branchnet.batches.losses.registers.repairs import (
    REPAIR_STATES,
    RepairRow,
    repair_begun,
    repair_row,
    repairs_of,
    repairs_registered,
)

__all__ = [
    "CASE_SORTS",
    "CASE_STATES",
    "LINES_PAGE",
    "PAGE",
    "REPAIR_STATES",
    "CaseRow",
    "DisposalLineRow",
    "DisposalRow",
    "LostRow",
    "LostSum",
    "Narrowed",
    "RepairRow",
    "Total",
    "approvals_of",
    "case_row",
    "cases_registered",
    "disposal_named",
    "disposals_registered",
    "lines_of_disposal",
    "lost_registered",
    "lost_sums",
    "repair_begun",
    "repair_row",
    "repairs_of",
    "repairs_registered",
]
