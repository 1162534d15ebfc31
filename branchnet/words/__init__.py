"""Errors in words: what is wrong, with which copy, box or field, and what to do."""

from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.words.batches import BATCHES
from branchnet.words.copies import COPIES, box_words, place_words, strange_words
from branchnet.words.earlier import EARLIER
from branchnet.words.fields import field_words
from branchnet.words.lists import LISTS, field_of_list
from branchnet.words.losses import LOSSES
from branchnet.words.months import MONTHS
from branchnet.words.papers import PAPERS
from branchnet.words.people import PEOPLE, of_fields
from branchnet.words.returns import RETURNS
from branchnet.words.said import Said, Words
from branchnet.words.stocktakes import STOCKTAKES

__all__ = ["WORDS", "box_words", "field_of_list", "field_words", "place_words", "say", "strange_words"]

WORDS: Words = BATCHES | COPIES | EARLIER | LISTS | LOSSES | MONTHS | PAPERS | PEOPLE | RETURNS | STOCKTAKES


def say(error: BranchNetError) -> Said:
    """What happened, and what to do next, in the reader's language."""
    made = WORDS.get(error.reason) or (of_fields if error.data.get("fields") else None)
    if made is not None:
        return made(error.data)
    return _("这一步没有做成。"), _("请返回上一页检查后再试；还不行，请把这句话告诉管理员：%(code)s", code=error.reason)
