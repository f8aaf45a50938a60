"""The trade-off: force error against speed, the target, the yardstick, the default and the choice."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from glasswf.figures.style import COLUMN_MM, OKABE_ITO, REFERENCE_COLOUR, new_figure, styled
from glasswf.files import replacing
from glasswf.tune.candidate import Row, Targets

_DPI = 220
_GROUPS = (
    ("candidates", "o", OKABE_ITO["sky"]),
    ("damped shifted force", "v", OKABE_ITO["purple"]),
    ("textbook", "s", OKABE_ITO["black"]),
    ("default", "D", OKABE_ITO["orange"]),
    ("chosen", "*", OKABE_ITO["vermillion"]),
)


def draw(folder: Path, rows: Sequence[Row], default: Row, chosen: Row, targets: Targets, title: str) -> list[Path]:
    """Write trade-off.pdf and trade-off.png into `folder`; their paths."""
    with styled():
        figure = new_figure(COLUMN_MM * 1.2, 75)
        _panel(figure.subplots(), rows, default, chosen, targets)
        figure.suptitle(title, fontsize=8)
        return [_save(figure, folder / f"trade-off.{suffix}") for suffix in ("pdf", "png")]


def _panel(axes: Axes, rows: Sequence[Row], default: Row, chosen: Row, targets: Targets) -> None:
    timed = [row for row in rows if row.speeds and row.force_error > 0]
    for name, marker, colour in _GROUPS:
        here = [row for row in timed if _group(row, default, chosen) == name]
        if here:
            size = 9 if name == "chosen" else 4
            axes.errorbar([row.steps_per_s / row.candidate.cores for row in here], [row.force_error for row in here],
                          xerr=[_known(row.steps_per_s_err) / row.candidate.cores for row in here],
                          fmt=marker, color=colour, label=name, markersize=size, elinewidth=0.6)  # fmt: skip
    axes.axhline(targets.force_error, color=REFERENCE_COLOUR, linestyle="--", linewidth=0.8)
    axes.set(yscale="log", xlim=(0, None), xlabel="steps per second and core", ylabel="relative RMS force error")
    axes.annotate("target", (0.01, targets.force_error), xycoords=("axes fraction", "data"), xytext=(0, 2),
                  textcoords="offset points", color=REFERENCE_COLOUR)  # fmt: skip
    axes.figure.legend(loc="outside lower center", ncols=3)


def _group(row: Row, default: Row, chosen: Row) -> str:
    if row.candidate.textbook:
        return "textbook"
    if row is chosen or row is default:
        return "chosen" if row is chosen else "default"
    return "damped shifted force" if row.candidate.is_dsf else "candidates"


def _known(error: float) -> float:
    return 0.0 if error != error else error


def _save(figure: Figure, path: Path) -> Path:
    with replacing(path) as temporary:
        if path.suffix == ".png":
            figure.set_dpi(_DPI)
            FigureCanvasAgg(figure).print_png(temporary, metadata={"Software": None})
        else:
            FigureCanvasPdf(figure).print_pdf(
                temporary, metadata=dict.fromkeys(("CreationDate", "Producer", "Creator"))
            )
    return path
