"""Which number is which: the words and units beside it. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

VISITS, LOANS, DAYS = frozenset({"visits"}), frozenset({"loans"}), frozenset({"days"})
EITHER = VISITS | LOANS
LARGEST_DIGITS = 7

WORDS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("来看书", "看书", "来馆", "到馆", "进馆", "阅览", "阅读", "读者"), VISITS),
    **dict.fromkeys(("借出去", "借出", "外借", "借书", "借走", "借", "册数"), LOANS),
    **dict.fromkeys(("开放天数", "开放", "开馆", "开门"), DAYS),
    # Which of the two is meant only the unit can say.
    "借阅": EITHER,
}
UNITS: Mapping[str, frozenset[str]] = {
    "人次": VISITS,
    **dict.fromkeys(("册次", "册", "本"), LOANS),
    **dict.fromkeys(("天数", "天"), DAYS),
}
WEAK: Mapping[str, frozenset[str]] = {"人": VISITS, "人数": VISITS, "次": EITHER}
"""Units that say nothing without a word beside them: 30 人 may be readers or borrowers."""
SCOPES: Mapping[str, str] = {
    **dict.fromkeys(("校内", "学生", "师生"), "in_school"),
    **dict.fromkeys(("校外", "村民", "居民", "群众"), "community"),
}
_FILLERS = ("一共", "总共", "共计", "合计", "共", "接待", "图书", "数", "书", "的", "是", "为", "了", "开")


class Unreadable(Exception):
    """A line does not say clearly what it reports; ``code`` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a word, a unit or a scope, as it stands in the line."""

    kind: str
    text: str


Clause = list[Token]


def _any(words: Sequence[str] | Mapping[str, object]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


# A comma between two numbers looks the same, but for the unit that belongs to both.
_NUMBER = rf"\d{{1,3}}(?:,\d{{3}})+(?=\s*(?:{_any(UNITS)}))|\d+(?![.,\d~\-]*[.,~\-]\d)"
_TOKEN = re.compile(
    rf"(?P<number>{_NUMBER})|(?P<word>{_any(WORDS)})|(?P<unit>{_any({**UNITS, **WEAK})})"
    rf"|(?P<scope>{_any(SCOPES)})|(?P<filler>{_any(_FILLERS)})|(?P<mark>[\s:=,.()/!](?!-))"
)


def tokens(text: str) -> Clause:
    """What stands in a clause. Raises Unreadable("unknown_words") for anything that is not known."""
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unreadable("unknown_words")
        kind = str(match.lastgroup)
        if kind not in ("filler", "mark"):
            found.append(Token(kind, match[0]))
        at = match.end()
    return found


def number_of(text: str) -> int:
    """The number of some digits. Raises Unreadable("too_large")."""
    digits = text.replace(",", "")
    if len(digits) > LARGEST_DIGITS:
        raise Unreadable("too_large")
    return int(digits)


def fields_of(clause: Clause, scope: str) -> tuple[list[tuple[str, int]], str]:
    """The numbers of a clause by field, and the scope (in_school, community) that goes on after it.

    Raises Unreadable: ``unlabelled`` where nothing says what a number is, or more than one thing does; ``too_large``.
    """
    found = []
    for number, beside in _beside(clause):
        for token in beside:
            scope = SCOPES[token.text] if token.kind == "scope" else scope
        kind = _kind(beside)
        found.append(("days_open" if kind == "days" else f"{scope}_{kind}", number_of(number.text)))
    if not found:
        for token in clause:
            scope = SCOPES[token.text] if token.kind == "scope" else scope
    return found, scope


def _beside(clause: Clause) -> Iterator[tuple[Token, list[Token]]]:
    """Each number with what stands beside it: its unit at once after it, and words before it, or all of them after."""
    at = [place for place, token in enumerate(clause) if token.kind == "number"]
    ends = [place + 2 if place + 1 < len(clause) and clause[place + 1].kind == "unit" else place + 1 for place in at]
    if not at:
        return
    tail = clause[ends[-1] :]
    follows = bool(tail)
    if follows and len(at) > 1 and at[0] > 0:
        raise Unreadable("unlabelled")
    for index, place in enumerate(at):
        unit = clause[place + 1 : ends[index]]
        if len(at) == 1:
            words = [*clause[:place], *tail]
        elif follows:
            words = clause[ends[index] : at[index + 1] if index + 1 < len(at) else None]
        else:
            words = clause[ends[index - 1] if index else 0 : place]
        if follows and len(at) > 1 and any(token.kind == "scope" for token in words):
            raise Unreadable("unlabelled")
        yield clause[place], [*words, *unit]


def _kind(beside: Clause) -> str:
    said = [WORDS.get(token.text) or UNITS.get(token.text) for token in beside if token.kind != "scope"]
    known = [kinds for kinds in said if kinds]
    weak = [WEAK[token.text] for token in beside if token.text in WEAK]
    left = frozenset({"visits", "loans", "days"}).intersection(*known, *weak)
    if not known or len(left) != 1:
        raise Unreadable("unlabelled")
    return next(iter(left))
