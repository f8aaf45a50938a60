import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.conftest import write_config
from tests.slurm.cluster import Cluster, NoClusterError, cluster

ROOT = Path(__file__).parents[2]
PATIENCE_S = 420.0  # several times what it takes, for machines that are busy
# The site of the tests: no accounting, quick answers, and nothing to wait for between nodes of one machine.
SITE = {"slurm-status-command": "squeue", "slurm-init-seconds-before-status-checks": 5, "latency-wait": 15}


class Scan:
    """A working folder on the cluster, with a copy of profiles/slurm in which only the values of the site differ."""

    def __init__(self, slurm: Cluster, folder: Path, data: dict, profile: dict) -> None:
        self.slurm, self.folder = slurm, folder
        self._process: subprocess.Popen | None = None
        (folder / "site").mkdir(parents=True)
        write_config(folder, data)
        write_config(folder / "site", _merged(_shipped(), SITE | profile))

    def start(self, *targets: str, **environment: str) -> None:
        """Start `glasswf run` on the cluster."""
        # Where the tests themselves ignore Ctrl-C, as in the background, the scan must not.
        python = ["env", "--default-signal=INT", sys.executable]
        with (self.folder / "said.txt").open("w") as output:
            self._process = subprocess.Popen(
                [*python, "-m", "glasswf", "run", "--profile", "site", "--cores", "2", *targets],
                cwd=self.folder, env=self.slurm.environment | environment, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip

    def wait_for(self, what: Callable[[], object]) -> None:
        """Wait until `what` is true; the test fails with all that was said if the scan ends or takes too long."""
        deadline = time.monotonic() + PATIENCE_S
        while not what():
            assert self._process.poll() is None and time.monotonic() < deadline, self.said
            time.sleep(0.2)

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        os.killpg(self._process.pid, signal.SIGINT)

    def finish(self) -> int:
        """Wait for the end; the exit code."""
        return self._process.wait(PATIENCE_S)

    def __enter__(self) -> "Scan":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def said(self) -> str:
        """What the scan has said so far."""
        return (self.folder / "said.txt").read_text()

    @property
    def jobs(self) -> list[dict[str, str]]:
        """The jobs of this scan alone, in order of submission."""
        name = re.search(r"SLURM run ID: (\S+)", self.said)[1]
        return self.slurm.jobs(name)


@pytest.fixture(scope="session")
def slurm() -> Iterator[Cluster]:
    pytest.importorskip("snakemake_executor_plugin_slurm", reason="the extra `slurm` is not installed")
    try:
        with cluster(Path(tempfile.mkdtemp(prefix="slurm-"))) as found:
            yield found
    except NoClusterError as error:
        pytest.skip(str(error))


def _shipped() -> dict:
    return yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())


def _merged(base: dict, change: dict) -> dict:
    """`base` with `change`, block by block."""
    both = {key: _merged(base[key], change[key]) for key in base.keys() & change if isinstance(change[key], dict)}
    return base | change | both
