"""Progress of long calculations on landscapes, for people: what is done, how far, and the time left."""

import sys
import time
from collections.abc import Callable

_EVERY_S = 5.0


def tell() -> Callable[[str, int, int], None]:
    """A function (what, done, total) that writes a line to standard error every few seconds and at the end."""
    started: dict[str, float] = {}
    last = [0.0]

    def show(what: str, done: int, total: int) -> None:
        now = time.monotonic()
        begun = started.setdefault(what, now)
        if done < total and now - last[0] < _EVERY_S:
            return
        last[0] = now
        left = (now - begun) / max(1, done - 1) * (total - done)
        note = "" if done == total else f", {left:.0f} s left"
        print(f"{what}: {done} of {total} samples{note}", file=sys.stderr, flush=True)

    return show
