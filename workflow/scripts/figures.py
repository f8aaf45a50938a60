"""Figures from the tables, each with all the files beside it: `python figures.py RESULTS FOLDER/NAME.pdf...`."""

import sys
from pathlib import Path

from glasswf import figures
from glasswf.messages import run_as_command


def main(arguments: list[str]) -> int:
    folder, *pictures = map(Path, arguments)
    results = figures.load(folder)
    for picture in pictures:
        figures.draw(picture.stem, results, picture.parent)
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
