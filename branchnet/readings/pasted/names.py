"""Which point a name in a chat means: what it is or was called, its code, or a part of that. Never the nearest one."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from sqlalchemy import select

from branchnet.access.scope import within
from branchnet.extensions import db
from branchnet.models import PointName
from branchnet.points.queries import Point
from branchnet.readings.pasted.rules import plain

SHORTEST_PART = 2
_ENDING = re.compile(r"(?<=..)(?:流动)?(?:图书馆)?(?:服务点|分馆|送书点|借阅点|图书角)$")
_TEACHER = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{1,3}老师")
_APART = re.compile(r"[\s:;,/()]+")


def names_of(network_id: int, points: Iterable[Point]) -> dict[int, list[str]]:
    """By point all that it is or was called, what it is called now first; its code last. One statement."""
    found = {point.id: [point.name] for point in points}
    query = within(select(PointName.point_id, PointName.name).order_by(PointName.id), PointName, [network_id])
    for point_id, name in db.session.execute(query):
        if point_id in found and name not in found[point_id]:
            found[point_id].append(name)
    for point in points:
        found[point.id].append(point.code)
    return found


def exactly(typed: str, names: Mapping[int, Sequence[str]]) -> list[int]:
    """The points that are or were called exactly so, but for width, blanks and case."""
    key = _key(typed)
    return [point_id for point_id, called in names.items() if any(_key(name) == key for name in called)]


def meant(typed: str, names: Mapping[int, Sequence[str]]) -> list[int]:
    """The points that may be meant, in the order of ``names``: one, where it is clear.

    First who is called exactly so, then who is but for its kind of point (…分馆), then of whose name it is a part.
    """
    asked = _asked(typed)
    ways: tuple[Callable[[str, str], bool], ...] = (
        lambda text, name: text == name,
        lambda text, name: bare(text) == bare(name),
        lambda text, name: len(text) >= SHORTEST_PART and text in name,
    )
    for same in ways:
        found = [
            point_id
            for point_id, called in names.items()
            if any(same(text, _key(name)) for text in asked for name in called)
        ]
        if found:
            return found
    return []


def _asked(typed: str) -> Collection[str]:
    """The whole without the teacher who wrote it, and its last word: who wrote it may stand before the name.

    What stands after a name belongs to the number: 后坡学校 丢了 3 册 is no 3 册 of 后坡学校.
    """
    text = _TEACHER.sub(" ", plain(typed)).strip()
    return {key for key in map(_key, [text, _APART.split(text)[-1]]) if key}


def _key(name: str) -> str:
    return _APART.sub("", plain(name)).casefold()


def bare(name: str) -> str:
    """A name without its kind of point: 长岭小学 of 长岭小学流动服务点."""
    return _ENDING.sub("", name)
