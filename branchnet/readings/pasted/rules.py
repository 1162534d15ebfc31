"""A text of a WeChat group → what each line says: which name, which number is which. Pure, and never a guess.

"3. 长岭小学 来看书 210 借出 85", "后坡学校 120/30", "西厅学校 没开放": a number is known by the words or the unit
beside it; two numbers with a stroke between them are visits and loans. Whatever else a line says makes it doubtful.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from branchnet.readings.pasted.labels import SCOPES, WORDS, Unreadable, fields_of, number_of, tokens
from branchnet.readings.rules import Report

LINES_AT_MOST = 500
_HEADER = re.compile(r"#|例")
_SERIAL = re.compile(r"[\u2460-\u249b]|\(?\d{1,3}(?:[.、):]\s*|\s+)(?=[^\W\d])")
_MONTH = re.compile(r"(?:\d{4}年)?(\d{1,2})月份?")
_NOT_OPEN = re.compile(r"没有?开放?|未开放?|不开放|停开|停止开放|放暑?寒?假")
_MARKS = re.compile(r"[\s:,;.。、()!~]|了|本月|这个月|全月|学校")
_SCOPE = re.compile("|".join(SCOPES))
_CLAUSES = re.compile(r"[;。、]")
_NOW = re.compile(r"这个月|本月")
_PAIR = re.compile(r"[:\s]*(\d+)\s*/\s*(\d+)[\s.;。]*")
_SCOPED_PAIR = re.compile(rf"({_SCOPE.pattern})[:\s]*(\d+)\s*/\s*(\d+)(?![\d/])")
_TEACHER = re.compile(r"\s*(?:\([\u4e00-\u9fff]{1,3}老师\)|[\u4e00-\u9fff]{1,3}老师(?=[\s:;]))")
_THANKS = re.compile(r"(?:谢谢|辛苦|麻烦)(?:了|您|老师|大家|各位)*")
_PICTURES = ("So", "Mn", "Cf")
_COLOURS = "🏻🏼🏽🏾🏿"
"""Kinds of characters that say nothing: 👍 and what changes its colour. Rare characters of names are none of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its number (from 1) as it came; the name in it, what it reports, and why that is doubtful, if it is."""

    number: int
    text: str
    name: str
    report: Report = field(default_factory=Report)
    problem: str | None = None
    scoped: bool = False
    """Whether it says of any number that it is the school's or the neighbours'."""


def lines_of(text: str, month: str, names: Collection[str]) -> list[Line]:
    """The lines that may report a month; headers and examples are left out. ``names``: what points are called."""
    known = sorted({plain(name) for name in names if name}, key=len, reverse=True)
    return [
        _line(number, raw.strip(), int(month[5:]), known)
        for number, raw in enumerate(text.splitlines()[:LINES_AT_MOST], start=1)
        if raw.strip() and not _HEADER.match(raw.strip())
    ]


def plain(text: str) -> str:
    """A text in ordinary width; a Chinese comma ends a clause, while one between digits may be part of a number."""
    said = "".join(one for one in text if unicodedata.category(one) not in _PICTURES and one not in _COLOURS)
    return unicodedata.normalize("NFKC", said.replace("\uff0c", ";").replace("\uff1b", ";")).strip()


def _line(number: int, raw: str, month: int, known: Collection[str]) -> Line:
    text = plain(_SERIAL.sub("", raw, count=1) if _SERIAL.match(raw) else raw)
    text = _SERIAL.sub("", text, count=1) if _SERIAL.match(text) else text
    said = [int(found) for found in _MONTH.findall(text)]
    name, rest = _split(_MONTH.sub("", text).strip(), known)
    if said and said != [month]:
        return Line(number, raw, name, problem="other_month")
    try:
        return Line(number, raw, name, _report(rest), scoped=bool(_SCOPE.search(rest)))
    except Unreadable as error:
        return Line(number, raw, name, problem=error.code)


def _split(text: str, known: Collection[str]) -> tuple[str, str]:
    """The name, and what comes after it: a name that is known, or else all up to the first number or word."""
    for name in known:
        rest = text[len(name) :]
        if text.startswith(name) and (not rest or not rest[0].isalpha() or _WORD.match(rest)):
            return name, _TEACHER.sub("", rest, count=1) if _TEACHER.match(rest) else rest
    found = re.search(rf"\d|{_WORD.pattern}", text)
    at = found.start() if found else len(text)
    return _NOW.sub("", text[:at]).strip(" :;、-"), text[at:]


_WORD = re.compile("|".join([*map(re.escape, sorted(WORDS, key=len, reverse=True)), _NOT_OPEN.pattern]))


def _report(said: str) -> Report:
    rest = _THANKS.sub("", said)
    if _NOT_OPEN.search(rest):
        if _MARKS.sub("", _NOT_OPEN.sub("", rest)):
            raise Unreadable("not_open_and_more")
        return Report(not_open=True)
    if (pair := _PAIR.fullmatch(rest)) is not None:
        return Report(in_school_visits=number_of(pair[1]), in_school_loans=number_of(pair[2]))
    found = _scoped_pairs(rest) or _numbers(rest)
    if not found:
        raise Unreadable("no_numbers")
    if _scope_unclear(rest, found):
        raise Unreadable("scope_unclear")
    return Report(**found)


def _scoped_pairs(rest: str) -> dict[str, Any]:
    """校内 210/85，校外 30/9: visits and loans of each, where there is nothing else."""
    pairs = _SCOPED_PAIR.findall(rest)
    scopes = [SCOPES[scope] for scope, _visits, _loans in pairs]
    if _MARKS.sub("", _SCOPED_PAIR.sub("", rest)) or len(set(scopes)) < len(scopes):
        return {}
    return {
        f"{scope}_{kind}": number_of(number)
        for scope, (_said, *both) in zip(scopes, pairs, strict=True)
        for kind, number in zip(("visits", "loans"), both, strict=True)
    }


def _numbers(rest: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    scope = "in_school"
    for clause in filter(None, map(tokens, _CLAUSES.split(rest))):
        numbers, scope = fields_of(clause, scope)
        for name, value in numbers:
            if name in found:
                raise Unreadable("number_twice")
            found[name] = value
    return found


def _scope_unclear(rest: str, found: Collection[str]) -> bool:
    """Whether the word 校外 may not reach as far as the number: 学生 210 人次，村民 30 人次，借出 80 册."""
    alone = [
        name for name in found if name.startswith("community") and name.replace("community", "in_school") not in found
    ]
    schools = any(name.startswith("in_school") for name in found)
    return schools and bool(alone) and len(_SCOPE.findall(rest)) < len(found) - ("days_open" in found)
