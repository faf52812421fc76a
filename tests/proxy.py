"""The reverse proxy as it ships, deploy/nginx.conf, started by Debian's nginx on other ports."""

from __future__ import annotations

import contextlib
import getpass
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.installation import ROOT, free_port, until

PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin") or ""


@dataclass(frozen=True)
class Proxy:
    """Where it listens: `plain` is the server of 443 without TLS, for clients that write bytes themselves."""

    http: int
    https: int
    plain: int

    @property
    def url(self) -> str:
        """Of the plain port."""
        return f"http://127.0.0.1:{self.plain}"


def make_certificate(folder: Path) -> None:
    """fullchain.pem and privkey.pem of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))


def render(folder: Path, application: int, proxy: Proxy, var: Path, store: str) -> str:
    """The shipped configuration with other ports and places, and nothing else changed."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    status = free_port()
    places = {
        "pid /run/nginx.pid;": f"pid {folder}/nginx.pid;\ndaemon off;\n{as_root()}",
        "error_log /dev/stderr": f"error_log {folder}/error.log",
        "http {\n": f"http {{\n{temporary_folders(folder)}",
        "/etc/nginx/tls": str(folder),
        "listen 80 default_server": f"listen 127.0.0.1:{proxy.http} default_server",
        "listen 443 ssl http2 default_server;": (
            f"listen 127.0.0.1:{proxy.https} ssl http2 default_server; listen 127.0.0.1:{proxy.plain};"
        ),
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{status}",
        "set $application web:8000": f"set $application 127.0.0.1:{application}",
        "alias /srv/var/": f"alias {var}/",
        "set $store store:9000": f"set $store {store}",
    }
    for old, new in places.items():
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    return text


def as_root() -> str:
    """Who runs, where root starts it: who made the test's folder."""
    return f"user {getpass.getuser()};"


def temporary_folders(folder: Path) -> str:
    """Where it keeps what it buffers."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)


@contextlib.contextmanager
def nginx(
    folder: Path, application: int, *, var: Path = Path("/srv/var"), store: str = "127.0.0.1:9"
) -> Iterator[Proxy]:
    """In front of a port of this machine; `var` and `store`: where it finds the files that are handed out."""
    folder.mkdir(exist_ok=True)
    make_certificate(folder)
    proxy = Proxy(free_port(), free_port(), free_port())
    config = folder / "nginx.conf"
    config.write_text(render(folder, application, proxy, var, store), encoding="utf-8")
    with running(folder, config, proxy.plain):
        yield proxy


@contextlib.contextmanager
def running(folder: Path, config: Path, port: int) -> Iterator[None]:
    """nginx with this file, once it listens at the port; what it says lies in error.log of the folder."""
    process = subprocess.Popen([PROGRAM, "-p", str(folder), "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        until(lambda: _listens(port), lambda: (folder / "error.log").read_text(), 30)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
