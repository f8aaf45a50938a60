"""Time stamps that a clock put back has left in the future, which the workflow engine refuses."""

import os
import time
from pathlib import Path

_APART_NS = 1000  # file systems that keep no finer times still keep the order, as files made in one tick are equal


def bring_to_present(folder: Path, parts: tuple[str, ...] = ("runs", "results", "logs")) -> int:
    """Give files below `parts` of `folder` that are younger than now the present time, in the order they had.

    They stay younger than all others, so nothing is made again for the sake of its time stamp. How many there were.
    """
    now = time.time_ns()
    files = (Path(place, name) for part in parts for place, _, names in os.walk(folder / part) for name in names)
    stamps = sorted((path.stat().st_mtime_ns, path) for path in files)
    future = [path for stamp, path in stamps if stamp > now]
    for rank, path in enumerate(reversed(future)):
        os.utime(path, ns=(now - rank * _APART_NS,) * 2)
    return len(future)
