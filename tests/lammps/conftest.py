import io
import sys
from pathlib import Path

import pytest

from glasswf import cell
from glasswf import config as configuration
from glasswf import plan as planning
from glasswf.lammps import run as running
from glasswf.lammps.engine import Engine
from glasswf.lammps.progress import Progress
from glasswf.results import read_json


class Bench:
    """A working folder with the specifications of a tiny configuration, and ways to run them."""

    def __init__(self, folder: Path, data: dict) -> None:
        self.folder = folder
        self.plan = planning.make(configuration.from_mapping(data), folder)
        planning.write_specs(self.plan, folder)

    def spec_file(self, name: str) -> Path:
        return self.folder / self.plan.run(self.plan.points[0], 1, name).spec_file

    def run_folder(self, name: str) -> Path:
        return self.spec_file(name).with_suffix("")

    def cell(self) -> None:
        spec = read_json(self.spec_file("cell"))
        atoms = cell.build(spec, self.folder)
        cell.write_data(self.run_folder("cell") / "cell.data", atoms, list(spec["counts"]), spec["charges"])

    def run(self, name: str, engine: Engine | None = None) -> dict:
        self.progress = io.StringIO()
        spec = read_json(self.spec_file(name))
        progress = Progress(spec, self.progress, every_s=0.0)
        return running.run(self.spec_file(name), engine or Engine(), self.folder, progress)

    def command(self, name: str) -> list[str]:
        return [sys.executable, "-m", "glasswf.lammps.run", str(self.spec_file(name).relative_to(self.folder))]


@pytest.fixture
def one_point(tiny) -> dict:
    tiny["systems"] = [{"name": "NS", "series": "NS", "m": 2.0}]
    tiny["replicas"] = 1
    return tiny


@pytest.fixture
def bench(tmp_path, one_point) -> Bench:
    found = Bench(tmp_path, one_point)
    found.cell()
    return found
