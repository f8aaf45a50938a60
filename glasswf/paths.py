"""Where the Snakefile, workflow/, templates/ and configurations live: a source tree, or inside an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def workflow_root() -> Path:
    """Folder that holds `Snakefile`, `workflow/`, `templates/`, `profiles/` and `config.yaml`."""
    installed = _PACKAGE / "_workflow"
    return installed if installed.is_dir() else _PACKAGE.parent


def template_folder() -> Path:
    """Folder of the LAMMPS and report templates."""
    return workflow_root() / "templates"
