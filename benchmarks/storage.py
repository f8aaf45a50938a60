"""Bytes and reading time of one melt kept in different ways: text, compressed text, H5MD, XTC, DCD, NetCDF, TRR.

    python benchmarks/storage.py

Runs a melt of 3000 atoms of Na2SiS3 at 2000 K first, 200 frames 60 fs apart (four minutes), unless --dump names one.
Everything is read by glasswf.trajectory.open into an array of positions in double precision; readers take turns, CPU
time on one core, the best of the repeats. Prints a table and writes it to docs/size/storage.csv.
"""

import argparse
import csv
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_variable] = "1"

import chemfiles  # noqa: E402  (the threads must be set before)
import numpy as np  # noqa: E402
import zstandard  # noqa: E402
from scaling import Cell  # noqa: E402

from glasswf import trajectory  # noqa: E402
from glasswf.trajectory import h5md  # noqa: E402

OUT = Path(__file__).parents[1] / "docs" / "size"
PRECISIONS_A = (None, 1e-5, 1e-3, 1e-2)
OTHERS = {"XTC": "xtc", "DCD": "dcd", "TRR": "trr", "NetCDF (AMBER)": "nc"}  # by chemfiles
TIMELESS = ("DCD", "NetCDF (AMBER)")


def write_text(path: Path, found: trajectory.Trajectory) -> None:
    """Positions alone, as our runs dump them."""
    with path.open("w") as handle:
        for index, step in enumerate(found.steps.tolist()):
            handle.write("" if index else "ITEM: UNITS\nmetal\n")
            handle.write(f"ITEM: TIME\n{found.times_ps[index]:.10g}\nITEM: TIMESTEP\n{step}\n")
            handle.write(f"ITEM: NUMBER OF ATOMS\n{found.n_atoms}\nITEM: BOX BOUNDS pp pp pp\n")
            handle.write("".join(f"0.0 {length:.17g}\n" for length in found.box_lengths_a[index]))
            handle.write("ITEM: ATOMS id type element xu yu zu\n")
            rows = zip(found.types, found.elements, found.positions[index].tolist(), strict=True)
            handle.writelines(f"{number} {kind} {element} {x:.5f} {y:.5f} {z:.5f}\n"
                              for number, (kind, element, (x, y, z)) in enumerate(rows, start=1))  # fmt: skip


def write_all(folder: Path, found: trajectory.Trajectory) -> Iterator[tuple[str, Path, float]]:
    """Name, file and time of writing of each way."""
    text = folder / "text.lammpstrj"
    write_text(text, found)
    yield "text dump", text, 0.0
    start = time.process_time()
    packed = folder / "text.lammpstrj.zst"
    with text.open("rb") as source, zstandard.open(packed, "wb", cctx=zstandard.ZstdCompressor(level=3)) as sink:
        shutil.copyfileobj(source, sink)
    yield "text dump, zstd", packed, time.process_time() - start
    for precision in PRECISIONS_A:
        path = folder / f"{precision}.h5md"
        start = time.process_time()
        h5md.write(path, found, precision)
        yield f"H5MD, {f'{precision:g} Å' if precision else 'exact'}", path, time.process_time() - start
    for name, suffix in OTHERS.items():
        path = folder / f"other.{suffix}"
        start = time.process_time()
        write_other(path, found)
        yield name, path, time.process_time() - start


def write_other(path: Path, found: trajectory.Trajectory) -> None:
    with chemfiles.Trajectory(str(path), "w") as sink:
        for index in range(found.n_frames):
            frame = chemfiles.Frame()
            frame.resize(found.n_atoms)
            frame.positions[:] = found.positions[index]
            frame.cell = chemfiles.UnitCell(found.box_lengths_a[index].tolist())
            frame.step = index
            frame["time"] = float(found.times_ps[index])
            sink.write(frame)


def measure(dump: Path, repeats: int) -> list[dict]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = trajectory.open(dump)
        topology = folder / "cell.extxyz"
        _extended(topology, found)
        ways = list(write_all(folder, found))
        times: dict[str, list[float]] = {way: [] for way, _, _ in ways}
        errors: dict[str, float] = {}
        for _ in range(repeats + 1):  # the first loads compiled code
            for way, path, _ in ways:
                options = {"topology": topology} if way in OTHERS else {}
                options |= {"timestep_fs": 1000 * found.timestep} if way in TIMELESS else {}
                start = time.process_time()
                read = trajectory.open(path, **options).positions
                times[way].append(time.process_time() - start)
                errors[way] = float(np.abs(read - found.positions).max())
        count = found.n_frames * found.n_atoms
        text = min(times["text dump"][1:])
        return [
            {
                "kept as": way,
                "bytes_per_atom_frame": f"{path.stat().st_size / count:.2f}",
                "largest_error_a": f"{errors[way]:.1g}",
                "write_us_per_atom_frame": f"{written / count * 1e6:.2f}",
                "read_us_per_atom_frame": f"{min(times[way][1:]) / count * 1e6:.3f}",
                "read_time_over_text": f"{min(times[way][1:]) / text:.2f}",
            }
            for way, path, written in ways
        ]


def _extended(path: Path, found: trajectory.Trajectory) -> None:
    import ase
    import ase.io

    ase.io.write(path, ase.Atoms(found.elements.tolist(), found.positions[0], cell=found.box_lengths_a[0], pbc=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dump", type=Path, help="a dump to take instead")
    parser.add_argument("--folder", type=Path, default=Path("runs-scaling"), help="where the run goes")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    dump = options.dump
    if dump is None:
        melt = Cell(options.folder.resolve(), 3000, 200, every=30, temperature_k=2000)
        if not melt.done:
            melt.build()
            melt.run()
        dump = melt.dump
    rows = measure(dump, options.repeats)
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "storage.csv").open("w", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print(" | ".join(rows[0]))
    for row in rows:
        print(" | ".join(row.values()))


if __name__ == "__main__":
    main()
