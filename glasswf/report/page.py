"""One self-contained HTML page from a results folder: no scripts, nothing loaded from elsewhere."""

import base64
import os
from pathlib import Path
from urllib.parse import quote

from glasswf import __version__, anomaly, figures
from glasswf.errors import AnalysisError
from glasswf.figures.tables import Results, load
from glasswf.files import write_text
from glasswf.report import sections, summary
from glasswf.results import read_json
from glasswf.templates import render

_LARGEST_SVG = 700_000  # bytes; larger drawings go in as PNG


def build(results: Path | str, out: Path | str, figure_folder: Path | str | None = None) -> Path:
    """Write the report of the folder `results` to `out` and return its path.

    Figures are taken from `figure_folder` (default: results/figures) where they were drawn from these very tables,
    and drawn there where not. Raises AnalysisError if there are no tables.
    """
    out, read = Path(out), load(results)
    folder = Path(figure_folder) if figure_folder else read.folder / "figures"
    drawn = [_figure(name, read, folder, out) for name in figures.available(read)]
    write_text(out, _render(read, drawn))
    return out


def headline(results: Path | str) -> dict:
    """The verdicts, the limits and the failed gates as plain data, for `--json`."""
    read = load(results)
    return {
        "verdicts": summary.verdicts(anomaly.survey(read)),
        "limits": summary.limits(read),
        "failed_gates": len(sections.gates(read)["failed"]),
        "scorecard": sections.scored(read)["compared"],
    }


def _render(read: Results, drawn: list[dict]) -> str:
    tests = anomaly.survey(read)
    return render(
        "report.html",
        title=(read.provenance.get("config") or {}).get("title") or "Ion transport in glasses",
        verdicts=summary.verdicts(tests),
        tests=summary.tested_rows(tests),
        limits=summary.limits(read),
        systems=sections.systems(read),
        settings=sections.settings(read),
        runs=sections.runs(read),
        figures=drawn,
        transport=sections.transport(read),
        activation=sections.activation(read),
        structure=sections.structure(read),
        gates=sections.gates(read),
        scorecard=sections.scored(read),
        versions=sections.versions(read),
        forcefield={"name": None, "note": None, "citation": None} | (read.provenance.get("forcefield") or {}),
        version=read.provenance.get("glasswf"),
    )


def _figure(name: str, read: Results, folder: Path, out: Path) -> dict:
    sidecar = _drawn(name, read, folder) or figures.draw(name, read, folder)
    picture = folder / sidecar["files"]["svg"]
    kind = "svg+xml"
    if picture.stat().st_size > _LARGEST_SVG:
        picture, kind = folder / sidecar["files"]["png"], "png"
    code = base64.b64encode(picture.read_bytes()).decode("ascii")
    base = os.path.relpath(folder.resolve(), out.resolve().parent)
    links = {suffix.upper(): quote(Path(base, file).as_posix()) for suffix, file in sidecar["files"].items()}
    return {
        **sidecar,
        "curves": figures.shows_curves(name, read),
        "data": f"data:image/{kind};base64,{code}",
        "links": links,
    }


def _drawn(name: str, read: Results, folder: Path) -> dict | None:
    """Sidecar of a figure that was drawn from the same tables by this version and is complete, else None."""
    try:
        sidecar = read_json(folder / f"{name}.json")
    except (OSError, AnalysisError):
        return None
    inputs = sidecar.get("inputs_sha256") or {}
    same = inputs == read.digests(Path(file).stem for file in inputs if file.endswith(".csv"))
    same = same and sidecar.get("glasswf") == __version__ and "files" in sidecar
    return sidecar if same and all((folder / file).is_file() for file in sidecar["files"].values()) else None
