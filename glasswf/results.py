"""Tidy result tables: one CSV per quantity, units in the column names, and one JSON sidecar with the provenance."""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from glasswf.errors import AnalysisError
from glasswf.files import write_text

SERIES = ("system", "label", "x", "m", "n_atoms", "n_na", "n_si", "n_s")  # which composition
POINT = (*SERIES, "temperature_k")  # which state point

# names: text even where they look like numbers
_TEXT = frozenset({"system", "label", "run", "species", "quantity", "kind", "gate", "unit", "reason", "route", "part",
                   "species_a", "species_b", "preferred", "reading", "claim", "series",
                   "convention", "method", "file", "definition", "criterion", "centre"})  # fmt: skip

_AGAIN = "delete it and start again"

# A state point is one composition at one temperature, all replicas together. Empty cells are "not available".
MD_TABLES: dict[str, tuple[str, ...]] = {
    "diffusivity": (*POINT, "species", "diffusivity_cm2_s", "diffusivity_err_cm2_s", "upper_bound_cm2_s", "exponent",
                    "exponent_err", "diffusive", "reason", "window_start_ps", "window_stop_ps", "n_replicas",
                    "error_method", "regression_cm2_s", "regression_err_cm2_s", "finite_size_cm2_s",
                    "finite_size_err_cm2_s", "gates_passed"),
    "conductivity": (*POINT, "kind", "conductivity_s_cm", "conductivity_err_s_cm", "diffusive", "reason",
                     "window_start_ps", "window_stop_ps", "n_replicas", "error_method", "regression_s_cm",
                     "regression_err_s_cm", "gates_passed"),
    "haven": (*POINT, "haven_ratio", "haven_ratio_err", "ionicity", "ionicity_err", "diffusive", "n_replicas",
              "gates_passed"),
    "arrhenius": (*SERIES, "quantity", "activation_energy_ev",
                  "activation_energy_err_ev", "prefactor", "prefactor_log_err", "prefactor_unit", "n_temperatures",
                  "temperature_min_k", "temperature_max_k", "reduced_chi2", "prefactor_energy_covariance_ev",
                  "vtf_b_ev", "vtf_b_err_ev", "vtf_t0_k", "vtf_t0_err_k", "aicc_arrhenius", "aicc_vtf", "preferred",
                  "reason"),
    "extrapolation": (*SERIES, "quantity", "temperature_k",
                      "value", "low", "high", "unit", "beyond_data", "reason"),
    "msd": (*POINT, "species", "lag_ps", "msd_a2", "msd_err_a2", "in_window"),
    "onsager": (*POINT, "species_a", "species_b", "onsager_1_jms", "onsager_err_1_jms", "conductivity_s_cm",
                "conductivity_err_s_cm", "diffusive", "n_replicas", "gates_passed"),
    "conductivity_parts": (*POINT, "route", "part", "conductivity_s_cm", "conductivity_err_s_cm", "diffusive",
                           "n_replicas", "gates_passed"),
    "transference": (*POINT, "species", "transference_number", "transference_number_err", "diffusive", "n_replicas",
                     "gates_passed"),
    "current": (*POINT, "lag_ps", "autocorrelation", "integral_s_cm", "integral_err_s_cm"),
    "non_gaussian": (*POINT, "species", "lag_ps", "alpha2", "alpha2_err"),
    "van_hove": (*POINT, "part", "species_a", "species_b", "lag_ps", "r_a", "value", "value_err"),
    "gates": ("system", "label", "replica", "run", "temperature_k", "gate", "value", "error", "limit", "unit",
              "passed"),
}  # fmt: skip

# Of the structure: the same state points, all replicas together.
STRUCTURE_TABLES: dict[str, tuple[str, ...]] = {
    "pair_correlation": (*POINT, "part", "species_a", "species_b", "r_a", "g", "g_err", "neighbours_b_of_a",
                         "neighbours_a_of_b"),
    "pair_peaks": (*POINT, "part", "species_a", "species_b", "kind", "number", "r_a", "r_err_a", "height", "height_err",
                   "area", "area_err"),
    "structure_factor": (*POINT, "convention", "method", "species_a", "species_b", "k_1_a", "value", "value_err",
                         "n_vectors"),
    "diffraction_peaks": (*POINT, "convention", "method", "species_a", "species_b", "number", "k_1_a", "k_err_1_a",
                          "height", "height_err", "area", "area_err", "reason"),
    "wright": (*POINT, "file", "quantity", "definition", "range_start", "range_stop", "n_points", "value", "value_err"),
    "network": (*POINT, "quantity", "value", "value_err", "unit", "value_shorter", "value_longer", "cutoff_a"),
    "rings": (*POINT, "criterion", "size", "rings_per_former", "rings_per_former_err"),
    "clusters": (*POINT, "size", "fraction", "fraction_err"),
    "angles": (*POINT, "species_a", "centre", "species_b", "angle_deg", "density_1_deg", "density_err_1_deg",
               "density_over_sine"),
    "angle_peaks": (*POINT, "species_a", "centre", "species_b", "number", "angle_deg", "angle_err_deg", "width_deg",
                    "width_err_deg", "weight", "weight_err"),
    "constraints": (*POINT, "species", "kind", "constraints", "constraints_err", "mean_field", "limit"),
    "slab": (*POINT, "kind", "element", "number", "x_a", "y_a", "depth_a", "x2_a", "y2_a", "depth2_a", "box_a",
             "thickness_a"),
    "excursions": (*POINT, "species", "kind", "number", "mean", "deviation", "deviation_err", "unit"),
}  # fmt: skip

# Of the two theories, which need no dynamics. Energies of rigidity are in k_BT; deviations are those of one sample.
_SERIES_POINT = ("series", "y", "x")
MODEL_TABLES: dict[str, tuple[str, ...]] = {
    "rigidity": ("reading", "x", "m", "stressed", "isostatic", "flexible", "freedom", "flexible_freedom", "coulomb_kt",
                 "carriers", "mobility", "conductivity"),
    "claims": ("reading", "claim", "value", "expected", "holds", "reason"),
    "landscape_units": (*_SERIES_POINT, "unit", "fraction"),
    "landscape_energy": (*_SERIES_POINT, "kind", "activation_energy_ev", "activation_energy_err_ev", "deviation_ev",
                         "size", "n_samples", "v0_ev", "v0_err_ev", "sigma", "sigma_err"),
    "landscape_conductivity": (*_SERIES_POINT, "kind", "temperature_k", "conductivity_s_cm", "conductivity_err_s_cm",
                               "deviation_s_cm", "attempt_hz", "size", "n_samples"),
    "landscape_sites": (*_SERIES_POINT, "part", "a", "b", "c", "energy_ev", "in_cluster"),
}  # fmt: skip
TABLES = MD_TABLES | STRUCTURE_TABLES | MODEL_TABLES


def write_table(path: Path | str, name: str, rows: Iterable[Mapping]) -> None:
    """Write the rows of table `name` (a key of TABLES) as CSV, atomically.

    Raises AnalysisError if a row has a column the table does not know. NaN and None become empty cells.
    """
    columns = TABLES[name]
    lines = [",".join(columns)]
    for row in rows:
        if unknown := set(row) - set(columns):
            raise AnalysisError(f"table {name}: unknown columns {sorted(unknown)}; known: {list(columns)}")
        lines.append(",".join(_to_cell(row.get(column)) for column in columns))
    write_text(path, "\n".join(lines) + "\n")


def read_table(path: Path | str, name: str) -> list[dict]:
    """Read a table written by `write_table`; numbers, booleans and empty cells (None) come back as such."""
    text = Path(path).read_text(encoding="utf-8")
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    if tuple(header) != TABLES[name]:
        raise AnalysisError(f"{path}: not a {name} table (its header is {','.join(header[:4])}...); {_AGAIN}")
    lines = list(reader)
    if not text.endswith("\n"):
        raise AnalysisError(f"{path}, line {len(lines) + 1}: ends in the middle; {_AGAIN}")
    for number, line in enumerate(lines, start=2):
        if len(line) != len(header):
            raise AnalysisError(f"{path}, line {number}: {len(line)} columns where {len(header)} belong; {_AGAIN}")
    readers = [_as_text if name in _TEXT else _Values().__getitem__ for name in header]
    return [{name: read(cell) for name, read, cell in zip(header, readers, line, strict=True)} for line in lines]


def write_json(path: Path | str, data: object) -> None:
    """Write `data` as indented JSON, atomically; NaN becomes null."""
    write_text(path, json.dumps(_finite(data), indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path | str) -> dict:
    """Read a JSON file of ours; a truncated or foreign file is an AnalysisError."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise AnalysisError(f"{path}: not valid JSON ({error}); {_AGAIN}") from None


def _finite(data):
    if isinstance(data, Mapping):
        return {str(key): _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    if hasattr(data, "tolist"):
        return _finite(data.tolist())
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return data


def _to_cell(value) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if hasattr(value, "item"):
        value = value.item()  # a numpy scalar
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.8g}"
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text


def _as_text(cell: str) -> str | None:
    return cell or None


class _Values(dict):
    """Cells to values; most stand in a table many times, and are read once."""

    def __missing__(self, cell: str) -> object:
        self[cell] = value = _from_cell(cell)
        return value


def _from_cell(cell: str) -> object:
    if cell == "":
        return None
    if cell in ("true", "false"):
        return cell == "true"
    if cell.removeprefix("-").isdecimal():
        return int(cell)
    try:
        return float(cell)
    except ValueError:
        return cell
