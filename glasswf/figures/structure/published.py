"""Positions of peaks that are printed in the text of a paper, as reference marks on the axis they were read on."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from glasswf.data import published
from glasswf.figures.marks import key
from glasswf.figures.style import REFERENCE_COLOUR
from glasswf.landmarks import disulfide

_DOTS = (0, (1, 1.5))
_SAME_X = 0.011  # small cells round x, and the structure changes little over it


def entries(quantity: str, of: Sequence[str] | str, rows: Sequence[Mapping]) -> list[dict]:
    """Published values of a quantity of one curve (as data/published.yaml names it) at the compositions of `rows`."""
    return [
        entry
        for entry in published()["values"]
        if entry["quantity"] == quantity and entry["of"] == of and any(_same(entry, row) for row in rows)
    ]


def _same(entry: Mapping, row: Mapping) -> bool:
    if row["x"] is None or abs(entry["x"] - row["x"]) >= _SAME_X:
        return False
    return "m" not in entry or disulfide(row["m"])


def draw_positions(axes: Axes, found: Sequence[Mapping], names: Mapping[str, str] | None = None) -> None:
    """Dotted vertical lines, or pale bands for a printed range, behind the curves; `names` by id at the top."""
    for entry in found:
        low, high = entry.get("range", [entry.get("value")] * 2)
        if low == high:
            axes.axvline(low, color=REFERENCE_COLOUR, linewidth=0.9, linestyle=_DOTS, zorder=1)
        else:
            axes.axvspan(low, high, color=REFERENCE_COLOUR, alpha=0.25, linewidth=0, zorder=1)
        if name := (names or {}).get(entry["id"]):
            axes.text((low + high) / 2, 1.01, name, transform=axes.get_xaxis_transform(), ha="center", va="bottom")


def position_key(found: Sequence[Mapping]) -> list[Line2D]:
    """Legend entry of the published positions, if there are any."""
    return [key("published (text)", REFERENCE_COLOUR, line=_DOTS)] if found else []


def note(found: Sequence[Mapping]) -> str:
    """Caption sentence: what is printed, at which temperature, and where."""
    if not found:
        return ""
    names = sorted({published()["sources"][entry["source"]]["cite"] for entry in found})
    levels = sorted({entry["temperature_k"] for entry in found if entry.get("temperature_k")})
    at = f" for {'-'.join(f'{level:g}' for level in levels)} K" if levels else ""
    listed = ", ".join(f"{_printed(entry)} {entry['unit']} ({entry['text']})" for entry in found)
    return (f"Printed in the text of {'; '.join(names)}{at} (other force field, density or size), dotted or pale: "
            f"{listed}.")  # fmt: skip


def _printed(entry: Mapping) -> str:
    return "-".join(f"{value:g}" for value in entry.get("range", [entry.get("value")]))
