"""A transport result as text for a terminal."""

import math

from glasswf.transport.result import Conductivity, Diffusion, TransportResult
from glasswf.transport.uncertainty import Estimate
from glasswf.transport.window import Window

_KINDS = {"nernst_einstein": "σ Nernst-Einstein", "collective": "σ collective", "green_kubo": "σ Green-Kubo"}


def text(result: TransportResult) -> str:
    """Values with errors and units, one line each; what is not diffusive says so."""
    rows = [("quantity", "value", "unit", "exponent", "window (ps)", "remark")]
    rows += [_diffusion(item) for item in result.diffusion] + [_conductivity(item) for item in result.conductivity]
    rows += _ratios(result) + _correlation(result)
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join([*map(str.ljust, row[:5], widths), row[5]]).rstrip() for row in rows]
    return "\n".join([_heading(result), "", *lines, "", *(f"note: {note}" for note in result.notes), _FOOT])


def with_error(estimate: Estimate) -> str:
    """Value and error with two significant digits of the error, as (1.23 ± 0.45)e-06."""
    value, error = estimate.value, estimate.error
    power = math.floor(math.log10(max(abs(value), error))) if value or error else 0
    power = power if abs(power) > 2 else 0
    value, error = value / 10**power, error / 10**power
    digits = min(6, max(0, 1 - math.floor(math.log10(error)))) if error else 4
    number = f"{value:.{digits}f} ± {error:.{digits}f}"
    return f"({number})e{power:+03d}" if power else number


_FOOT = (
    "± is the half-width of the 68 % interval (Student-t); Haven ratio = σ_NE / σ_collective, ionicity its inverse; "
    "self parts add up to σ_NE, collective ones to σ_collective; t: share of a species in the collective current"
)


def _heading(result: TransportResult) -> str:
    temperature = "" if result.temperature_k is None else f", {result.temperature_k:g} K"
    return (
        f"{result.n_replicas} replica(s) of {result.n_frames} frames every {result.interval_ps:.4g} ps, "
        f"volume {result.volume_a3:.5g} Å³{temperature}\nframe: {result.frame}"
    )


def _diffusion(item: Diffusion) -> tuple[str, ...]:
    bound = "" if item.upper_bound_cm2_s is None else f"D < {item.upper_bound_cm2_s:.2g}; "
    return (f"D {item.species}", with_error(item.diffusivity), "cm²/s", *_window(item.window, bound))


def _conductivity(item: Conductivity) -> tuple[str, ...]:
    return (_KINDS[item.kind], with_error(item.conductivity), "S/cm", *_window(item.window, ""))


def _ratios(result: TransportResult) -> list[tuple[str, ...]]:
    if not result.haven:
        return []
    mark = _mark(result.haven.diffusive)
    ionicity = result.correlation and result.correlation.ionicity
    rows = [("Haven ratio", with_error(result.haven.ratio), "", "", "", mark)]
    return rows + ([("ionicity", with_error(ionicity), "", "", "", mark)] if ionicity else [])


def _correlation(result: TransportResult) -> list[tuple[str, ...]]:
    """Parts of both conductivities and the transference numbers."""
    found = result.correlation
    if found is None:
        return []
    parts = [
        (f"σ {part.name}, {part.route}", with_error(part.conductivity), "S/cm", "", "", _mark(part.diffusive))
        for part in found.parts
    ]
    shares = [(f"t {item.species}", with_error(item.number), "", "", "", _mark(found.diffusive))
              for item in found.transference]  # fmt: skip
    return parts + shares


def _mark(diffusive: bool) -> str:
    return "" if diffusive else "NOT DIFFUSIVE"


def _window(window: Window, bound: str) -> tuple[str, str, str]:
    exponent = f"{window.exponent:.2f} ± {window.exponent_err:.2f}"
    remark = "" if window.diffusive else f"NOT DIFFUSIVE: {bound}{window.reason}"
    return exponent, f"{window.start_ps:.3g}-{window.stop_ps:.3g}", remark
