"""A figure's files, the same bytes for the same input: no dates, no random ids, each written aside and renamed."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from glasswf import __version__
from glasswf.files import replacing, write_text
from glasswf.results import TABLES, write_json

# The backends' own writers: Figure.savefig draws everything once more, without output, before each of them.
# PNG comes first because the other two reset the resolution.
_WRITERS: dict[str, tuple[Callable, dict]] = {
    "png": (lambda figure: FigureCanvasAgg(figure).print_png, {"Software": None}),
    "pdf": (
        lambda figure: FigureCanvasPdf(figure).print_pdf,
        {"CreationDate": None, "Producer": None, "Creator": None},
    ),
    "svg": (lambda figure: FigureCanvasSVG(figure).print_svg, {"Date": None, "Creator": None}),
}
_PNG_DPI = 220


def save(
    out: Path,
    name: str,
    canvas: Figure,
    texts: Mapping[str, str],
    chosen: dict[str, list[dict]],
    inputs: dict[str, str],
) -> dict:
    """Write the pictures, the CSV of the rows drawn and the JSON sidecar; return the sidecar's content.

    inputs: digest of each file that the figure was made from.
    """
    canvas.set_dpi(_PNG_DPI)
    canvas.draw_without_rendering()
    canvas.set_layout_engine("none")  # laid out once, not again for each format
    for suffix, (writer, metadata) in _WRITERS.items():
        with replacing(out / f"{name}.{suffix}") as path:
            writer(canvas)(path, metadata=metadata)
    write_text(out / f"{name}.csv", _csv(chosen))
    files = {suffix: f"{name}.{suffix}" for suffix in ("pdf", "svg", "png", "csv")}
    sidecar = {"name": name, **texts, "files": files, "inputs_sha256": inputs, "glasswf": __version__}
    write_json(out / f"{name}.json", sidecar)
    return sidecar


def _csv(chosen: dict[str, list[dict]]) -> str:
    columns = list(dict.fromkeys(column for table in chosen for column in TABLES[table]))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["table", *columns])
    for table, rows in chosen.items():
        writer.writerows([table, *(_cell(row.get(column)) for column in columns)] for row in rows)
    return buffer.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
