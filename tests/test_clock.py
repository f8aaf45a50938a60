import os
import time

from glasswf.clock import bring_to_present


def test_the_future_becomes_the_present_in_its_old_order(tmp_path):
    now = time.time()
    stamps = {
        "runs/a/late": now + 86400,
        "runs/early": now + 3600,
        "results/past": now - 3600,
        "runs/latest": now + 1e6,
    }
    for name, stamp in {**stamps, "elsewhere": now + 1e6}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        os.utime(path, (stamp, stamp))
    assert bring_to_present(tmp_path) == 3
    found = {name: (tmp_path / name).stat().st_mtime for name in stamps}
    assert sorted(found, key=found.get) == ["results/past", "runs/early", "runs/a/late", "runs/latest"]
    assert max(found.values()) <= time.time() and found["results/past"] == stamps["results/past"]
    assert (tmp_path / "elsewhere").stat().st_mtime > time.time()
    assert bring_to_present(tmp_path) == 0


def test_a_folder_with_nothing_in_it(tmp_path):
    assert bring_to_present(tmp_path) == 0
