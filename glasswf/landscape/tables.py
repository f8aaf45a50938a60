"""Rows of the landscape tables for one series of glasses, from its resolved mapping (glasswf.theories.specs)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from glasswf.config.theories import Glasses
from glasswf.landscape import network, percolation, walks
from glasswf.landscape.fit import attempt_frequency, fit_energies
from glasswf.landscape.model import Glass
from glasswf.landscape.occupation import fermi_level
from glasswf.landscape.study import Average, activation_energies, conductivity_averages
from glasswf.theories import units, xs

Tell = Callable[[str, int, int], None]  # what is being done, samples done, samples in all

_FIT_SIZE = 50  # N_L of fits at most: they need some thirty evaluations


@dataclass(frozen=True)
class Study:
    """One series: `spec` as written by glasswf.theories.specs, worker processes, and where progress is told."""

    spec: Mapping
    processes: int = 1
    tell: Tell = lambda what, done, total: None

    def tables(self) -> dict[str, list[dict]]:
        """Rows of every landscape table of glasswf.results.MODEL_TABLES."""
        method = self.spec["method"]
        return {
            "landscape_units": self._units(),
            "landscape_energy": self._curve() + self._measured_energies() + (self._sizes() if method else []),
            "landscape_conductivity": self._conductivities() + self._arrhenius() + self._measured_conductivities()
            + (self._walks() if method and method["kmc"] else []),
            "landscape_sites": self._sites() if method else [],
        }  # fmt: skip

    @cached_property
    def series(self) -> Glasses:
        """The series as configured."""
        return Glasses.model_validate(self.spec["series"])

    @cached_property
    def parameters(self) -> tuple[float, float, float | None, float | None]:
        """V₀ (eV) and σ_ε, as given, or fitted to measured activation energies and then with their errors."""
        series = self.series
        points = [row for row in self.spec["measured"] if row.get("activation_energy_ev")]
        if series.fit == "none" or not points:
            return series.v0_ev, series.sigma, None, None
        if series.fit == "ends":
            points = [min(points, key=lambda row: row["x"]), max(points, key=lambda row: row["x"])]
        glasses = [self._bare(row["x"]) for row in points]
        errors = [row.get("activation_energy_err_ev") for row in points]
        part = self.spec["activation"]
        found = fit_energies(
            glasses, [row["activation_energy_ev"] for row in points], errors if all(errors) else None,
            min(_FIT_SIZE, part["size"]), part["samples"], self.spec["seed"], processes=self.processes,
        )  # fmt: skip
        return found.v0_ev, found.sigma, found.v0_err_ev, found.sigma_err

    def glass(self, x: float, attempt_hz: float | None = None) -> Glass:
        """The model of one composition."""
        v0, sigma, *_ = self.parameters
        glass = replace(self._bare(x), v0_ev=v0, sigma=sigma, u0_ev=self.series.u0 * v0)
        return glass if attempt_hz is None else replace(glass, attempt_hz=attempt_hz)

    def _bare(self, x: float) -> Glass:
        s = self.series
        return Glass(units(s, x), s.v0_ev, s.sigma, s.u0 * s.v0_ev, s.vacant, s.jump_a, s.attempt_hz)

    def _point(self, x: float) -> dict:
        return {"series": self.series.name, "y": self.series.y, "x": x}

    def _known(self, x: float) -> float:
        """x, or the nearest for which the user gave the units."""
        return min(self.series.units, key=lambda own: abs(own - x)) if self.series.units else x

    def _units(self) -> list[dict]:
        return [
            self._point(x) | {"unit": unit, "fraction": fraction}
            for x in xs(self.series, self.spec["activation"]["x_step"])
            for unit, fraction in units(self.series, x).items()
        ]

    def _curve(self) -> list[dict]:
        part = self.spec["activation"]
        points = xs(self.series, part["x_step"])
        found = activation_energies(
            [self.glass(x) for x in points], part["size"], part["samples"], self.spec["seed"],
            processes=self.processes, progress=self._progress("activation energies"),
        )  # fmt: skip
        return [self._energy("curve", x, each, part["size"]) for x, each in zip(points, found, strict=True)]

    def _sizes(self) -> list[dict]:
        x, samples = self._known(self.spec["sizes_x"]), self.spec["activation"]["samples"]
        found = []
        for size in self.spec["method"]["sizes"]:
            (each,) = activation_energies(
                [self.glass(x)], size, samples, self.spec["seed"], processes=self.processes,
                progress=self._progress(f"lattice of {size}³ sites"),
            )  # fmt: skip
            found.append(self._energy("size", x, each, size))
        return found

    def _energy(self, kind: str, x: float, found: Average, size: int) -> dict:
        v0, sigma, v0_error, sigma_error = self.parameters
        return self._point(x) | {
            "kind": kind, "activation_energy_ev": found.mean, "activation_energy_err_ev": found.error,
            "deviation_ev": found.deviation, "size": size, "n_samples": found.n_samples, "v0_ev": v0,
            "v0_err_ev": v0_error, "sigma": sigma, "sigma_err": sigma_error,
        }  # fmt: skip

    def _conductivities(self) -> list[dict]:
        part, temperatures = self.spec["conductivity"], self.spec["temperatures_k"]
        points = xs(self.series, part["x_step"])
        found = self._averages([self.glass(x) for x in points], temperatures, "conductivities")
        rows = []
        for x, averages in zip(points, found, strict=True):
            rows += self._rows("curve", x, temperatures, averages, self.series.attempt_hz)
            rows += self._adapted(x, temperatures, averages)
        return rows

    def _adapted(self, x: float, temperatures: Sequence[float], averages: Sequence[Average]) -> list[dict]:
        """The same with ν brought to the measurements of this composition at these temperatures, if there are any."""
        own = {row["temperature_k"]: row["conductivity_s_cm"] for row in self.spec["measured"]
               if row.get("conductivity_s_cm") and row.get("temperature_k") and abs(row["x"] - x) < 1e-6}  # fmt: skip
        both = [(own[t], each.mean) for t, each in zip(temperatures, averages, strict=True) if t in own]
        if not both:
            return []
        theirs, ours = zip(*both, strict=True)
        hz = attempt_frequency(ours, theirs, self.series.attempt_hz)
        scaled = [_scaled(each, hz / self.series.attempt_hz) for each in averages]
        return self._rows("adapted", x, temperatures, scaled, hz)

    def _arrhenius(self) -> list[dict]:
        part = self.spec["arrhenius"]
        frequencies = part["attempt_hz"] or [self.series.attempt_hz] * len(part["x"])
        temperatures = np.arange(part["from_k"], part["to_k"] + part["step_k"] / 2, part["step_k"]).tolist()
        known = [(self._known(x), hz) for x, hz in zip(part["x"], frequencies, strict=True)]
        found = self._averages(
            [self.glass(x, hz) for x, hz in known], temperatures, "conductivities against temperature"
        )
        return [
            row
            for (x, hz), averages in zip(known, found, strict=True)
            for row in self._rows("arrhenius", x, temperatures, averages, hz)
        ]

    def _averages(self, glasses: list[Glass], temperatures: Sequence[float], what: str) -> list[list[Average]]:
        part = self.spec["conductivity"]
        return conductivity_averages(
            glasses, temperatures, part["size"], part["samples"], self.spec["seed"], processes=self.processes,
            progress=self._progress(what),
        )  # fmt: skip

    def _rows(
        self, kind: str, x: float, temperatures: Sequence[float], averages: Sequence[Average], attempt_hz: float,
        size: int | None = None,
    ) -> list[dict]:  # fmt: skip
        return [
            self._point(x) | {
                "kind": kind, "temperature_k": temperature, "conductivity_s_cm": each.mean,
                "conductivity_err_s_cm": each.error, "deviation_s_cm": each.deviation, "attempt_hz": attempt_hz,
                "size": size or self.spec["conductivity"]["size"], "n_samples": each.n_samples,
            }
            for temperature, each in zip(temperatures, averages, strict=True)
        ]  # fmt: skip

    def _walks(self) -> list[dict]:
        """Kinetic Monte Carlo, and the network on the very same landscapes."""
        part = self.spec["method"]["kmc"]
        x = self._known(part["x"])
        found = walks.compare(
            self.glass(x), part["temperatures_k"], part["size"], part["samples"], part["frames"],
            self.spec["seed"], processes=self.processes, progress=self._progress("kinetic Monte Carlo"),
        )  # fmt: skip
        return [
            row
            for kind, averages in found.items()
            for row in self._rows(kind, x, part["temperatures_k"], averages, self.series.attempt_hz, part["size"])
        ]

    def _sites(self) -> list[dict]:
        """One lattice plane along the field through the bottleneck, and a best path."""
        x, size = self._known(self.spec["sizes_x"]), self.spec["method"]["picture_size"]
        glass = self.glass(x)
        sample = glass.landscape(size, np.random.SeedSequence([self.spec["seed"], 0]))
        energies = sample.energies(glass.v0_ev, glass.sigma)
        links = network.links(sample.accessible, size)
        barriers = network.barriers(energies, links, fermi_level(energies, sample.n_ions), glass.u0_ev)
        found = percolation.critical(links, barriers)
        inside = percolation.cluster(links, barriers, found.barrier)
        plane = int(links.site_start[found.link] % size)
        slice_ = range(plane, size**3, size)
        path = [int(site) for link in found.path for site in (links.site_start[link], links.site_end[link])]
        return [self._site("slice", x, site, size, energies, inside) for site in slice_] + [
            self._site("path", x, site, size, energies, inside) for site in dict.fromkeys(path)
        ]

    def _site(self, part: str, x: float, site: int, size: int, energies: np.ndarray, inside: np.ndarray) -> dict:
        energy = float(energies[site])
        return self._point(x) | {
            "part": part, "a": site // size**2, "b": site // size % size, "c": site % size,
            "energy_ev": energy if np.isfinite(energy) else None, "in_cluster": bool(inside[site]),
        }  # fmt: skip

    def _measured_energies(self) -> list[dict]:
        return [
            self._point(row["x"]) | {
                "kind": "experiment", "activation_energy_ev": row["activation_energy_ev"],
                "activation_energy_err_ev": row.get("activation_energy_err_ev"),
            }
            for row in self.spec["measured"] if row.get("activation_energy_ev")
        ]  # fmt: skip

    def _measured_conductivities(self) -> list[dict]:
        return [
            self._point(row["x"]) | {
                "kind": "experiment", "temperature_k": row["temperature_k"],
                "conductivity_s_cm": row["conductivity_s_cm"],
            }
            for row in self.spec["measured"] if row.get("conductivity_s_cm") and row.get("temperature_k")
        ]  # fmt: skip

    def _progress(self, what: str) -> Callable[[int, int], None]:
        return lambda done, total: self.tell(f"{self.series.name}: {what}", done, total)


def _scaled(each: Average, factor: float) -> Average:
    return replace(each, mean=each.mean * factor, error=each.error * factor, deviation=each.deviation * factor)
