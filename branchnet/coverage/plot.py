"""A point's history as a small drawing: figures and months only, so that any reader's font has them."""

from collections.abc import Sequence
from io import BytesIO

MARKERS = {"visits": "o", "loans": "s"}
"""What is drawn, each with marks of its own shape."""
SOFT, RULE, ACCENT, SHEET = "#545f5e", "#ddd8cb", "#0b5f63", "#ffffff"
"""Those of the light pages (parts.css): a drawing is paper, also where the page is dark."""
EVERY = 6
"""So many months lie between two that are written out."""


def drawn(what: str, months: Sequence[str], numbers: Sequence[int | None]) -> bytes:
    """An SVG of a number by month, from 0 up: a mark for each month with a number, zero too, and a gap for the others.

    ``what``: visits or loans. The same numbers give the same bytes.
    """
    # Half a second and 30 MB, which only a process that draws should pay.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter  # noqa: PLC0415

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "branchnet", "font.size": 10}):
        figure = Figure(figsize=(4.8, 2.1), layout="tight", facecolor=SHEET)
        axes = figure.add_subplot(facecolor=SHEET)
        heights = [float("nan") if number is None else float(number) for number in numbers]
        axes.plot(range(len(months)), heights, color=ACCENT, marker=MARKERS[what], markersize=4, linewidth=1.5)
        axes.set_ylim(0, max([1, *(number for number in numbers if number is not None)]) * 1.1)
        axes.set_xlim(-0.5, len(months) - 0.5)
        axes.set_xticks(range(0, len(months), EVERY), months[::EVERY])
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.grid(axis="y", color=RULE)
        axes.tick_params(color=SOFT, labelcolor=SOFT)
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
        file = BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()
