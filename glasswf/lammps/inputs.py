"""Writing a run's own folder: `in.lammps`, the force field and its tables; again from a checkpoint to resume."""

from collections.abc import Mapping
from pathlib import Path

from glasswf import forcefield
from glasswf.files import write_text
from glasswf.lammps import coefficients, log, mesh
from glasswf.lammps.numerics import Numerics
from glasswf.templates import render

_EXTRA_COLUMNS = {"charges": "q", "velocities": "vx vy vz", "images": "ix iy iz"}


def write(
    folder: Path, spec: Mapping, base: Path, resume_step: int | None = None, limit_s: float | None = None
) -> Path:
    """Write the input of run `spec` into `folder`; the path of the script to run.

    base: folder that a force-field path in the mapping is relative to. resume_step: step of the checkpoint to continue
    from, or None for a fresh start. Both write the same commands: only what is already done is left out.
    limit_s: seconds after which LAMMPS stops by itself with a checkpoint, or None.
    """
    field = load_force_field(spec, base)
    elements = list(spec["counts"])
    numerics = Numerics(**spec["numerics"])
    cutoff = numerics.cutoff_a or field.cutoff_a
    grid = mesh.choose(spec["counts"], spec["charges"], spec["box_length_a"], cutoff, numerics)
    coefficients.write(folder, field, elements, spec["charges"], numerics, grid)
    name = "in.lammps" if resume_step is None else "resume.lammps"
    text = render(
        "in.lammps",
        title=f"{describe(spec)}: {composition(spec)}",
        file_name=name,
        elements=elements,
        start=spec["start"],
        seed=spec["seed"],
        resume_from=checkpoint_name(resume_step) if resume_step is not None else None,
        first_step=resume_step or 0,
        timestep_fs=spec["timestep_fs"],
        thermo_every=spec["thermo_every"],
        checkpoint_every=spec["checkpoint_every"],
        dump={"every": spec["dump"]["every"], "columns": dump_columns(spec)},
        segments=_remaining(spec, resume_step or 0),
        limit_s=_clock(limit_s) if limit_s is not None else None,
        time_is_up=log.TIME_IS_UP,
    )
    write_text(folder / name, text)
    return folder / name


def load_force_field(spec: Mapping, base: Path) -> forcefield.ForceField:
    """Force field of a run: a name of the library, or a path relative to `base`."""
    name = spec["forcefield"]["name"]
    return forcefield.load(base / name if name.endswith((".yaml", ".yml")) else name)


def describe(spec: Mapping) -> str:
    """Name of a run for people: `NS9 m3.111 r1 T2000`."""
    return f"{spec['system']} {spec['label']} r{spec['replica']} {spec['run']}"


def composition(spec: Mapping) -> str:
    """Counts of a run for people: `20 Na, 90 Si, 190 S`."""
    return ", ".join(f"{count} {element}" for element, count in spec["counts"].items())


def checkpoint_name(step: int) -> str:
    """File name of the checkpoint at `step`, as the template writes it."""
    return f"checkpoint.{step}.restart"


def _clock(seconds: float) -> str:
    """Time as LAMMPS's timer takes it, H:MM:SS, at least a second."""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def dump_columns(spec: Mapping) -> str:
    """Columns of the dump: unwrapped positions always, never together with wrapped ones."""
    extra = (_EXTRA_COLUMNS[content] for content in spec["dump"]["content"])
    return " ".join(["id type element xu yu zu", *extra])


def _remaining(spec: Mapping, step: int) -> list[dict]:
    """Segments not finished at `step`; one that ends just there stays, without steps, for the restart it leaves."""
    return [
        segment | _fixes(spec, number, segment) | {"begun": segment["start_step"] < step}
        for number, segment in enumerate(spec["segments"], start=1)
        if segment["stop_step"] > step or (segment["stop_step"] == step and (segment["save"] or segment["dump"]))
    ]


def _fixes(spec: Mapping, number: int, segment: Mapping) -> dict:
    """Commands of thermostat and barostat, named by segment so that a restart cannot hand one's state to the next.

    Kind "none" is constant energy, for tests of its conservation.
    """
    thermostat = spec["thermostat"]
    hold, box = f"thermostat{number}", f"integrate{number}"
    target = f"{segment['start_k']:.10g} {segment['stop_k']:.10g} {thermostat['damping_ps']:g}"
    pressure = segment["pressure_bar"]
    barostat = f"iso {pressure:.10g} {pressure:.10g} {segment['pressure_damping_ps']:g}"
    npt = segment["ensemble"] == "npt"
    if thermostat["kind"] == "nose-hoover":
        ensemble = f"npt temp {target} {barostat}" if npt else f"nvt temp {target}"
        return {"fixes": [f"fix {hold} all {ensemble} tchain {thermostat['chain']}"], "fix_names": [hold]}
    if thermostat["kind"] == "none":
        return {"fixes": [f"fix {box} all nve"], "fix_names": [box]}
    style = "temp/csvr" if thermostat["kind"] == "csvr" else "langevin"
    tail = "" if style == "temp/csvr" else " zero yes tally yes"
    return {
        "fixes": [
            f"fix {box} all nph {barostat}" if npt else f"fix {box} all nve",
            f"fix {hold} all {style} {target} {spec['seed']}{tail}",
        ],
        "fix_names": [hold, box],
    }
