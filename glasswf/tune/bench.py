"""Measuring one candidate with the LAMMPS at hand: forces, speed and energy drift of a melt's snapshots."""

import math
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glasswf import cell
from glasswf.errors import LammpsError
from glasswf.files import write_text
from glasswf.forcefield import ForceField
from glasswf.lammps import coefficients, log, mesh
from glasswf.lammps.engine import Engine
from glasswf.lammps.numerics import Numerics
from glasswf.points import Point
from glasswf.statistics import slope_and_error
from glasswf.templates import render
from glasswf.tune import textbook
from glasswf.tune.candidate import Candidate

REFERENCE = Numerics(cutoff_a=12.0, kspace_accuracy=1e-7, skin_a=1.0, coulomb_table_bits=0, kspace_style="ewald")
CHECK = replace(REFERENCE, cutoff_a=10.0, kspace_accuracy=3e-7)
_EWALD_ATOMS = 20_000  # beyond, the sum over wave vectors takes minutes; a fine mesh agrees with it (tests/tune)
_SNAPSHOTS = 3
_HUNG_S = 3600.0
_DRIFT_SAMPLES = 400
_NUMBERS = re.compile(r"\s*\d+ +\S+ +\S+ *$")
_LOOP = re.compile(
    r"^Loop time of (\S+) on \d+ procs for (\d+) steps.*\n\n?Performance.*\n(\S+)% CPU use", re.MULTILINE
)


@dataclass(frozen=True)
class Bench:
    """A cell with its force field in a scratch folder, and the LAMMPS that is measured.

    reach_a: range of the Buckingham terms (Å) that counts as exact.
    """

    folder: Path
    field: ForceField
    point: Point
    engine: Engine
    temperature_k: float
    reach_a: float

    @property
    def elements(self) -> list[str]:
        """Elements in the order of the atom types."""
        return list(self.point.counts)

    @property
    def snapshots(self) -> list[str]:
        """File names of the melt's snapshots."""
        return [f"snapshot.{number}.data" for number in range(1, _SNAPSHOTS + 1)]

    def melt(self, base: Candidate, melt_ps: float, seed: int = 1) -> None:
        """Melt a random start with the settings of `base` and keep snapshots, a quarter of the time apart."""
        point, timestep_fs = self.point, base.timestep_fs
        atoms = cell.random_start(point.counts, point.box_length_a, seed)
        cell.write_data(self.folder / "melt" / "cell.data", atoms, self.elements, point.charges)
        self._write_forcefield(self.folder / "melt", base)
        quarter = max(1, round(melt_ps * 1e3 / timestep_fs / 4))
        lengths = [2 * quarter, *[quarter] * (_SNAPSHOTS - 1)]
        text = render("tune-melt.lammps", title=point.label, timestep_fs=timestep_fs, temperature_k=self.temperature_k,
                      snapshots=list(zip(self.snapshots, lengths, strict=True)))  # fmt: skip
        self._run("melt", text, self.engine)

    def forces(self, candidate: Candidate) -> NDArray[np.float64]:
        """Forces (snapshots, atoms, 3) in eV/Å."""
        return self._forces(self._measure(candidate, forces=True))

    def forces_and_speed(self, candidate: Candidate, steps: int) -> tuple[NDArray[np.float64], float]:
        """Both from one start of LAMMPS."""
        folder = self._measure(candidate, forces=True, steps=steps)
        return self._forces(folder), _speed(folder, candidate)

    def speed(self, candidate: Candidate, steps: int) -> float:
        """Steps per second of the time that the machine gave to LAMMPS."""
        return _speed(self._measure(candidate, steps=steps), candidate)

    def _forces(self, folder: Path) -> NDArray[np.float64]:
        paths = (folder / f"forces.{number}.txt" for number in range(1, _SNAPSHOTS + 1))
        return np.array([np.loadtxt(path, skiprows=9, usecols=(1, 2, 3)) for path in paths])

    def reference(self, textbook_form: bool = False) -> tuple[NDArray[np.float64], float]:
        """Converged forces, and how far (relative RMS) another converged setting is from them.

        Buckingham terms reach as far as the force field, or the yardstick, says.
        """
        reach = textbook.NUMERICS.cutoff_a if textbook_form else self.reach_a
        settings = {"buckingham_cutoff_a": reach} | (
            {"kspace_style": "pppm", "kspace_diff": "ik"} if self.point.n_atoms > _EWALD_ATOMS else {}
        )
        exact, check = (
            self.forces(Candidate(replace(numerics, **settings), 1.0, textbook=textbook_form))
            for numerics in (REFERENCE, CHECK)
        )
        return exact, relative_error(check, exact)[0]

    def drift(self, candidate: Candidate, steps: int) -> tuple[float, float]:
        """Slope of the total energy in NVE and its error, eV/atom/ps: mean of two runs from different snapshots.

        The error holds the scatter within the runs and between them, as a rare close encounter is in one run alone.
        """
        every = max(1, steps // _DRIFT_SAMPLES)
        length = max(steps // every, 20) * every
        folder = self._measure(candidate, ends=True, drift_steps=length, drift_every=every)
        rows = [series[:, 1:] / [1.0, self.point.n_atoms] for series in _energies(_log(folder))]
        (first, first_err), (last, last_err) = (slope_and_error(*series.T) for series in rows)
        within, between = math.hypot(first_err, last_err) / 2, abs(first - last) / 2
        return (first + last) / 2, math.hypot(within, between)

    def _measure(self, candidate: Candidate, **what) -> Path:
        """Run the measurement in a folder of its own; the folder."""
        name = "reference" if candidate.numerics.kspace_style == "ewald" else "candidate"
        self._write_forcefield(self.folder / name, candidate)
        asked = {"forces": False, "ends": False, "steps": 0, "drift_steps": 0, "drift_every": 1} | what
        snapshots = self.snapshots if asked["forces"] else self.snapshots[-1:]
        text = render("tune-measure.lammps", title="measurement", timestep_fs=candidate.timestep_fs,
                      snapshots=[self.snapshots[0], self.snapshots[-1]] if asked["ends"] else snapshots,
                      temperature_k=self.temperature_k, **asked)  # fmt: skip
        lammps = f"{self.engine.lammps} {candidate.options}".strip()
        self._run(name, text, replace(self.engine, lammps=lammps, tasks=candidate.tasks, threads=candidate.threads))
        return self.folder / name

    def _write_forcefield(self, folder: Path, candidate: Candidate) -> None:
        field = textbook.field(self.field) if candidate.textbook else self.field
        numerics, point = candidate.numerics, self.point
        length = numerics.cutoff_a or field.cutoff_a
        grid = mesh.choose(point.counts, point.charges, point.box_length_a, length, numerics)
        if candidate.textbook or numerics.kspace_style != "pppm":
            grid = None
        coefficients.write(folder, field, self.elements, point.charges, numerics, grid)

    def _run(self, name: str, text: str, engine: Engine) -> None:
        """Run a script in the scratch folder. Raises LammpsError with what LAMMPS said."""
        folder = self.folder / name
        write_text(folder / "in.lammps", text)
        command = engine.command(["-in", "in.lammps", "-log", "log.lammps", "-screen", "none"])
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=engine.environment(),
                stdin=subprocess.DEVNULL,
                text=True,
                errors="replace",
                capture_output=True,
                timeout=_HUNG_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise LammpsError(f"no end after {_HUNG_S / 60:g} minutes") from None
        log_file = folder / "log.lammps"
        if done.returncode or log.failed(log_file):
            raise LammpsError(str(log.failure(log_file, done.stdout + done.stderr)))


def relative_error(forces: NDArray, exact: NDArray) -> tuple[float, float]:
    """RMS |F - F_ref| over RMS |F_ref| of all snapshots (n, atoms, 3), and its standard deviation over them."""
    each = np.sqrt(((forces - exact) ** 2).sum(axis=(1, 2)) / (exact**2).sum(axis=(1, 2)))
    overall = np.sqrt(((forces - exact) ** 2).sum() / (exact**2).sum())
    return float(overall), float(each.std(ddof=1)) if len(each) > 1 else float("nan")


def _log(folder: Path) -> str:
    return (folder / "log.lammps").read_text(encoding="utf-8", errors="replace")


def _speed(folder: Path, candidate: Candidate) -> float:
    found = _LOOP.findall(_log(folder))
    if not found:
        raise LammpsError("its log holds no timing")
    wall_s, done, percent = found[-1]
    # Below 100 %, others had the core. With OpenMP it may as well be threads at rest, which are the candidate's own.
    given = min(1.0, float(percent) / 100) if candidate.threads == 1 else 1.0
    return int(done) / (float(wall_s) * given)


def _energies(text: str) -> list[NDArray[np.float64]]:
    """Step, time and total energy (n, 3) of every run in a log that tells them."""
    series = []
    for part in re.split(r"^ +Step +Time +TotEng *$", text, flags=re.MULTILINE)[1:]:
        lines = part.partition("Loop time")[0].splitlines()
        series.append(np.array([line.split() for line in lines if _NUMBERS.match(line)], dtype=float))
    return series
