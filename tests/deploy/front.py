"""The shipped configurations of nginx, started on ports of the test before servers that tell what came."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.installation import ROOT, free_port
from tests.proxy import PROGRAM, as_root, make_certificate, running, temporary_folders

MAIN = "pid /run/nginx.pid;\nerror_log /dev/stderr warn;\nevents {{}}\nhttp {{\n{site}\n}}\n"


class Echo(BaseHTTPRequestHandler):
    """Answers with the lines before the body."""

    server: EchoServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """`/drop`: hangs up without a word. `/handed/…`: says that the proxy may hand out what is there."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(f"{self.command} {self.path}")
        if self.path.startswith("/drop") and self.server.drops:
            self.close_connection = True
            return
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        if self.path.startswith("/handed/"):
            self.send_header("X-Accel-Redirect", self.path.removeprefix("/handed"))
            self.send_header("Strict-Transport-Security", "max-age=7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that http.server asks for

    def log_message(self, *args: Any) -> None:
        """Nothing."""


class EchoServer(ThreadingHTTPServer):
    """One that remembers what it was asked."""

    daemon_threads = True
    asked: list[str]
    drops = False


@contextlib.contextmanager
def echo(address: str, port: int, *, drops: bool = False) -> Iterator[EchoServer]:
    """A server of this machine for the length of the block."""
    with EchoServer((address, port), Echo) as server:
        server.asked, server.drops = [], drops
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@contextlib.contextmanager
def names(addresses: Sequence[str]) -> Iterator[int]:
    """A server of names as Docker's: every name has these addresses, for no time; yields its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", free_port()))
        line.settimeout(0.2)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                with contextlib.suppress(TimeoutError):
                    asked, sender = line.recvfrom(512)
                    question = asked[12 : asked.index(b"\0", 12) + 5]
                    head = asked[:2] + struct.pack(">HHHHH", 0x8180, 1, len(addresses), 0, 0)
                    rows = (b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 0, 4) + socket.inet_aton(a) for a in addresses)
                    line.sendto(head + question + b"".join(rows), sender)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(line.getsockname()[1])
        ended.set()
        thread.join()


def shipped(name: str, folder: Path, changes: dict[str, str]) -> str:
    """A file of deploy/ with other ports and places and nothing else changed; a site stands in a main file."""
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    if not text.lstrip("# ").startswith("Reverse") and "\nhttp {" not in text:
        text = MAIN.format(site=text)
    own = {
        "pid /run/nginx.pid;": f"pid {folder}/nginx.pid;\ndaemon off;\n{as_root()}",
        "error_log /dev/stderr": f"error_log {folder}/error.log",
        "http {\n": f"http {{\n{temporary_folders(folder)}",
    }
    for old, new in {**own, **changes}.items():
        assert old in text, old
        text = text.replace(old, new)
    return re.sub(r"/etc/(?:nginx/tls|letsencrypt/live/[\w.]+)/", f"{folder}/", text)


@contextlib.contextmanager
def started(name: str, folder: Path, changes: dict[str, str], port: int) -> Iterator[None]:
    """nginx with a file of deploy/, listening at `port`."""
    folder.mkdir(exist_ok=True)
    make_certificate(folder)
    config = folder / "nginx.conf"
    config.write_text(shipped(name, folder, changes), encoding="utf-8")
    command = [PROGRAM, "-p", str(folder), "-c", str(config)]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    with running(folder, config, port):
        yield


def own_certificate(application: str, resolver: str, http: int, https: int) -> dict[str, str]:
    """The changes to deploy/nginx.conf."""
    return {
        "listen 80 default_server": f"listen 127.0.0.1:{http} default_server",
        "listen 443 ssl": f"listen 127.0.0.1:{https} ssl",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{free_port()}",
        "resolver 127.0.0.11 valid=10s": f"resolver {resolver} valid=1s",
        "web:8000": application,
    }


def outer_proxy(application: str, port: int) -> dict[str, str]:
    """The changes to deploy/proxy/inner.conf."""
    return {
        "listen 8080 default_server": f"listen 127.0.0.1:{port} default_server",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{free_port()}",
        "web:8000": application,
    }


def site(application: str, http: int, https: int) -> dict[str, str]:
    """The changes to deploy/proxy/nginx-site.conf."""
    return {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ssl": f"listen 127.0.0.1:{https} ssl",
        "error_log /var/log/nginx/dgready.log": "error_log /dev/stderr",
        "127.0.0.1:8000": application,
    }
