"""Rows of the tables `rigidity` and `claims` for every reading of the model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from glasswf.theory.blocks import Rigidity
from glasswf.theory.constraints import Network
from glasswf.theory.hopping import Hopping, State
from glasswf.theory.probabilities import READINGS

_NONE = 1e-6  # a probability below this is zero
_STEPS = 1000  # of x, where a claim is checked
_CLAIM_M, _CLAIM_X = (2.0, 3.0), 0.20


def tables(spec: Mapping) -> dict[str, list[dict]]:
    """Rows of both tables for the theory block of a configuration, as in JSON."""
    model = Hopping(
        Network(spec["coordination"]),
        energies={kind: spec["energies"][kind.name.lower()] for kind in Rigidity},
        coulomb=spec["coulomb_kt"],
        floppy=spec["floppy_kt"],
    )
    xs = np.linspace(0, model.network.largest_x, spec["points"])
    between = np.linspace(min(spec["m"]), max(spec["m"]), spec["map_points"])
    ms = sorted({*spec["m"], *between.round(6).tolist()})
    return {"rigidity": rigidity_rows(model, xs, ms), "claims": claim_rows(model)}


def rigidity_rows(model: Hopping, xs: Sequence[float], ms: Sequence[float]) -> list[dict]:
    """One row per reading, m and x."""
    return [
        {"reading": reading} | _row(replace(model, reading=reading).at(float(x), float(m)))
        for reading in READINGS
        for m in ms
        for x in xs
    ]


def claim_rows(model: Hopping) -> list[dict]:
    """What the paper says of the model, against what each reading gives with these parameters."""
    return [
        {"reading": reading} | claim
        for reading in READINGS
        for claim in _claims(replace(model, reading=reading))
    ]  # fmt: skip


def _row(state: State) -> dict:
    return {
        "x": state.x,
        "m": state.m,
        "stressed": state.classes[Rigidity.STRESSED],
        "isostatic": state.classes[Rigidity.ISOSTATIC],
        "flexible": state.classes[Rigidity.FLEXIBLE],
        "freedom": state.mean_field,
        "flexible_freedom": state.flexible,
        "coulomb_kt": state.coulomb,
        "carriers": state.carriers,
        "mobility": state.mobility,
        "conductivity": state.conductivity,
    }


def _claims(model: Hopping) -> list[dict]:
    low, high = _CLAIM_M
    xs = np.linspace(0, model.network.largest_x, _STEPS + 1)
    states = [model.at(float(x), low) for x in xs]
    step = xs[1]
    onset = next((state.x for state in states if state.flexible > _NONE), None)
    x_c = model.network.critical_x(low)
    top = max(states, key=lambda state: state.classes[Rigidity.ISOSTATIC]).x
    rise = model.at(_CLAIM_X, high).conductivity / model.at(_CLAIM_X, low).conductivity
    unstressed = [s.x for s in states if s.classes[Rigidity.STRESSED] < _NONE and s.classes[Rigidity.FLEXIBLE] < _NONE]
    width = max(unstressed) - min(unstressed) if unstressed else 0.0
    return [
        _claim(f"f(2) becomes nonzero at x_c (m = {low:g})", onset, x_c,
               onset is not None and abs(onset - x_c) < 2 * step, "smallest x with f(2) > 0"),
        _claim(f"isostatic clusters are most frequent near x = 0.20 (m = {low:g})", top, 0.20, abs(top - 0.20) < 0.03,
               "x of the maximum"),
        _claim(f"conductivity rises about tenfold from m = {low:g} to {high:g} at x = {_CLAIM_X:.2f}", rise, 10.0,
               7 < rise < 14, "ratio of conductivities"),
        _claim(f"an intermediate phase: a range of x without stress and floppiness (m = {low:g})", width, None,
               width > 2 * step, "width of the range in x"),
    ]  # fmt: skip


def _claim(text: str, value: float | None, expected: float | None, holds: bool, reason: str) -> dict:
    return {"claim": text, "value": value, "expected": expected, "holds": bool(holds), "reason": reason}
