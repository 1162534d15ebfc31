"""Errors in words: what is wrong, with which copy, box or field, and what to do."""

from typing import Any

from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.words.batches import BATCHES
from branchnet.words.copies import COPIES, box_words, place_words, strange_words
from branchnet.words.coverage import COVERAGE
from branchnet.words.earlier import EARLIER
from branchnet.words.fields import field_words
from branchnet.words.hand_overs import HAND_OVERS
from branchnet.words.lists import LISTS, field_of_list
from branchnet.words.losses import LOSSES
from branchnet.words.maps import MAPS
from branchnet.words.months import MONTHS
from branchnet.words.papers import PAPERS
from branchnet.words.people import PEOPLE, of_fields
from branchnet.words.places import PLACES
from branchnet.words.readings import READINGS
from branchnet.words.returns import RETURNS
from branchnet.words.said import Said, Words
from branchnet.words.stocktakes import STOCKTAKES

__all__ = ["WORDS", "box_words", "field_of_list", "field_words", "place_words", "say", "strange_words"]


def _not_all_closed(data: dict[str, Any]) -> Said:
    """What stands in the way of each, after its book; some reasons name the book themselves."""
    rows = []
    for case_id, title, barcode, error in data["refused"]:
        said, _todo = say(error)
        book = _("《%(title)s》", title=title) if title else _("差异 #%(number)s", number=case_id)
        named = f"{book}{barcode or ''}"
        rows.append(said if named in said else f"{named}{_('：')}{said}")
    return "\n".join(rows), _("一条也没有结。请去掉这几条再结，或者先把它们查清。")


PARTS: tuple[Words, ...] = (
    BATCHES,
    COPIES,
    COVERAGE,
    EARLIER,
    HAND_OVERS,
    LISTS,
    LOSSES,
    MAPS,
    MONTHS,
    PAPERS,
    PEOPLE,
    PLACES,
    READINGS,
    RETURNS,
    STOCKTAKES,
    {"not_all_closed": _not_all_closed},
)
"""By what they are about. A code means one thing: none is in two of them."""
WORDS: Words = {code: words for part in PARTS for code, words in part.items()}


def say(error: BranchNetError) -> Said:
    """What happened, and what to do next, in the reader's language."""
    made = WORDS.get(error.reason) or (of_fields if error.data.get("fields") else None)
    if made is not None:
        return made(error.data)
    return _("这一步没有做成。"), _("请返回上一页检查后再试；还不行，请把这句话告诉管理员：%(code)s", code=error.reason)
