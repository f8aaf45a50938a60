import pytest

from glasswf.figures import draw, load, registry
from glasswf.figures.style import styled
from tests.figures import synthetic

WRITTEN = ("fig_prl_3a", "fig_legrand_5")


def paint(name, results):
    """What a figure shows, as {table: rows}, its canvas and its caption."""
    figure, system = registry._resolve(name, results)
    chosen = registry._select(name, figure, system, results)
    with styled():
        return chosen, *figure.paint(results, chosen)


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """Small made-up results of all three kinds of system, read."""
    folder = synthetic.write(
        tmp_path_factory.mktemp("results"), temperatures=(2000.0, 1000.0), m_scan=(2, 2.5, 3, 3.5, 4),
        velocities=True, distinct=True,
    )  # fmt: skip
    return load(folder)


class _Painted(dict):
    """What a figure shows, its canvas and its caption, by name, painted when first asked for; none of it written."""

    def __init__(self, results):
        super().__init__()
        self._results = results

    def __missing__(self, name):
        return self.setdefault(name, paint(name, self._results))


@pytest.fixture(scope="session")
def painted(results):
    return _Painted(results)


@pytest.fixture(scope="session")
def drawn(results, tmp_path_factory):
    """Folder with some of the figures of `results`, and their sidecars by name."""
    folder = tmp_path_factory.mktemp("figures")
    return folder, {name: draw(name, results, folder) for name in WRITTEN}
