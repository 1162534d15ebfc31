"""A point's history as a small drawing: figures and months only, so that any reader's font has them."""

from collections.abc import Sequence
from io import BytesIO

MARKERS = {"visits": "o", "loans": "s", "copies": "^", "completeness": "D"}
"""What is drawn, each with marks of its own shape."""
SOFT, RULE, ACCENT, SHEET = "#545f5e", "#ddd8cb", "#0b5f63", "#ffffff"
"""Those of the light pages (parts.css): a drawing is paper, also where the page is dark."""
WRITTEN_OUT = 4
"""So many months are written out, at most one more."""


def drawn(what: str, months: Sequence[str], numbers: Sequence[int | None]) -> bytes:
    """An SVG of a number by month, from 0 up: a mark for each month with a number, zero too, and a gap for the others.

    ``what``: visits, loans, copies, or completeness in percent, which ends at 100. The same numbers, the same bytes.
    """
    # Half a second and 30 MB, which only a process that draws should pay.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import FixedLocator, MaxNLocator, StrMethodFormatter  # noqa: PLC0415

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "branchnet", "font.size": 10}):
        figure = Figure(figsize=(4.8, 2.1), layout="tight", facecolor=SHEET)
        axes = figure.add_subplot(facecolor=SHEET)
        whole = what == "completeness"
        every = max(1, -(-len(months) // WRITTEN_OUT))
        heights = [float("nan") if number is None else float(number) for number in numbers]
        axes.plot(range(len(months)), heights, color=ACCENT, marker=MARKERS[what], markersize=4, linewidth=1.5)
        highest = max([1, *(number for number in numbers if number is not None)])
        axes.set_ylim(0, (100 if whole else highest) * 1.1)
        axes.set_xlim(-0.5, len(months) - 0.5)
        axes.set_xticks(range(0, len(months), every), months[::every])
        axes.yaxis.set_major_locator(FixedLocator((0, 50, 100)) if whole else MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.grid(axis="y", color=RULE)
        axes.tick_params(color=SOFT, labelcolor=SOFT)
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
        file = BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()
