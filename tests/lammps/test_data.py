import ase.io
import numpy as np
import pytest

from glasswf.errors import LammpsError
from glasswf.lammps.data import final_positions


@pytest.fixture
def final(bench):
    bench.run("quench")
    return bench.run_folder("quench") / "final.data"


@pytest.mark.lammps
def test_as_ase_reads_it(final):
    atoms = ase.io.read(final, format="lammps-data", units="metal", atom_style="charge", read_image_flags=False)
    positions, lengths = final_positions(final)
    np.testing.assert_allclose(np.sort(positions, axis=0), np.sort(atoms.get_positions(), axis=0), atol=1e-12)
    np.testing.assert_allclose(lengths, atoms.cell.lengths())


@pytest.mark.lammps
def test_a_file_cut_short_is_said(final):
    whole = final.read_text()
    for share in (0.0, 0.01, 0.1, 0.4):
        final.write_text(whole[: int(share * len(whole))])
        with pytest.raises(LammpsError, match=r"final.data: not the whole data file of a run") as caught:
            final_positions(final)
        assert "\n" not in str(caught.value)
