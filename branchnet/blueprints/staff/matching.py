"""What somebody typed against the names they may have meant: a name, a code, pinyin initials, or a part of one."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from pypinyin import Style, pinyin

from branchnet.blueprints.staff.words import point_kind_words
from branchnet.errors import Invalid
from branchnet.language import _
from branchnet.points.queries import Point
from branchnet.stock.commands import initials

NAMED = 5

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a list offers: the words that choose it, and what is said beside them."""

    value: str
    aside: str


def one_like(typed: str, things: Sequence[Thing], called: Callable[[Thing], Sequence[str]], field: str) -> Thing:
    """The one thing that is called so, or else of whose names it is a part, or else may be read so.

    ``called``: the names of a thing, the one to tell people first, its initials last. Raises Invalid for the field
    with "nothing_like" or "several_like", naming some.
    """
    wanted = typed.strip().casefold()
    names = [(thing, [name.casefold() for name in called(thing)]) for thing in things]
    found = (
        [thing for thing, known in names if wanted in known[:-1]]
        # Letters mean whatever may be read so: the dictionary's reading of a name is not better than its people's.
        or [thing for thing, known in names if wanted == known[-1] or _reads_wholly_as(wanted, known[0])]
        or [thing for thing, known in names if any(wanted in name for name in known)]
        or [thing for thing, known in names if reads_as(wanted, known[0])]
    )
    if len(found) == 1:
        return found[0]
    code = "several_like" if found else "nothing_like"
    some = [called(thing)[0] for thing in (found or things)[:NAMED]]
    raise Invalid(code, fields={field: code}, typed=typed, names=some, more=len(found or things) > NAMED)


def reads_as(letters: str, name: str) -> bool:
    """Whether letters are pinyin initials of a part of a name, each character read in any way that it can be.

    长岭 is clear to whoever lives there; a dictionary may read it as zhǎng lǐng.
    """
    if not letters.isascii():
        return False
    readings = _readings(name)
    starts = range(len(readings) - len(letters) + 1)
    return any(all(letter in ways for letter, ways in zip(letters, readings[at:], strict=False)) for at in starts)


def _reads_wholly_as(letters: str, name: str) -> bool:
    return len(letters) == len(_readings(name)) and reads_as(letters, name)


@lru_cache(maxsize=8192)
def _readings(name: str) -> tuple[frozenset[str], ...]:
    """By character the letters that its readings may begin with."""
    return tuple(frozenset(ways) for ways in pinyin(name, style=Style.FIRST_LETTER, heteronym=True))


def point_names(points: Iterable[Point]) -> Callable[[Point], Sequence[str]]:
    """What points are called: the name, with the code where two share a name; the code, and the initials."""
    names = [point.name for point in points]

    def called(point: Point) -> Sequence[str]:
        shared = names.count(point.name) > 1
        full = f"{point.name} {point.code}"
        return [*([full] if shared else [point.name, full]), point.code, _initials(point.name)]

    return called


def points_like(points: Iterable[Point], text: str, names: Mapping[int, list[str]]) -> list[Point]:
    """The points of which each word of a text tells the code's beginning, or a part of a name or of its readings.

    ``names``: by point also those that it had.
    """
    return [
        point
        for point in points
        if all(_tells(word, point.code, {point.name, *names.get(point.id, ())}) for word in text.split())
    ]


def points_meant(points: Sequence[Point], texts: Iterable[str], size: int = 3) -> dict[str, list[Point]]:
    """By text the points that it may tell of, the likeliest first: people write a school's name in their own words.

    Two characters side by side that few names have say more than those that many have (小学).
    """
    having: dict[str, list[Point]] = {}
    for point in points:
        for pair in _pairs(point.name):
            having.setdefault(pair, []).append(point)
    found = {}
    for text in texts:
        weights: Counter[str] = Counter()
        for pair in _pairs(text):
            for point in having.get(pair, ()):
                weights[point.code] += 1000 // len(having[pair])
        likely = [code for code, _weight in weights.most_common(size)]
        read = [point.code for point in points_like(points, text, {})[:size]]
        by_code = {point.code: point for point in points}
        found[text] = [by_code[code] for code in dict.fromkeys([*read, *likely])][:size]
    return found


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _tells(word: str, code: str, names: Iterable[str]) -> bool:
    letters = word.lower()
    named = any(word in name or letters in _initials(name) or reads_as(letters, name) for name in names)
    return named or code.lower().startswith(letters)


def point_choices(points: Sequence[Point]) -> list[Choice]:
    """Points to choose from while one types: browsers look for what was typed in the aside too."""
    called = point_names(points)
    return [Choice(called(point)[0], f"{point.code} {called(point)[-1]}") for point in points]


def names_apart(points: Iterable[Point]) -> dict[str, str]:
    """By code what points are called where nothing but the name is seen: with the code where two share a name."""
    listed = list(points)
    names = Counter(point.name for point in listed)
    return {
        point.code: _("%(name)s（%(code)s）", name=point.name, code=point.code) if names[point.name] > 1 else point.name
        for point in listed
    }


def point_options(points: Sequence[Point]) -> list[tuple[str, str]]:
    """Points to select from, by code: no two read the same, each with its kind."""
    apart = names_apart(points)
    return [(point.code, f"{apart[point.code]} · {point_kind_words(point.kind)}") for point in points]


def title_names(title: str) -> Sequence[str]:
    """What a counted lot is called: its title or category, and its initials."""
    return [title, _initials(title)]


@lru_cache(maxsize=8192)
def _initials(text: str) -> str:
    return initials(text)
