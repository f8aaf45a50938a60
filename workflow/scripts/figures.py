"""One figure from the tables, with all the files beside it: `python figure.py FOLDER/NAME.pdf RESULTS`."""

import sys
from pathlib import Path

from glasswf import figures
from glasswf.messages import run_as_command


def main(arguments: list[str]) -> int:
    out, results = map(Path, arguments)
    figures.draw(out.stem, results, out.parent)
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
