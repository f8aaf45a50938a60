import pytest

from glasswf.figures import available, draw, load
from tests.figures import synthetic


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """Small made-up results of all three kinds of system, read."""
    folder = synthetic.write(
        tmp_path_factory.mktemp("results"), temperatures=(2000.0, 1000.0), m_scan=(2, 2.5, 3, 3.5, 4)
    )
    return load(folder)


@pytest.fixture(scope="session")
def drawn(results, tmp_path_factory):
    """Folder with every figure of `results` (of the slow MSD figures only one), and the sidecars by name."""
    folder = tmp_path_factory.mktemp("figures")
    names = [name for name in available(results) if name not in ("fig_msd_NS", "fig_msd_Na2S-SiS2")]
    return folder, {name: draw(name, results, folder) for name in names}
