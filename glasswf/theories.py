"""The theory and landscape blocks of a configuration: checks, small resolved mappings, and figures."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from glasswf.config.models import Config
from glasswf.config.theories import Glasses, Landscape, Theory
from glasswf.errors import ConfigError, TheoryError
from glasswf.landscape.units import checked, fractions

# Alkali fractions of the three series of Bosi and Maass, and the figures of each.
_PAPER = {0.33: ("fig_bosi_4", "fig_bosi_5"), 0.35: ("fig_bosi_6", "fig_bosi_7", "fig_bosi_8"),
          0.40: ("fig_bosi_9", "fig_bosi_10")}  # fmt: skip
_SAME_Y = 0.005
_MEASURED = ("x", "temperature_k", "activation_energy_ev", "activation_energy_err_ev", "conductivity_s_cm")


def check(config: Config, folder: Path) -> None:
    """Raise ConfigError, with the key, for what the models cannot describe."""
    for index, series in enumerate(config.landscape.series if config.landscape else ()):
        try:
            for x in xs(series, 0.1):
                units(series, x)
            measured(series, folder)
        except TheoryError as error:
            raise ConfigError(f"landscape.series[{index}] ({series.name}): {error}") from None
    if config.theory and min(config.theory.m) < config.theory.coordination / 2:
        raise ConfigError(
            f"theory.m: {min(config.theory.m):g} is below {config.theory.coordination / 2:g}, where there are A-A bonds"
        )


def specs(config: Config, folder: Path) -> dict[str, dict]:
    """What each calculation depends on and nothing else, by file name under runs/."""
    found = {"theory.json": config.theory.model_dump(mode="json")} if config.theory else {}
    for index, series in enumerate(config.landscape.series if config.landscape else ()):
        found[f"landscape/{series.name}.json"] = _series_spec(config.landscape, series, index == 0, folder)
    return found


def series_names(config: Config) -> list[str]:
    """Names of the series of glasses."""
    return [series.name for series in config.landscape.series] if config.landscape else []


def theory_figures(theory: Theory | None) -> list[str]:
    """Figures that the rigidity table fills."""
    return ["fig_prl_1", "fig_rigidity_maps", "fig_rigidity_readings"] if theory else []


def landscape_figures(landscape: Landscape | None) -> list[str]:
    """Figures that the landscape tables fill."""
    if landscape is None:
        return []
    ys = [series.y for series in landscape.series]
    names = [name for y, figures in _PAPER.items() if any(abs(y - own) < _SAME_Y for own in ys) for name in figures]
    extra = ["fig_landscape_size", "fig_landscape_slice", *(["fig_landscape_kmc"] if landscape.kmc else [])]
    return sorted(names + extra)


def xs(series: Glasses, step: float) -> list[float]:
    """Borate fractions from 0 to 1, or those for which the units are given."""
    if series.units:
        return sorted(series.units)
    return np.linspace(0, 1, round(1 / step) + 1).round(6).tolist()


def units(series: Glasses, x: float) -> dict[str, float]:
    """Fractions of the units of one composition; TheoryError if there are none such."""
    if series.units:
        if x not in series.units:
            raise TheoryError(f"x = {x:g}: no units are given for it; given: {sorted(series.units)}")
        return checked(series.units[x], series.y)
    return fractions(x, series.y, series.largest_b4)


def measured(series: Glasses, folder: Path) -> list[dict]:
    """Rows of the CSV of measurements as numbers; empty cells and absent columns are None."""
    if series.data is None:
        if series.fit != "none":
            raise TheoryError("fit: there are no measurements to fit; give `data`")
        return []
    path = folder / series.data
    try:
        with path.open(newline="", encoding="utf-8") as handle:
            reader = csv.DictReader(handle)
            known = [name for name in reader.fieldnames or () if name in _MEASURED]
            if "x" not in known or len(known) < 2:
                raise TheoryError(f"{series.data}: needs a column x and one of {', '.join(_MEASURED[2:])}")
            return [_numbers(series.data, reader.line_num, row, known) for row in reader]
    except OSError as error:
        raise TheoryError(f"data: {series.data}: cannot be read ({error.strerror})") from None


def _numbers(path: Path, line: int, row: Mapping[str, str], known: list[str]) -> dict:
    try:
        return {name: float(row[name]) if row[name] else None for name in known}
    except (TypeError, ValueError):
        raise TheoryError(f"{path}, line {line}: not numbers: {', '.join(str(row[name]) for name in known)}") from None


def _series_spec(landscape: Landscape, series: Glasses, first: bool, folder: Path) -> dict:
    spec = landscape.model_dump(mode="json", exclude={"series", "sizes", "picture_size", "kmc"})
    whole = landscape.model_dump(mode="json", include={"sizes", "picture_size", "kmc"})
    return spec | {
        "series": series.model_dump(mode="json", exclude={"data"}),
        "measured": measured(series, folder),
        # once is enough for what shows the method
        "method": whole if first else None,
    }
