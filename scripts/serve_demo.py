#!/usr/bin/env python3
"""Fills the sample province and serves it on any address: links, letters and codes name it, its guests are let in.

    python scripts/serve_demo.py HOST PORT

HOST may be one address or name of this machine, or 0.0.0.0 or :: for all of them.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = ("0.0.0.0", "::")
# Addresses reserved for documents (RFC 5737, 3849): a socket connected to one sends nothing, but knows its own end.
FAR_AWAY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def demo_environment(host: str, port: int, own_names: Sequence[str]) -> dict[str, str]:
    """The environment of a demonstration on that address. `own_names`: other names and addresses of this machine."""
    plain = host.strip("[]")
    shown = next(iter([*own_names, LOOPBACK[0]])) if plain in EVERYWHERE else plain
    hosts = [*LOOPBACK, *map(_in_url, own_names)] if plain in EVERYWHERE else [*LOOPBACK, _in_url(plain)]
    return {
        "DGREADY_DEMO": "1",
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://{_in_url(shown)}:{port}",
        "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS") or ",".join(dict.fromkeys(hosts)),
    }


def own_names() -> list[str]:
    """Addresses and names by which others reach this machine, the most likely first."""
    found = [address for family, far in FAR_AWAY if (address := _own_end(family, far))]
    name = socket.gethostname()
    with contextlib.suppress(OSError):  # a machine that does not know its own name
        found += [str(info[4][0]) for info in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]
    reachable = [a for a in found if not ipaddress.ip_address(a.partition("%")[0]).is_loopback]
    return list(dict.fromkeys([*reachable, name, f"{name}.local"]))


def _own_end(family: int, far: str) -> str:
    """The address from which this machine would speak to a far one; empty without such a line."""
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        try:
            line.connect((far, 9))
        except OSError:
            return ""
        return str(line.getsockname()[0])


def _in_url(host: str) -> str:
    """An IPv6 address stands in brackets."""
    return f"[{host}]" if ":" in host else host


def main() -> None:
    """Prepares and serves; replaces this process by gunicorn. Raises CalledProcessError when a step fails."""
    host, port = sys.argv[1].strip("[]"), int(sys.argv[2])
    environment = {**os.environ, **demo_environment(host, port, own_names())}
    for step in (["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "--verbosity", "0"], ["demo"]):
        subprocess.run([sys.executable, "manage.py", *step], cwd=ROOT, env=environment, check=True)
    print(f"dgready: {environment['PUBLIC_URL']}", flush=True)
    gunicorn = [str(BIN / "gunicorn"), "--config", "deploy/gunicorn.conf.py", "--bind", f"{_in_url(host)}:{port}"]
    os.chdir(ROOT)
    os.execve(gunicorn[0], [*gunicorn, "dgready.wsgi"], environment)


if __name__ == "__main__":
    main()
