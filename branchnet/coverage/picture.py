"""The map as a picture to be put into a paper: the same points, drawn by matplotlib, with title, day and source.

It needs a Chinese typeface on the machine (Debian: fonts-noto-cjk). Without one it is still drawn: the names of the
network, of points and of marks are left out, for a row of empty boxes tells nobody anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import cos, radians
from typing import Any

from branchnet.coverage.cells import CellCount
from branchnet.coverage.drawn import Drawn
from branchnet.coverage.edge import Box
from branchnet.coverage.layers import SIZES
from branchnet.coverage.plot import ACCENT, RULE, SHEET, SOFT
from branchnet.coverage.rules import Outcome
from branchnet.coverage.view import MapView, PointOnMap

FACES = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei",
         "Microsoft YaHei", "PingFang SC", "Noto Sans CJK JP")  # fmt: skip
"""Typefaces that hold Chinese, in the order in which they are taken."""
INK, AMBER = "#1d2a2a", "#b3610a"
KINDS = {"branch": "s", "mobile_point": "o", "delivery_school": "^", "mobile_stop": "D", "book_house": "p"}
MARKS = {
    "reports": (("_", "full", 7), ("x", "full", 6), ("o", "none", 8), ("o", "bottom", 8), ("o", "full", 8)),
    "loans": (("_", "full", 7), ("s", "none", 7), ("s", "full", 4), ("s", "full", 7), ("s", "full", 11)),
    "overdue": ((".", "full", 4), ("^", "none", 10), ("^", "full", 12)),
}
"""By layer and mark its shape, how it is filled, and its size: the same as on the screen (manager/shapes.html)."""
MOST_NAMES = 30
MOST_COMMUNITIES = 5_000
EDGE = 0.03
"""Of the box so much is left free on every side."""
INCHES, DOTS = (11.0, 8.0), 130


@dataclass(frozen=True)
class Told:
    """The words of a picture; the plain ones are for a machine without a Chinese typeface."""

    title: str
    plain_title: str
    note: str
    foot: str
    plain_foot: str
    kinds: Mapping[str, str]
    marks: Sequence[str]
    covered: str
    not_covered: str
    rough: str
    cells: str


@cache
def typeface() -> str | None:
    """The Chinese typeface of this machine, or None."""
    from matplotlib import font_manager  # noqa: PLC0415 - see plot.drawn

    known = set(font_manager.get_font_names())
    return next((face for face in FACES if face in known), None)


def picture(
    told: Told,
    made: tuple[Drawn, MapView] | None,
    cells: Sequence[CellCount],
    outlines: Mapping[str, Any],
    box: Box | None,
) -> bytes:
    """A PNG. The same points give the same bytes."""
    import matplotlib as mpl  # noqa: PLC0415 - see plot.drawn
    from matplotlib.figure import Figure  # noqa: PLC0415

    face = typeface()
    with mpl.rc_context({"font.family": [face or "DejaVu Sans"], "font.size": 9, "text.parse_math": False}):
        figure = Figure(figsize=INCHES, facecolor=SHEET)
        axes = figure.add_axes((0.03, 0.08, 0.72, 0.82), facecolor=SHEET)
        _ground(axes, outlines, named=face is not None)
        if made is None:
            _cells(axes, cells, told)
        else:
            _communities(axes, made[1], told)
            _points(axes, made[0], told, named=face is not None)
            _rings(axes, made, told)
        _frame(axes, box)
        figure.text(0.03, 0.94, told.title if face else told.plain_title, fontsize=16, color=INK)
        figure.text(0.03, 0.03, told.foot if face else told.plain_foot, fontsize=9, color=SOFT)
        if face:
            figure.text(0.03, 0.055, told.note, fontsize=9, color=INK)
        if face and axes.get_legend_handles_labels()[1]:
            axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, labelcolor=INK, labelspacing=1.1)
        file = BytesIO()
        figure.savefig(file, format="png", dpi=DOTS, metadata={"Software": None})
    return file.getvalue()


def _ground(axes: Any, outlines: Mapping[str, Any], *, named: bool) -> None:
    for one in outlines["features"]:
        geometry = one["geometry"]
        whole = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        for ring in (ring for polygon in whole for ring in polygon):
            axes.plot([at[0] for at in ring], [at[1] for at in ring], color="#8b9492", linewidth=0.8, zorder=1)
        if named:
            longest = max((ring for polygon in whole for ring in polygon), key=len)
            middle = [(min(at[side] for at in longest) + max(at[side] for at in longest)) / 2 for side in (0, 1)]
            axes.text(*middle, one["properties"]["name"], color=SOFT, fontsize=9, ha="center", clip_on=True, zorder=1)


def _communities(axes: Any, view: MapView, told: Told) -> None:
    pairs = list(zip(view.communities, view.reach.communities, strict=True))
    if len(pairs) > MOST_COMMUNITIES:
        return
    for outcome, marker, color, label in (
        (Outcome.COVERED, ".", ACCENT, told.covered),
        (Outcome.NOT_COVERED, "x", AMBER, told.not_covered),
    ):
        found = [one for one, reached in pairs if reached.outcome is outcome]
        if found:
            axes.scatter(
                [one.lon for one in found],
                [one.lat for one in found],
                s=14,
                marker=marker,
                color=color,
                linewidths=0.9,
                label=label,
                zorder=2,
            )


def _points(axes: Any, drawn: Drawn, told: Told, *, named: bool) -> None:
    placed = [(point, mark) for point, mark in zip(drawn.points, drawn.marks(), strict=True) if point.placed]
    if drawn.layer == "books":
        for kind, word in told.kinds.items():
            _books(axes, KINDS[kind], word, [one for one in placed if one[0].kind == kind])
    else:
        for mark, word in enumerate(told.marks):
            _marked(axes, MARKS[drawn.layer][mark], word, [point for point, its in placed if its == mark])
    if named and len(placed) <= MOST_NAMES:
        for point, _mark in placed:
            axes.annotate(
                point.name, (point.lon, point.lat), (8, 3), textcoords="offset points", color=INK, fontsize=8, zorder=4
            )


def _rings(axes: Any, made: tuple[Drawn, MapView], told: Told) -> None:
    """Around what stands where it is only roughly known."""
    drawn, view = made
    communities = view.communities if len(view.communities) <= MOST_COMMUNITIES else ()
    at = [(one.lat, one.lon) for one in drawn.points if one.rough]
    at += [(one.lat, one.lon) for one in communities if one.rough]
    if at:
        axes.scatter(
            [lon for _lat, lon in at],
            [lat for lat, _lon in at],
            s=130,
            facecolors="none",
            edgecolors=INK,
            linewidths=0.9,
            label=told.rough,
            zorder=3,
        )


def _books(axes: Any, marker: str, word: str, found: Sequence[tuple[PointOnMap, int]]) -> None:
    if found:
        axes.scatter(
            [point.lon for point, _mark in found],
            [point.lat for point, _mark in found],
            s=[30 + 240 * (mark / SIZES) ** 2 for _point, mark in found],
            marker=marker,
            facecolors=[INK if mark else SHEET for _point, mark in found],
            edgecolors=INK,
            zorder=3,
        )
        # For the legend alone: its mark is a full one, whatever the first point is like.
        axes.scatter([], [], s=90, marker=marker, facecolors=INK, edgecolors=INK, label=word)


def _marked(axes: Any, shape: tuple[str, Any, float], word: str, found: Sequence[PointOnMap]) -> None:
    marker, filled, size = shape
    if found:
        axes.plot(
            [point.lon for point in found],
            [point.lat for point in found],
            linestyle="none",
            marker=marker,
            fillstyle=filled,
            markersize=size,
            color=INK,
            markerfacecoloralt=SHEET,
            label=word,
            zorder=3,
        )


def _cells(axes: Any, cells: Sequence[CellCount], told: Told) -> None:
    most = max((one.points for one in cells), default=1)
    axes.scatter(
        [one.lon for one in cells],
        [one.lat for one in cells],
        s=[10 + 300 * one.points / most for one in cells],
        color=INK,
        alpha=0.6,
        label=told.cells,
        zorder=3,
    )


def _frame(axes: Any, box: Box | None) -> None:
    if box is not None:
        up, aside = (box[2] - box[0]) * EDGE, (box[3] - box[1]) * EDGE
        axes.set_xlim(box[1] - aside, box[3] + aside)
        axes.set_ylim(box[0] - up, box[2] + up)
    south, north = axes.get_ylim()
    axes.set_aspect(1 / max(cos(radians((south + north) / 2)), 0.01), adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_color(RULE)
