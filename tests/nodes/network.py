"""Machines of a drill: network namespaces on one bridge, which can be cut off and killed with all that runs on them."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

IP = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin") or ""
KEEPALIVE = {"time": 5, "intvl": 2, "probes": 3}  # as docs/several-machines.md asks of the proxy's machine


def subnet() -> str:
    """The beginning of all addresses of this process's machines."""
    pid = os.getpid()
    return f"10.{100 + pid % 100}.{pid // 100 % 250}"


def missing() -> str:
    """Why there can be no namespaces here; empty when there can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not IP:
        return "the program ip is not installed (package iproute2)"
    name = f"dgprobe{os.getpid()}"
    if subprocess.run([IP, "netns", "add", name], capture_output=True, check=False).returncode:
        return "network namespaces are not allowed here"
    _ip("netns", "del", name)
    return ""


def _ip(*words: str) -> str:
    done = subprocess.run([IP, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
    return done.stdout


@dataclass
class Machine:
    """One namespace: an address, processes, a line to the bridge."""

    space: str
    address: str
    hub: str
    line: str  # of the bridge's side
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        """A command as run on this machine."""
        return [IP, "netns", "exec", self.space, *words]

    def start(
        self,
        name: str,
        words: list[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        """Starts a program that goes on."""
        with log.open("ab") as out:
            self.processes[name] = subprocess.Popen(
                self.command(*words), cwd=cwd, env=environment, stdout=out, stderr=out, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """Kills a program and its children at once."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_all(self) -> None:
        """Kills everything, as when the power goes."""
        for pid in _ip("netns", "pids", self.space).split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        for process in self.processes.values():
            process.wait()
        self.processes.clear()

    def cut_off(self) -> None:
        """Takes the machine off the bridge: nothing arrives and nobody is told."""
        _ip("-n", self.hub, "link", "set", self.line, "nomaster")

    def connect(self) -> None:
        """Puts the machine on the bridge."""
        _ip("-n", self.hub, "link", "set", self.line, "master", "bridge")


@contextlib.contextmanager
def network(*names: str) -> Iterator[dict[str, Machine]]:
    """Machines by these names and "hub", the one with the bridge, which this process reaches too."""
    prefix = f"dg{os.getpid()}"
    hub = f"{prefix}-hub"
    machines = {"hub": Machine(hub, f"{subnet()}.1", hub, "bridge")}
    try:
        _ip("netns", "add", hub)
        _ip("-n", hub, "link", "set", "lo", "up")
        _ip("-n", hub, "link", "add", "bridge", "type", "bridge")
        _ip("-n", hub, "addr", "add", f"{subnet()}.1/24", "dev", "bridge")
        _ip("-n", hub, "link", "set", "bridge", "up")
        for name, value in KEEPALIVE.items():
            set_one = f"echo {value} > /proc/sys/net/ipv4/tcp_keepalive_{name}"
            subprocess.run(machines["hub"].command("sh", "-c", set_one), check=True)
        _join(hub, f"{prefix}h", f"{prefix}r", None, f"{subnet()}.254")
        for number, name in enumerate(names, 11):
            space, line = f"{prefix}-{name}", f"{prefix}v{number}"
            _ip("netns", "add", space)
            machines[name] = Machine(space, f"{subnet()}.{number}", hub, line)
            _ip("-n", space, "link", "set", "lo", "up")
            _join(hub, line, "line", space, f"{subnet()}.{number}")
        yield machines
    finally:
        for machine in machines.values():
            with contextlib.suppress(AssertionError):
                machine.kill_all()
            with contextlib.suppress(AssertionError):
                _ip("netns", "del", machine.space)


def _join(hub: str, line: str, end: str, space: str | None, address: str) -> None:
    """A line between the bridge and a namespace, or this process's own network."""
    there = ["netns", space] if space else []
    where = ["-n", space] if space else []
    _ip("link", "add", line, "netns", hub, "type", "veth", "peer", "name", end, *there)
    _ip("-n", hub, "link", "set", line, "master", "bridge", "up")
    _ip(*where, "addr", "add", f"{address}/24", "dev", end)
    _ip(*where, "link", "set", end, "up")
