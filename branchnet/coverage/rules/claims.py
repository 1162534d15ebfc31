"""What words of one's own may say beside a published N of M: not all where there are others, no other numbers. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from branchnet.coverage.rules.shares import Share

ALL = re.compile(
    "全[市县区镇乡村省域员]?覆盖|覆盖了?全|应[覆建设有开通]尽[覆建设有开通]|全部|全面|全体|全都|所有|无一|[无零]死角|[无零没]有?(?:空白|盲[区点])|人人|村村|校校|处处|户户"
    "|家家|个个|各村都|每个|每一|百分之百|百分百|(?<![0-9.])100%|都有|都能|都在|都是|都可|都开|都设|都建|都通|都正常|都覆盖|身边都|均有|均能|均在"
    "|均设|均已|均正常|均开|均覆盖|一[个村户校所人名][^|]{0,5}[没不未]有?能?[落漏少掉]|没有一[个村户校人][^|]{0,4}[落漏掉]|不[落漏]一|一[村户校人]不[落漏少]"
)
"""What says that there are no others: nobody may say it in words of their own where the figures do not.

Words can always be found that are not in it: so the page itself says first how many are not.
"""
IN_ENGLISH = re.compile(r"\bfully?\b|\ball\b|\bevery\w*|\beach\b|\bno child\b", re.IGNORECASE)
_PLACES = re.compile("([0-9]+(?:[.][0-9]+)?)个(?!月|小时|星期|学期)")
_PERCENT = re.compile("([0-9]+(?:[.][0-9]+)?)%")
_HUNDREDTHS = re.compile("百分之([一二两三四五六七八九十]{1,3}|[0-9.]+)")
_TENTHS = re.compile("(?<!不到)([一二三四五六七八九1-9])成(半?)")
_PARTS = re.compile("(?<!不到)([二三四五六七八九十]{1,3}|[0-9]+)分之([一二两三四五六七八九十]{1,3}|[0-9]+)")
_NOT_YET = re.compile(r"离|距|不|没|未|尚|争取|力争|努力|目标|推进|迈向|\bnot\b|\bfar\b|\btoward")
"""Before such a claim, in the same clause: it is denied, or hoped for."""
_HOPED = re.compile("争取|力争|努力|目标|计划")
_ENDS, _PAUSES = "。!?;,", "、\n"
_PLAIN = str.maketrans(
    "蓋個處戶無應盡點縣區鄉鎮沒離爭標進邁開設員體實現還來", "盖个处户无应尽点县区乡镇没离争标进迈开设员体实现还来"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What of the words cannot be said, and why: ``not_whole``, ``not_the_figures``."""

    code: str
    said: str


def claimed(words: str, share: Share) -> Claim | None:
    """The first claim in these words that N of M does not bear; None where they may stand below it."""
    text = re.sub("(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", unicodedata.normalize("NFKC", words).translate(_PLAIN))
    close, clauses = _closed_up(text)
    if not share.whole and (said := next(_of_all(text, close, clauses), None)):
        return Claim("not_whole", said)
    for found in _other_numbers(close, share):
        if not _HOPED.search(_before(found.start(), close, clauses)):
            return Claim("not_the_figures", found[0])
    return None


def _of_all(text: str, close: str, clauses: list[int]) -> Iterator[str]:
    """What says that there are no others, and is neither denied nor hoped for."""
    for found in ALL.finditer(close):
        if not _NOT_YET.search(_before(found.start(), close, clauses)):
            yield found[0]
    for clause in re.split("[。!?;,、\n]", text):
        for found in IN_ENGLISH.finditer(clause):
            if not _NOT_YET.search(clause[: found.start()]):
                yield found[0]


def _closed_up(text: str) -> tuple[str, list[int]]:
    """Letters and digits without what stands between them, and of each the clause that it is in; ``|`` ends one."""
    kept: list[str] = []
    clauses: list[int] = []
    clause = 0
    for at, char in enumerate(text):
        clause += char in _ENDS or char in _PAUSES
        point = char == "." and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
        if char.isalnum() or char == "%" or point or char in _ENDS:
            kept.append("|" if char in _ENDS else char)
            clauses.append(clause)
    return "".join(kept), clauses


def _before(start: int, close: str, clauses: list[int]) -> str:
    """What stands before it in its clause."""
    return "".join(close[at] for at in range(start) if clauses[at] == clauses[start])


def _other_numbers(close: str, share: Share) -> Iterator[re.Match[str]]:
    """Numbers of places and percentages that are not those of N of M, and shares that are larger."""
    true = 100 * share.covered / share.known
    right = {share.covered, share.known, share.known - share.covered, share.others, share.untold}
    yield from (found for found in _PLACES.finditer(close) if float(found[1]) not in right)
    yield from (found for found in _PERCENT.finditer(close) if not _is_percentage(found[1], true))
    yield from (found for found in _HUNDREDTHS.finditer(close) if not _is_percentage(f"{_number(found[1]):g}", true))
    yield from (found for found in _TENTHS.finditer(close) if true < 10 * _number(found[1]) + 5 * bool(found[2]))
    yield from (found for found in _PARTS.finditer(close) if true * _number(found[1]) < 100 * _number(found[2]))


def _is_percentage(said: str, true: float) -> bool:
    """Whether it is the true one, rounded or cut off to as many decimals as were written."""
    unit = 10.0 ** -len(said.partition(".")[2])
    return true - unit < float(said) <= true + unit / 2


def _number(said: str) -> float:
    """Of digits, or of Chinese numerals below a hundred."""
    if said.replace(".", "", 1).isdigit() and said.isascii():
        return float(said)
    tens, ten, ones = said.rpartition("十")
    digits = {"": 0, **{char: value for value, char in enumerate("一二三四五六七八九", 1)}, "两": 2}
    return 10 * (digits.get(tens, 0) or 1) * bool(ten) + digits.get(ones, 0)
