"""Every format gives the motion that was written, from LAMMPS itself where it can write it."""

import struct

import ase
import ase.io
import ase.units
import chemfiles
import h5py
import numpy as np
import pytest
from dumps import CHARGES, dump_text, species, walk, write
from scipy.io import netcdf_file

from glasswf import trajectory
from glasswf.errors import TrajectoryError
from glasswf.lammps import library

_INPUT = """
units metal
boundary p p p
lattice sc 3.0
region b block 0 3 0 3 0 3
create_box 2 b
create_atoms 1 box
mass 1 22.99
mass 2 32.06
set group all type/fraction 2 0.5 123
velocity all create 20000 1
pair_style lj/cut 4
pair_coeff * * 0.01 2.5
neighbor 0.5 bin
neigh_modify every 1 delay 0
fix 1 all nve
timestep 0.002
{dumps}
run 200
"""
_DUMPS = {
    "text": "custom 10 {0} id type xu yu zu vx vy vz\ndump_modify text units yes time yes format float %.17g",
    "bin": "custom 10 {0} id type xu yu zu vx vy vz\ndump_modify bin units yes time yes",
    "images": "custom 10 {0} id type x y z ix iy iz\ndump_modify images units yes time yes",
    "sorted": "custom 10 {0} type zs id ys xs\ndump_modify sorted units yes time yes sort id",
    "bare": "custom 10 {0} id type xu yu zu",
    "unwrapped": "dcd 10 {0}\ndump_modify unwrapped unwrap yes",
    "wrapped": "dcd 10 {0}",
    "xyz": "extxyz 10 {0}\ndump_modify xyz element Na S",
}
_SUFFIX = {"text": "dump", "xyz": "xyz", "wrapped": "dcd", "unwrapped": "dcd"}
BY_TYPE = {"elements": ["Na", "S"]}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One run of fast atoms in a tiny box, dumped in every way at once; {name: path}, and the data file."""
    folder = tmp_path_factory.mktemp("lammps")
    paths = {name: folder / f"{name}.{_SUFFIX.get(name, 'bin')}" for name in _DUMPS}
    dumps = "\n".join(f"dump {name} all {words.format(paths[name])}" for name, words in _DUMPS.items())
    engine = library.load().lammps(cmdargs=["-log", "none", "-screen", "none", "-nocite"])
    engine.commands_string(_INPUT.format(dumps=dumps))
    engine.command(f"write_data {folder / 'cell.data'} nocoeff")
    engine.close()
    return paths | {"data": folder / "cell.data"}


@pytest.fixture(scope="module")
def expected(made):
    read = trajectory.open(made["text"], velocities=True, **BY_TYPE)
    assert np.ptp(np.floor(read.positions / 9), axis=0).any()  # atoms cross faces
    return read


def moved(positions):
    return positions - positions[0]


@pytest.mark.lammps
@pytest.mark.parametrize(
    ("name", "tolerance", "options"),
    [
        ("bin", 1e-12, BY_TYPE),
        ("images", 1e-12, BY_TYPE),
        ("sorted", 1e-12, BY_TYPE),
        ("bare", 1e-12, BY_TYPE | {"timestep_fs": 2.0}),
        ("unwrapped", 1e-5, {"topology": "data"}),
        ("wrapped", 1e-5, {"topology": "data"}),
        ("xyz", 2e-5, {"timestep_fs": 2.0}),
    ],
)
def test_lammps_writes_one_motion_in_many_formats(made, expected, name, tolerance, options):
    if "topology" in options:
        options = {"topology": made["data"]}
    read = trajectory.open(made[name], **options)
    np.testing.assert_allclose(moved(read.positions), moved(expected.positions), atol=tolerance)
    np.testing.assert_allclose(read.times_ps, expected.times_ps, atol=1e-6)
    np.testing.assert_array_equal(read.steps, expected.steps)
    np.testing.assert_allclose(read.box_lengths_a, 9.0, rtol=1e-6)
    np.testing.assert_array_equal(read.elements, expected.elements)
    np.testing.assert_array_equal(read.ids, expected.ids)


@pytest.mark.lammps
def test_velocities_of_binary_dumps(made, expected):
    read = trajectory.open(made["bin"], velocities=True, **BY_TYPE)
    np.testing.assert_array_equal(read.velocities, expected.velocities)
    np.testing.assert_array_equal(read.positions, expected.positions)


@pytest.mark.lammps
def test_what_was_decided_is_said(made):
    notes = {name: trajectory.open(made[name], topology=made["data"]).notes for name in ("wrapped", "unwrapped")}
    assert "taken as wrapped" in notes["wrapped"][0]
    assert "taken as unwrapped" in notes["unwrapped"][0]
    assert trajectory.open(made["bin"], **BY_TYPE).notes == ()
    assert "continued by the minimum image" in trajectory.open(made["sorted"], **BY_TYPE).notes[0]


# Binary dumps


def old_layout(path, positions, order="<", columns=5, step=0):
    """A binary dump as LAMMPS wrote it before 2021, in two pieces."""
    rows = np.column_stack(
        [np.arange(1, len(positions[0]) + 1), np.ones(len(positions[0])), np.zeros_like(positions[0])]
    )
    with path.open("wb") as handle:
        for index, frame in enumerate(positions):
            rows[:, 2:] = frame
            handle.write(struct.pack(order + "qqi6i6d", step + 10 * index, len(frame), 0, *[0] * 6, *[0.0, 10.0] * 3))
            handle.write(struct.pack(order + "ii", columns, 2))
            for piece in (rows[:4], rows[4:]):
                handle.write(struct.pack(order + "i", piece.size) + piece.astype(order + "f8").tobytes())
    return path


OLD = {"elements": ["Na"], "timestep_fs": 1.0, "columns": ["id", "type", "xu", "yu", "zu"]}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("step", [0, 10**6])
def test_old_binary_dumps_of_either_byte_order(tmp_path, order, step):
    path = old_layout(tmp_path / "old.bin", walk(), order, step=step)
    read = trajectory.open(path, **OLD)
    np.testing.assert_array_equal(read.positions, walk())
    assert read.steps.tolist() == [step + 10 * i for i in range(6)]


def refused(match, path, **options):
    with pytest.raises(TrajectoryError, match=match) as caught:
        trajectory.open(path, **options)
    assert "\n" not in str(caught.value)


def test_old_binary_dumps_need_their_columns(tmp_path):
    path = old_layout(tmp_path / "old.bin", walk())
    refused(r"frame 1 \(step 0\): an old binary dump, which does not name its 5 columns", path)
    refused(r"5 columns, not the 2 of 'id x'", path, columns=["id", "x"])


@pytest.mark.lammps
def test_cut_or_corrupt_binary_dumps(made, tmp_path):
    data = made["bin"].read_bytes()
    bad = tmp_path / "bad.bin"
    for size in (len(data) - 1, len(data) - 900, 1400, 60, 12):
        bad.write_bytes(data[:size])
        refused(r"bad.bin.*(cut short|corrupt|known format)", bad, **BY_TYPE)
    columns = data.index(b"id type")
    bad.write_bytes(data[: columns + 25 + 4] + b"\xff" * 4 + data[columns + 33 :])
    refused(r"bad.bin, frame 1 \(step 0\): .*makes no sense; the file is corrupt", bad, **BY_TYPE)
    bad.write_bytes(data.replace(b"metal", b"realx").replace(b"realx", b"real "))
    refused(r"units real *; only LAMMPS metal units", bad, **BY_TYPE)


@pytest.mark.parametrize(
    ("offset", "value", "match"),
    [(16, 1, "the box is triclinic"), (20, 2, "not periodic along every axis")],
)
def test_boxes_of_binary_dumps(tmp_path, offset, value, match):
    path = old_layout(tmp_path / "old.bin", walk())
    data = bytearray(path.read_bytes())
    data[offset] = value
    path.write_bytes(data)
    refused(match, path, **OLD)


# DCD


def dcd(
    path, positions, *, title=b"Created by NAMD", delta=1 / 48.88821, cell=(10, 0, 10, 0, 0, 10), order="<", every=5
):
    """A DCD file as CHARMM and NAMD write it; delta in AKMA time."""

    def record(body):
        return struct.pack(order + "i", len(body)) + body + struct.pack(order + "i", len(body))

    control = [len(positions), every, every, every * len(positions), *[0] * 15, 24]
    control[10] = 1
    body = struct.pack(order + "20i", *control)
    body = body[:36] + struct.pack(order + "f", delta) + body[40:]
    out = record(b"CORD" + body) + record(struct.pack(order + "i", 1) + title.ljust(80))
    out += record(struct.pack(order + "i", len(positions[0])))
    for frame in positions:
        out += record(struct.pack(order + "6d", *cell))
        out += b"".join(record(axis.astype(order + "f4").tobytes()) for axis in frame.T)
    path.write_bytes(out)
    return path


@pytest.fixture
def cell(tmp_path):
    atoms = ase.Atoms(species(9), positions=walk()[0], cell=[10] * 3, pbc=True)
    atoms.set_initial_charges([CHARGES[name] for name in species(9)])
    ase.io.write(tmp_path / "cell.extxyz", atoms, format="extxyz")
    return tmp_path / "cell.extxyz"


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("angles", [0.0, 90.0])
def test_dcd_of_either_byte_order_with_akma_time(tmp_path, cell, order, angles):
    path = dcd(tmp_path / "a.dcd", walk(), order=order, cell=(10, angles, 10, angles, angles, 10))
    read = trajectory.open(path, topology=cell)
    np.testing.assert_allclose(read.positions, walk(), atol=1e-5)
    np.testing.assert_allclose(read.times_ps, 0.005 * np.arange(1, 7), rtol=1e-5)  # 5 steps of 1 fs
    assert read.elements.tolist() == species(9)
    assert read.charges.tolist() == [CHARGES[name] for name in species(9)]


def test_dcd_agrees_with_chemfiles(tmp_path, cell):
    path = dcd(tmp_path / "a.dcd", walk())
    with chemfiles.Trajectory(str(path)) as source:
        other = [np.array(frame.positions) for frame in (source.read() for _ in range(source.nsteps))]
    np.testing.assert_allclose(trajectory.open(path, topology=cell).positions, other, atol=1e-6)


def test_dcd_faults(tmp_path, cell):
    good = dcd(tmp_path / "a.dcd", walk()).read_bytes()
    bad = tmp_path / "bad.dcd"
    bad.write_bytes(good[:-10])
    refused(r"bad.dcd, frame 6 \(step 30\): the file ends in the middle of it", bad, topology=cell)
    bad.write_bytes(good[:-60] + b"\1" * 20 + good[-40:])
    refused(
        r"bad.dcd, frame 6 \(step 30\): (record of a wrong length|an atom moved|coordinates of)", bad, topology=cell
    )
    bad.write_bytes(good[:196])
    refused(r"bad.dcd: no frames", bad, topology=cell)
    unknown = dcd(tmp_path / "b.dcd", walk(), title=b"who knows")
    refused(
        r"b.dcd: the header does not say in what unit its timestep is; give the MD timestep", unknown, topology=cell
    )
    assert trajectory.open(unknown, topology=cell, timestep_fs=2).timestep == pytest.approx(0.01)
    tilted = dcd(tmp_path / "c.dcd", walk(), cell=(10, 80, 10, 90, 90, 10))
    refused(r"c.dcd, frame 1 \(step 5\): the box is triclinic", tilted, topology=cell)
    refused(r"DCD files hold no velocities", unknown, topology=cell, velocities=True)
    refused(r"b.dcd: no elements and no types in the file; give a topology", unknown, timestep_fs=1)


def test_real_units_of_a_lammps_dcd_are_not_taken_for_ps(tmp_path, cell):
    path = dcd(tmp_path / "a.dcd", walk(), title=b"Written by LAMMPS", delta=1.0)
    refused("does not say in what unit", path, topology=cell)


# XTC, TRR, NetCDF


def through_chemfiles(path, positions, velocities=None, time_ps=0.5, cell=(10, 10, 10)):
    frame = chemfiles.Frame()
    frame.resize(len(positions[0]))
    frame.cell = chemfiles.UnitCell(list(cell))
    if velocities is not None:
        frame.add_velocities()
    with chemfiles.Trajectory(str(path), "w") as target:
        for index, each in enumerate(positions):
            frame.positions[:] = each
            if velocities is not None:
                frame.velocities[:] = velocities[index]
            frame.step, frame["time"] = 100 * index, time_ps * index
            target.write(frame)
    return path


@pytest.mark.parametrize(("suffix", "tolerance"), [("xtc", 6e-3), ("trr", 1e-5)])
def test_gromacs_files(tmp_path, cell, suffix, tolerance):
    path = through_chemfiles(tmp_path / f"a.{suffix}", walk(), 3 * walk())
    read = trajectory.open(path, topology=cell, velocities=suffix == "trr")
    np.testing.assert_allclose(read.positions, walk(), atol=tolerance)
    np.testing.assert_allclose(read.times_ps, 0.5 * np.arange(6))
    assert read.steps.tolist() == [0, 100, 200, 300, 400, 500]
    if suffix == "trr":
        np.testing.assert_allclose(read.velocities, 3 * walk(), rtol=1e-5)


def test_gromacs_faults(tmp_path, cell):
    path = through_chemfiles(tmp_path / "a.trr", walk())
    refused("a.trr, frame 1 .*: no velocities; write them", path, topology=cell, velocities=True)
    path.write_bytes(path.read_bytes()[:-20])
    refused("a.trr: not a complete TRR file .*cut short", path, topology=cell)
    boxless = through_chemfiles(tmp_path / "b.xtc", walk(), cell=(0, 0, 0))
    refused("b.xtc, frame 1 .*: no box", boxless, topology=cell)
    refused("XTC files hold no velocities", boxless, topology=cell, velocities=True)


def netcdf(path, positions, **extra):
    """As AMBER writes it; extra: further variables per atom and frame."""
    with netcdf_file(path, "w") as target:
        for name, size in {"frame": None, "spatial": 3, "atom": len(positions[0])}.items():
            target.createDimension(name, size)
        layout = {"time": ((), 0.5 * np.arange(len(positions)), "picosecond", None),
                  "cell_lengths": (("spatial",), np.full((len(positions), 3), 10.0), "angstrom", None),
                  "cell_angles": (("spatial",), np.full((len(positions), 3), 90.0), "degree", None),
                  "coordinates": (("atom", "spatial"), positions, "angstrom", None)} | extra  # fmt: skip
        for name, (dimensions, values, units, factor) in layout.items():
            variable = target.createVariable(name, "d", ("frame", *dimensions))
            variable.units = units
            if factor:
                variable.scale_factor = factor
            for index, each in enumerate(values):
                variable[index] = each
    return path


def test_netcdf_of_amber_with_scaled_velocities(tmp_path, cell):
    velocity = (("atom", "spatial"), walk() / 20.455, "angstrom/picosecond", 20.455)
    read = trajectory.open(netcdf(tmp_path / "a.nc", walk(), velocities=velocity), topology=cell, velocities=True)
    np.testing.assert_array_equal(read.positions, walk())
    np.testing.assert_allclose(read.velocities, walk(), rtol=1e-7)
    np.testing.assert_allclose(read.times_ps, 0.5 * np.arange(6))


def test_netcdf_of_lammps_with_atoms_in_any_order(tmp_path):
    rng = np.random.default_rng(3)
    orders = [rng.permutation(9) for _ in range(6)]
    mixed = np.array([frame[order] for frame, order in zip(walk(), orders, strict=True)])
    ids = (("atom",), [order + 1 for order in orders], "", None)
    types = (("atom",), [order % 3 + 1 for order in orders], "", None)
    time = ((), 100 * np.arange(6), "femtosecond", 2.0)
    read = trajectory.open(netcdf(tmp_path / "a.nc", mixed, id=ids, type=types, time=time), elements=["Na", "Si", "S"])
    np.testing.assert_array_equal(read.positions, walk())
    np.testing.assert_allclose(read.times_ps, 0.2 * np.arange(6))
    assert read.elements.tolist() == species(9)


def test_netcdf_faults(tmp_path, cell):
    good = netcdf(tmp_path / "a.nc", walk())
    bad = tmp_path / "bad.nc"
    bad.write_bytes(good.read_bytes()[:-100])
    refused("bad.nc: not a complete NetCDF-3 file", bad, topology=cell)
    with h5py.File(bad, "w"):
        pass
    refused("bad.nc: HDF5, but not H5MD .*nccopy -3", bad)
    strange = netcdf(tmp_path / "b.nc", walk(), time=((), np.arange(6), "year", None))
    refused("b.nc: time in year; one of picosecond", strange, topology=cell)
    refused("a.nc: no variable velocities", good, topology=cell, velocities=True)
    late = netcdf(tmp_path / "c.nc", walk(), time=((), [0, 1, 2, 2, 3, 4], "picosecond", None))
    refused("c.nc, frame 4: comes after time 2.0; times must increase", late, topology=cell)


# Extended XYZ


def extended(path, positions, momenta=None, **info):
    frames = []
    for index, frame in enumerate(positions):
        atoms = ase.Atoms(species(len(frame)), positions=frame, cell=[10] * 3, pbc=True)
        atoms.set_initial_charges([CHARGES[name] for name in species(len(frame))])
        atoms.info = {"Timestep": 50 * index} | info
        if momenta is not None:
            atoms.set_momenta(momenta[index])
        frames.append(atoms)
    ase.io.write(path, frames, format="extxyz")
    return path


def test_extended_xyz_of_ase(tmp_path):
    atoms = ase.Atoms(species(9))
    speeds = walk(seed=4)
    momenta = speeds / (1000 * ase.units.fs) * atoms.get_masses()[:, None]
    read = trajectory.open(extended(tmp_path / "a.xyz", walk(), momenta), timestep_fs=2, velocities=True)
    np.testing.assert_allclose(read.positions, walk(), atol=1e-7)
    np.testing.assert_allclose(read.velocities, speeds, atol=1e-5)
    np.testing.assert_allclose(read.times_ps, 0.1 * np.arange(6))
    assert read.elements.tolist() == species(9)
    assert read.charges.tolist() == [CHARGES[name] for name in species(9)]
    assert "does not say whether coordinates are wrapped" in read.notes[0]


def test_extended_xyz_that_counts_no_steps(tmp_path):
    path = extended(tmp_path / "a.xyz", walk())
    path.write_text("\n".join(line.replace("Timestep", "Other") for line in path.read_text().splitlines()) + "\n")
    assert trajectory.open(path, timestep_fs=50).timestep == pytest.approx(0.05)


def test_extended_xyz_faults(tmp_path):
    text = extended(tmp_path / "a.xyz", walk()).read_text()
    lines = text.splitlines()
    cases = {
        r"plain XYZ has no box; write extended XYZ": "2\ncomment\nNa 0 0 0\nS 1 1 1\n",
        r"line 56: 8 of 9 atom lines; the file was cut short": text[: text.rindex("\n", 0, -1) + 1],
        r"line 57: the box is triclinic": "\n".join(
            [*lines[:56], lines[56].replace("0.0 10.0", "1.0 10.0"), *lines[57:], ""]
        ),
        r"line 3 \(step 0\): 'x' in column": text.replace(lines[2].split()[1], "x", 1),
        r"line 12: the number of atoms belongs here": text.replace("\n9\n", "\n8.5\n", 1),
        r"line 14 \(step 0\): comes after step 0; steps must increase": text.replace("Timestep=50", "Timestep=0"),
    }
    for match, bad in cases.items():
        refused(match, write(tmp_path / "bad.xyz", bad), timestep_fs=1)
    refused("the format has no unit of time; give the MD timestep", tmp_path / "a.xyz")
    refused("no momenta:R:3; velocities of other names", tmp_path / "a.xyz", timestep_fs=1, velocities=True)


# What holds for all


def test_topologies_that_do_not_fit(tmp_path, cell):
    path = dcd(tmp_path / "a.dcd", walk(n_atoms=6))
    refused(r"cell.extxyz: topology of 9 atoms, but .*a.dcd has 6", path, topology=cell)
    refused(r"gone: no such file; the topology is", path, topology=tmp_path / "gone")
    refused(r"bad: cannot be read as a topology", path, topology=write(tmp_path / "bad", "nothing"))


def test_files_of_two_formats_are_not_one_run(tmp_path, cell):
    parts = [dcd(tmp_path / "a.dcd", walk()), write(tmp_path / "b", dump_text(walk()))]
    refused(r"b: a LAMMPS text dump, but .*a.dcd is a DCD", parts, topology=cell)
    refused(r"unknown format 'pdb'; known: dump, binary, h5md, dcd", parts, format="pdb")


def test_parts_of_binary_files_continue(tmp_path, cell):
    positions = walk(n_frames=8)
    first = old_layout(tmp_path / "a.bin", positions[:5])
    second = old_layout(tmp_path / "b.bin", positions[4:], step=40)
    np.testing.assert_array_equal(trajectory.open([first, second], **OLD).positions, positions)
    refused(
        r"a.bin, frame 1 \(step 0\): .*b.bin ends at step 70, so this file does not continue", [second, first], **OLD
    )


@pytest.mark.parametrize("wrap", [True, False])
def test_jumps_where_the_format_does_not_say_what_is_wrapped(tmp_path, cell, wrap):
    positions = walk(n_frames=30)
    positions[4:, 2, 1] += 5.5
    path = dcd(tmp_path / "a.dcd", positions % 10 if wrap else positions)
    match = (
        "wrapped coordinates cannot be unwrapped, an atom moved 0.4"
        if wrap
        else r"an atom moved 0.5\d box lengths .*limit 0.5"
    )
    refused(r"a.dcd, frame 5 \(step 25\): " + match, path, topology=cell)
