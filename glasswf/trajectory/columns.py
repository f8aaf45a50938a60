"""Which columns of a dump hold what; unwrapped coordinates are always preferred to wrapped ones."""

from dataclasses import dataclass

from glasswf.errors import TrajectoryError
from glasswf.trajectory.snapshot import Style

_IMAGES = ("ix", "iy", "iz")
_VELOCITIES = ("vx", "vy", "vz")
# Best first: (columns, in units of the box, already unwrapped).
_COORDINATES = (
    (("xu", "yu", "zu"), False, True),
    (("xsu", "ysu", "zsu"), True, True),
    (("x", "y", "z"), False, False),
    (("xs", "ys", "zs"), True, False),
)


@dataclass(frozen=True)
class Layout:
    """Columns of a dump by use.

    coordinates: column names of the positions, written as `style` says; images: those of the periodic image flags to
    add.
    """

    names: tuple[str, ...]
    coordinates: tuple[str, ...]
    style: Style
    images: tuple[str, ...] = ()
    velocities: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Columns to be read as numbers in every frame, in the order of use."""
        return self.coordinates + self.images + self.velocities

    def has(self, name: str) -> bool:
        """Whether the dump has a column of this name."""
        return name in self.names

    def index(self, name: str) -> int:
        """Position of a column in the line."""
        return self.names.index(name)


def layout(where: str, names: tuple[str, ...], velocities: bool = False) -> Layout:
    """Find the columns of a dump from their names; `where` says where these stand.

    Raises TrajectoryError if there is no id, no full set of coordinates, or no velocities where they were asked for.
    """
    where = f"{where} (ITEM: ATOMS {' '.join(names)})"
    if "id" not in names:
        raise TrajectoryError(f"{where}: no id column, so atoms cannot be followed; dump id as well")
    if velocities and not _all(names, _VELOCITIES):
        raise TrajectoryError(f"{where}: no velocities; dump vx vy vz as well")
    coordinates, scaled, images, wrapped = _coordinates(where, names)
    return Layout(names, coordinates, Style(scaled, wrapped), images, _VELOCITIES if velocities else ())


def _coordinates(where: str, names: tuple[str, ...]) -> tuple:
    found = [entry for entry in _COORDINATES if _all(names, entry[0])]
    if not found:
        raise TrajectoryError(f"{where}: no coordinates; one of 'xu yu zu', 'x y z ix iy iz', 'xs ys zs' belongs here")
    columns, scaled, unwrapped = found[0]
    images = _IMAGES if not unwrapped and _all(names, _IMAGES) else ()
    return columns, scaled, images, not (unwrapped or images)


def _all(names: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return all(name in names for name in wanted)
