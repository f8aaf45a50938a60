"""A SLURM cluster of this machine alone: munged, slurmctld and two nodes, in a folder and on ports of their own."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

NODES = ("near", "far")  # two slurmd of one machine, told apart by `slurmd -N`
_DAEMONS = ("munged", "slurmctld", "slurmd")
_COMMANDS = ("sbatch", "srun", "squeue", "scontrol", "scancel", "sinfo")
_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
_PATIENCE_S = 30.0
_READY = ("idle", "mixed", "allocated", "completing")

# Killed jobs end within two seconds of SIGTERM; jobs of a lost node start again at once, not after two minutes. With an
# MPI default, as on most clusters, a serial LAMMPS finds the MPI variables of the srun around it. More CPUs than the
# machine may have, so that jobs start without waiting.
_CONFIGURATION = """\
ClusterName=glasswf
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
ReturnToService=1
MpiDefault=pmi2
MinJobAge=600
KillWait=2
OverTimeLimit=0
SchedulerParameters=batch_sched_delay=0,bf_interval=2
NodeName=near NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=8 Feature=near RealMemory=8000 State=UNKNOWN
NodeName=far NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=8 Feature=far RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class NoClusterError(Exception):
    """SLURM is not installed, or one of its daemons does not start here."""


class Cluster:
    """The running cluster, and what tests do to its nodes and jobs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: dict[str, subprocess.Popen] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which the commands of SLURM mean this cluster.

        Not by SLURM_CONF: the plugin takes all SLURM variables but the number of the job away from a job's commands.
        """
        return os.environ | {"PATH": os.pathsep.join([str(self.folder / "bin"), _PATH])}

    def start(self) -> None:
        """Start all daemons. Raises NoClusterError."""
        _require(*_DAEMONS, *_COMMANDS)
        _lay_out(self.folder)
        at = self.folder
        self._start("munged", "munged", "--foreground", "--force", "--key-file", at / "munge.key",
                    "--socket", at / "munge.socket", "--pid-file", at / "munge.pid", "--log-file", at / "munge.log",
                    "--seed-file", at / "munge.seed")  # fmt: skip
        self._wait("munged", (at / "munge.socket").exists)
        self._start("slurmctld", "slurmctld", "-D", "-i", "-f", at / "slurm.conf")
        for name in NODES:
            self._start(name, "slurmd", "-D", "-N", name, "-f", at / "slurm.conf")
        for name in NODES:
            self._wait(name, lambda name=name: self.state(name) in _READY)

    def state(self, node: str) -> str:
        """State of a node, as sinfo has it; empty while the controller does not answer."""
        return self.run("sinfo", "-h", "-n", node, "-o", "%T").rstrip("*~#!%$@^- \n")

    def lose(self, node: str) -> None:
        """As by a power cut: slurmd and all processes of its jobs die at once, and the node is marked as down."""
        daemon = self._running.pop(node)
        daemon.kill()
        daemon.wait()
        self._kill_steps(node)
        self.run("scontrol", "update", f"nodename={node}", "state=down", "reason=lost")

    def bring_back(self, node: str) -> None:
        """Start the slurmd of a lost node again and wait until it takes jobs."""
        self._start(node, "slurmd", "-D", "-N", node, "-f", self.folder / "slurm.conf")
        self.run("scontrol", "update", f"nodename={node}", "state=resume")
        self._wait(node, lambda: self.state(node) in _READY)

    def jobs(self, name: str) -> list[dict[str, str]]:
        """Jobs of this name, those that ended too: number, state, node, comment (rule and wildcards), CPUs."""
        keys = ("job", "state", "node", "comment", "cpus")
        columns = "%i|%T|%N|%k|%C"
        lines = self.run("squeue", "-hr", "--states=all", "--sort=i", "--name", name, "-o", columns).splitlines()
        return [dict(zip(keys, line.split("|"), strict=True)) for line in lines]

    def run(self, *command: str) -> str:
        """Output of a command of SLURM."""
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False).stdout

    def stop(self) -> None:
        """End jobs, then daemons, then whatever is left of either."""
        if "slurmctld" in self._running:
            self.run("scancel", "--user", getpass.getuser())
        for process in reversed(self._running.values()):
            process.terminate()
        for process in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
        for node in NODES:
            self._kill_steps(node)

    def _start(self, name: str, program: str, *arguments: object) -> None:
        with (self.folder / f"{name}.out").open("w") as output:
            self._running[name] = subprocess.Popen(
                [shutil.which(program, path=_PATH), *map(str, arguments)], env=self.environment,
                cwd=self.folder / (name if name in NODES else "."),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def _wait(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not ready():
            if self._running[name].poll() is not None or time.monotonic() > deadline:
                said = (self.folder / f"{name}.out").read_text(errors="replace").strip().splitlines()
                raise NoClusterError(f"{name} does not start here: {said[-1] if said else 'no answer'}")
            time.sleep(0.2)

    def _kill_steps(self, node: str) -> None:
        """Kill what runs on a node: its steps, which sit in the folder of slurmd, and the processes of its jobs."""
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                variables = (path / "environ").read_bytes()
                of_a_job = f"SLURMD_NODENAME={node}".encode() in variables and os.fsencode(self.folder) in variables
                if of_a_job or (path / "cwd").readlink() == self.folder / node:
                    os.kill(int(path.name), signal.SIGKILL)


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster for the length of the block; nothing of it is left afterwards. Raises NoClusterError."""
    found = Cluster(folder)
    try:
        found.start()
        yield found
    finally:
        found.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _require(*programs: str) -> None:
    missing = [name for name in programs if shutil.which(name, path=_PATH) is None]
    if missing:
        raise NoClusterError(f"SLURM is not installed ({', '.join(missing)}); tests/slurm/install.sh installs it")


def _lay_out(folder: Path) -> None:
    """Configuration, key, and commands that know where they belong."""
    folder.chmod(0o755)  # munged wants its socket where everybody may enter
    for name in ("state", "bin", *NODES):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(os.urandom(128))
    text = _CONFIGURATION.format(host=socket.gethostname(), user=getpass.getuser(), folder=folder, ports=_free_ports(3))
    (folder / "slurm.conf").write_text(text)
    for name in _COMMANDS:
        script = folder / "bin" / name
        script.write_text(f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {shutil.which(name, path=_PATH)} "$@"\n')
        script.chmod(0o755)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
