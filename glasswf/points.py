"""Design points: every composition of every series, with realised x and m, counts, box and charges."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from glasswf.composition import Composition, m_from_former_count
from glasswf.config.models import Config, Scan, System
from glasswf.errors import CompositionError, ConfigError
from glasswf.forcefield import ForceField


@dataclass(frozen=True)
class Point:
    """One composition of one series; x and m are those the integer counts realise."""

    system: str
    label: str
    x: float
    m: float | None
    counts: Mapping[str, int]
    charges: Mapping[str, float]
    box_length_a: float

    @property
    def n_atoms(self) -> int:
        """Number of atoms in the cell."""
        return sum(self.counts.values())


@cache
def named_series() -> dict[str, dict]:
    """The named series of the package."""
    return yaml.safe_load((Path(__file__).parent / "data" / "series.yaml").read_text(encoding="utf-8"))


def resolved(system: System, key: str) -> System:
    """The system with what its named series gives filled in. Raises ConfigError for an unknown series."""
    if system.series is None:
        return system
    if system.series not in named_series():
        raise ConfigError(f"{key}.series: {system.series!r} is none of {', '.join(named_series())}")
    own = system.model_dump(exclude_none=True, exclude_unset=True)
    return System.model_validate(named_series()[system.series] | own)


def design_points(config: Config, forcefield: ForceField) -> list[Point]:
    """All points of a configuration, in its order. Raises ConfigError naming the key that is wrong."""
    points: list[Point] = []
    for number, system in enumerate(config.systems):
        key = f"systems[{number}]"
        try:
            points += _points_of(resolved(system, key), config, forcefield, key)
        except CompositionError as error:
            raise ConfigError(f"{key} ({system.name}): {error}") from None
    return points


def _points_of(system: System, config: Config, forcefield: ForceField, key: str) -> list[Point]:
    points: list[Point] = []
    boxes = _box_lengths(system, config, key)
    for (label, composition, n_former), box in zip(_compositions(system, config.cell.n_atoms, key), boxes, strict=True):
        counts = _counts(composition, system, config.cell.n_atoms, n_former)
        forcefield.require(list(counts))
        x, m = composition.realised(counts)
        charges = composition.charges(counts, forcefield.charges, config.cell.charge_compensation)
        for other in points:
            if other.counts == counts or other.label == label:
                raise ConfigError(f"{key}.scan: {label} and {other.label} give the same cell {counts}; "
                                  "drop one or take more atoms")  # fmt: skip
        points.append(Point(system.name, label, x, m, counts, charges, box))
    return points


def _compositions(system: System, n_atoms: int, key: str) -> list[tuple[str, Composition, int | None]]:
    """Label, composition and given number of formers of every value of the scan; labels are canonical strings."""
    elements = {"modifier": system.modifier or "Na"}
    scan = system.scan
    if scan is None:
        x = _given(system.x, key, "x")
        m = 2.0 if x == 1 else _given(system.m, key, "m")
        return [(f"x{x:.4g}" if x == 1 else f"x{x:.4g}_m{m:.4g}", Composition(x, m, **elements), None)]
    if scan.variable == "x":
        m = _given(system.m, key, "m")
        return [(f"x{x:.4g}", Composition(x, m, **elements), None) for x in scan.values]
    x = _given(system.x, key, "x")
    if x == 1:
        raise ConfigError(f"{key}.scan.{scan.variable}: at x = 1 there is no network former, so m has no meaning")
    return [
        (
            _label(scan, value),
            Composition(x, _m(system, x, value, n_atoms, elements), **elements),
            value if scan.variable == "n_former" else None,
        )
        for value in scan.values
    ]


def _label(scan: Scan, value: float) -> str:
    return f"m{value:.4g}" if scan.variable == "m" else f"n{value:d}"


def _m(system: System, x: float, value: float, n_atoms: int, elements: dict) -> float:
    if system.scan.variable == "m":
        return value
    if system.hold == "x":
        return m_from_former_count(x, value, n_atoms)
    return (n_atoms - 1.5 * _modifiers_at_two(Composition(x, **elements), n_atoms)) / value - 1


def _given(value: float | None, key: str, name: str) -> float:
    if value is None:
        raise ConfigError(f"{key}.{name}: is required: neither scanned nor given by a named series")
    return value


def _counts(composition: Composition, system: System, n_atoms: int, n_former: int | None) -> dict[str, int]:
    if system.hold == "x":
        return composition.counts(n_atoms, n_former)
    modifiers = _modifiers_at_two(composition, n_atoms)
    formers = round((n_atoms - 1.5 * modifiers) / (1 + composition.m))
    rest = n_atoms - modifiers - formers
    return {composition.modifier: modifiers, composition.former: formers, composition.anion: rest}


def _modifiers_at_two(composition: Composition, n_atoms: int) -> int:
    """Number of modifiers of the m = 2 cell with the same x."""
    return Composition(composition.x, 2.0, modifier=composition.modifier).counts(n_atoms)[composition.modifier]


def _box_lengths(system: System, config: Config, key: str) -> list[float]:
    n_points = len(system.scan.values) if system.scan else 1
    own = system.density_per_a3 is not None or system.box_length_a is not None
    source, where = (system, key) if own else (config.cell, "cell")
    if source.density_per_a3 is None and source.box_length_a is None:
        raise ConfigError("cell: density_per_a3 or box_length_a is required (there, or in each system)")
    name = "box_length_a" if source.box_length_a is not None else "density_per_a3"
    values = getattr(source, name)
    values = values if isinstance(values, list) else [values] * n_points
    if len(values) != n_points:
        raise ConfigError(f"{where}.{name}: lists {len(values)} values for {n_points} points")
    return [v if name == "box_length_a" else (config.cell.n_atoms / v) ** (1 / 3) for v in values]
