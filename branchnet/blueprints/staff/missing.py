"""What is missing, as a paper for the school: read, printed from the browser, taken along as Excel."""

from flask import Response, render_template

from branchnet.access.guards import require
from branchnet.batches.papers import rules
from branchnet.batches.papers.missing import missing_of, missing_sheet
from branchnet.blueprints import downloads
from branchnet.blueprints.staff.papers import named_head, paper_of
from branchnet.blueprints.staff.root import blueprint
from branchnet.language import _


@blueprint.get("/batches/<number>/papers/missing")
@require("batch.see")
def missing_list(number: str) -> str:
    """Of a return what did not come back, of what was sent what is still there."""
    head = named_head(number)
    return render_template("staff/papers/missing.html", **paper_of(head), missing=missing_of(head), yuan=rules.yuan)


@blueprint.get("/batches/<number>/papers/missing.xlsx")
@require("batch.see")
def missing_excel(number: str) -> Response:
    """The list as Excel."""
    head = named_head(number)
    sheet = missing_sheet(number, paper_of(head)["to"], missing_of(head))
    return downloads.excel(f"{_('未还图书清单')} {number}", sheet)
