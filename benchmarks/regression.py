"""D of single trajectories with its error, by generalised least squares, by blocks and by kinisi, on the same walkers.

python benchmarks/regression.py [--trials 200] [--frames 200] [--atoms 10]

Walkers of known D: independent; in rigid pairs, so that half as many are independent; in a cage about a diffusing
centre. Every method is given the same start of the diffusive window; kinisi takes all lags beyond it, as it is made to.
For each: mean and scatter of D over D, mean of the errors stated, how often they hold the truth (68 % is right), and
CPU time per trajectory. Without kinisi its line is left out.
"""

import argparse
import importlib.util
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from glasswf.trajectory import from_arrays
from glasswf.transport import regression
from glasswf.transport.curves import Curves
from glasswf.transport.diffusion import diffusion
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.uncertainty import Estimate
from glasswf.transport.window import WindowRule
from glasswf.units import A2_PS_TO_CM2_S

DIFFUSIVITY = 0.3  # Å²/ps, with a frame every ps
BOX_A = 2000.0  # nothing crosses it
HEAVY = 1e12  # mass of the atom that holds the frame


@dataclass(frozen=True)
class Walk:
    """Positions (n_frames, n_atoms, 3) in Å, and what the pipeline makes of them."""

    positions: np.ndarray
    curves: Curves
    start_ps: float


def independent(rng: np.random.Generator, n_frames: int, n_atoms: int) -> np.ndarray:
    """Random walkers."""
    return np.cumsum(rng.standard_normal((n_frames, n_atoms, 3)) * np.sqrt(2 * DIFFUSIVITY), axis=0)


def pairs(rng: np.random.Generator, n_frames: int, n_atoms: int) -> np.ndarray:
    """Every two atoms move as one."""
    return np.repeat(independent(rng, n_frames, n_atoms // 2), 2, axis=1)


def caged(rng: np.random.Generator, n_frames: int, n_atoms: int) -> np.ndarray:
    """Vibrations of 0.6 Å² in MSD, forgotten from frame to frame, about a diffusing centre."""
    return independent(rng, n_frames, n_atoms) + np.sqrt(0.1) * rng.standard_normal((n_frames, n_atoms, 3))


def analysed(positions: np.ndarray) -> Walk:
    """The curves of sodium atoms beside one that holds the frame."""
    n_frames, n_atoms = positions.shape[:2]
    together = np.concatenate([positions, np.zeros((n_frames, 1, 3))], axis=1)
    run = from_arrays(
        together, times_ps=np.arange(n_frames) * 1.0, box_lengths_a=np.full(3, BOX_A),
        elements=["Na"] * n_atoms + ["S"], masses=np.array([1.0] * n_atoms + [HEAVY]),
    )  # fmt: skip
    curves = Curves(Ensemble([run]), WindowRule())
    return Walk(positions, curves, diffusion(curves, "Na").window.start_ps)


def by_regression(walk: Walk) -> Estimate:
    """Generalised least squares."""
    return regression.diffusivity(walk.curves, "Na", diffusion(walk.curves, "Na").window)


def by_blocks(walk: Walk) -> Estimate:
    """Straight line, its error from the scatter of blocks."""
    return diffusion(walk.curves, "Na").diffusivity


def by_kinisi(walk: Walk) -> Estimate:
    """Bayesian regression as in kinisi's DiffusionAnalyzer, its 68 % interval from the samples."""
    import scipp as sc
    from kinisi.diffusion import Diffusion
    from kinisi.displacement import calculate_msd
    from kinisi.parser import Parser

    n_frames, n_atoms = walk.positions.shape[:2]
    together = np.concatenate([walk.positions, np.zeros((n_frames, 1, 3))], axis=1) + BOX_A / 2
    cells = np.repeat(np.eye(3)[None] * BOX_A, n_frames, axis=0)
    parsed = Parser(
        sc.array(dims=["time", "particle", "dimension"], values=together / BOX_A),
        sc.array(dims=["time", "dimension1", "dimension2"], values=cells, unit="angstrom"),
        sc.scalar(1.0, unit="ps"),
        sc.scalar(1.0),
        specie_indices=sc.array(dims=["particle"], values=list(range(n_atoms))),
        drift_indices=sc.array(dims=["particle"], values=[n_atoms]),
    )
    found = Diffusion(calculate_msd(parsed, progress=False))
    found._diffusion(sc.scalar(walk.start_ps, unit="ps"), progress=False)
    low, middle, high = np.percentile(found.D.values, [15.865, 50, 84.135])
    return Estimate(float(middle), float(high - low) / 2, 0, "kinisi")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--atoms", type=int, default=10)
    options = parser.parse_args()
    methods = {"regression": by_regression, "blocks": by_blocks, "kinisi": by_kinisi}
    if importlib.util.find_spec("kinisi") is None:
        print("kinisi is not installed, so left out")
        del methods["kinisi"]
    print(f"{options.trials} trajectories of {options.atoms} atoms and {options.frames} frames each; D in units of D")
    print("| walkers | method | mean D | scatter of D | mean error | holds the truth | CPU s each |")
    print("|---|---|---|---|---|---|---|")
    for number, make in enumerate((independent, pairs, caged)):
        rng = np.random.default_rng(number)
        walks = [analysed(make(rng, options.frames, options.atoms)) for _ in range(options.trials)]
        for name, method in methods.items():
            print(f"| {make.__name__} | {name} | {line(method, walks)} |", flush=True)


def line(method: Callable[[Walk], Estimate], walks: list[Walk]) -> str:
    """What one method makes of all walks."""
    np.random.seed(0)  # noqa: NPY002  (kinisi draws from the global generator)
    start = time.process_time()
    found = [method(walk) for walk in walks]
    seconds = (time.process_time() - start) / len(walks)
    values, errors = (np.array(column) for column in zip(*((each.value, each.error) for each in found), strict=True))
    true = DIFFUSIVITY * A2_PS_TO_CM2_S
    inside = np.mean(np.abs(values - true) < errors)
    cells = (values.mean() / true, values.std(ddof=1) / true, errors.mean() / true)
    return " | ".join([*(f"{cell:.3f}" for cell in cells), f"{100 * inside:.0f} %", f"{seconds:.3f}"])


if __name__ == "__main__":
    main()
