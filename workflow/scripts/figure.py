"""One figure from the tables: `python figure.py NAME RESULTS OUT_FOLDER`."""

import sys
from pathlib import Path

from glasswf import figures
from glasswf.messages import run_as_command


def main(arguments: list[str]) -> int:
    name, results, out = arguments
    figures.draw(name, Path(results), Path(out))
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
