"""Is there a maximum of D against m inside a scan? An honest test against every monotone alternative."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.optimize import isotonic_regression

from glasswf.errors import AnalysisError
from glasswf.figures.tables import Results, all_series, species_in, temperatures, trusted

LEVEL = 0.05
FEWEST = 4


@dataclass(frozen=True)
class Anomaly:
    """Outcome of `test` for one series of points.

    p_value: probability that a monotone D(m) with these errors looks at least as non-monotone; `survey` corrects it
        for the number of series tested.
    position, position_low, position_high: m of the largest D and its 68 % interval under resampling of the errors.
    size, size_err: largest D over the larger of the two end values, minus 1.
    peaked: the best rise-then-fall describes the points better than the best fall-then-rise.
    """

    n_points: int
    p_value: float
    position: float
    position_low: float
    position_high: float
    size: float
    size_err: float
    peaked: bool

    @property
    def settled(self) -> bool:
        """A maximum inside the scan is established at the 5 % level."""
        return self.peaked and self.p_value < LEVEL

    @property
    def verdict(self) -> str:
        """One line for people."""
        chance = "p < 0.001" if self.p_value < 0.001 else f"p = {self.p_value:.2g}"
        if self.settled:
            return f"settled: a maximum near m = {self.position:.2f} ({chance})"
        return f"not settled by this scan ({chance})"


def test(
    m: Sequence[float], values: Sequence[float], errors: Sequence[float], draws: int = 2000, seed: int = 1
) -> Anomaly:
    """Test for a maximum of `values` (standard errors `errors`) against m, all of shape (n,), n >= 4, in any order.

    Null hypothesis: D is monotone in m, rising or falling. For each direction the distance is the chi² of the weighted
    isotonic regression; its distribution is simulated with `draws` seeded samples of Gaussian noise around a constant,
    which of all monotone D gives the largest distances, so the test never claims too much. Both directions must be
    rejected, hence the larger of the two p-values counts (Robertson, Wright, Dykstra, Order Restricted Statistical
    Inference, 1988, ch. 2). Errors are taken as known: with two or three replicas p is somewhat optimistic.

    Raises AnalysisError for fewer than four points, equal m, or errors that are not positive.
    """
    m, values, errors = _checked(m, values, errors)
    rng = np.random.default_rng(seed)
    noise = errors * rng.standard_normal((draws, len(m)))
    p_value = max(_p_value(values, errors, noise, rising) for rising in (True, False))
    low, high, size_err = _resampled(m, values, noise)
    size = values.max() / max(values[0], values[-1]) - 1
    peaked = _unimodal_distance(values, errors) < _unimodal_distance(-values, errors)
    return Anomaly(len(m), p_value, float(m[values.argmax()]), low, high, float(size), size_err, bool(peaked))


@lru_cache(maxsize=4)
def survey(results: Results) -> list[dict]:
    """Test every species at every temperature of every system scanned over m; one mapping per series.

    Keys: system, species, temperature_k, m_critical, n_left_out (points not diffusive or with a failed gate), and
    either `anomaly` (p-values corrected by Holm's method over the series of that system) or `reason` why not.
    """
    found = []
    for series in (each for each in all_series(results) if each.scan == "m"):
        rows = results.rows("diffusivity", system=series.name)
        mine = [
            {"system": series.name, "m_critical": series.m_critical, **_one(rows, species, temperature)}
            for temperature in temperatures(rows)
            for species in species_in(rows)
        ]
        found += _holm(mine)
    return found


def _one(rows: Sequence[dict], species: str, temperature_k: float) -> dict:
    mine = [row for row in rows if row["species"] == species and row["temperature_k"] == temperature_k]
    columns = ("m", "diffusivity_cm2_s", "diffusivity_err_cm2_s")
    used = [row for row in mine if trusted(row) and all(row[key] is not None for key in columns)]
    outcome = {"species": species, "temperature_k": temperature_k, "n_left_out": len(mine) - len(used)}
    try:
        return {**outcome, "anomaly": test(*([row[key] for row in used] for key in columns))}
    except AnalysisError as error:
        return {**outcome, "reason": str(error)}


def _holm(outcomes: list[dict]) -> list[dict]:
    tested = sorted((each for each in outcomes if "anomaly" in each), key=lambda each: each["anomaly"].p_value)
    largest = 0.0
    for rank, each in enumerate(tested):
        largest = max(largest, min(1.0, (len(tested) - rank) * each["anomaly"].p_value))
        each["anomaly"] = replace(each["anomaly"], p_value=largest)
    return outcomes


def _checked(*columns: Sequence[float]) -> list[np.ndarray]:
    m, values, errors = (np.asarray(column, dtype=float) for column in columns)
    if not (m.shape == values.shape == errors.shape and m.ndim == 1):
        raise AnalysisError(f"m, D and errors must be of one length: {m.shape}, {values.shape}, {errors.shape}")
    if len(m) < FEWEST:
        raise AnalysisError(f"{len(m)} points with D and an error; a maximum inside a scan needs {FEWEST} or more")
    if len(np.unique(m)) < len(m):
        raise AnalysisError("two points have the same m; average them first")
    if not (np.isfinite(values).all() and np.isfinite(errors).all() and (errors > 0).all()):
        raise AnalysisError("every D must be finite and every error finite and positive")
    order = np.argsort(m)
    return [m[order], values[order], errors[order]]


def _p_value(values: np.ndarray, errors: np.ndarray, noise: np.ndarray, rising: bool) -> float:
    seen = _distance(values, errors, rising)
    return (1 + sum(_distance(sample, errors, rising) >= seen for sample in noise)) / (1 + len(noise))


def _distance(values: np.ndarray, errors: np.ndarray, rising: bool) -> float:
    fitted = isotonic_regression(values, weights=errors**-2.0, increasing=rising).x
    return float((((values - fitted) / errors) ** 2).sum())


def _unimodal_distance(values: np.ndarray, errors: np.ndarray) -> float:
    """Smallest chi² of a rise up to some point followed by a fall."""
    return min(
        _distance(values[:k], errors[:k], True) + _distance(values[k:], errors[k:], False)
        for k in range(1, len(values))
    )


def _resampled(m: np.ndarray, values: np.ndarray, noise: np.ndarray) -> tuple[float, float, float]:
    samples = values + noise
    low, high = np.percentile(m[samples.argmax(axis=1)], [16, 84], method="nearest")
    ends = np.maximum(samples[:, 0], samples[:, -1])
    ratios = samples[:, values.argmax()] / np.where(ends > 0, ends, math.nan)
    spread = np.nanpercentile(ratios, [16, 84])
    return float(low), float(high), float((spread[1] - spread[0]) / 2)
