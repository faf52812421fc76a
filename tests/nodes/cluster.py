"""An installation on several machines: two of web, worker and clock, two of databases, one of the rest."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from on_demand import SMALL_WEED, WEED_OPTIONS

from tests import clock, proxy
from tests.installation import ROOT, until
from tests.nodes.databases import NAME, ROLE, SAMPLES, Server, make_pair
from tests.nodes.network import Machine, network
from tests.real_services import ObjectStore, s3_resource
from tests.static_files import link_static_files

BUCKET, BACKUPS = "dgready-nodes", "dgready-nodes-backup"
WORDS = {
    "web": ["gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "dgready.wsgi"],
    "worker": ["celery", "-A", "dgready", "worker", "--loglevel", "WARNING", "--concurrency", "1"],
    "beat": ["celery", "-A", "dgready", "beat", "--loglevel", "WARNING"],
}


@dataclass
class Node:
    """A machine that runs the product. It shares no folder with another; not even the clock's file of the test."""

    name: str
    machine: Machine
    var: Path
    environment: dict[str, str]

    def start(self, kind: str) -> None:
        """Web, worker or beat."""
        more = (
            ["-n", f"worker@{self.name}"] if kind == "worker" else []
        )  # the name of the machine is that of the test's
        words = [sys.executable, "-m", *WORDS[kind], *more]
        self.machine.start(kind, words, self.var / f"{kind}.log", self.environment, ROOT)

    def answers(self, path: str = "/healthz") -> bool:
        """Whether its web process does, asked without the proxy."""
        with contextlib.suppress(OSError), urllib.request.urlopen(self._request(path), timeout=5) as page:
            return bool(page.status == 200)
        return False

    def _request(self, path: str) -> urllib.request.Request:
        return urllib.request.Request(f"http://{self.machine.address}:8000{path}", headers={"Host": "127.0.0.1"})

    def makes_files(self) -> bool:
        """Whether its worker is at a job: it has the folder of one."""
        return any(path.is_dir() for path in (self.var / "tmp").glob("tmp*"))

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the product on this machine."""
        command = self.machine.command(sys.executable, "manage.py", *words)
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def logs(self) -> str:
        """The ends of what its processes wrote."""
        return "\n".join(f"{p}:\n{p.read_text(errors='replace')[-1500:]}" for p in sorted(self.var.glob("*.log")))


@dataclass
class Cluster:
    """All of it."""

    folder: Path
    machines: dict[str, Machine]
    nodes: list[Node]
    primary: Server
    standby: Server
    store: ObjectStore

    @property
    def url(self) -> str:
        """Where people find it."""
        return f"https://{self.machines['hub'].address}:8443"

    @property
    def trusted(self) -> ssl.SSLContext:
        """With the proxy's certificate, which is made for another name."""
        context = ssl.create_default_context(cafile=str(self.folder / "nginx" / "fullchain.pem"))
        context.check_hostname = False
        return context

    def start(self) -> None:
        """Everything of the product, and the proxy when both web machines answer."""
        for node in self.nodes:
            for kind in WORDS:
                node.start(kind)
        for node in self.nodes:
            until(node.answers, node.logs)
        _start_proxy(self)


def _start_proxy(cluster: Cluster) -> None:
    folder, hub = cluster.folder / "nginx", cluster.machines["hub"]
    folder.mkdir()
    proxy.make_certificate(folder)
    ports = proxy.Proxy(8080, 8443, 8090)
    text = proxy.render(folder, 8000, ports, Path("/srv/var"), f"{hub.address}:9000")
    text = text.replace("listen 127.0.0.1:", f"listen {hub.address}:")
    text, changed = re.subn(r"set \$application \S+;", "set $application application;", text)
    assert changed == 1, "deploy/nginx.conf names the application once"
    upstream = (SAMPLES / "nginx-upstream.conf").read_text(encoding="utf-8")
    for number, node in enumerate(cluster.nodes, 11):
        upstream = upstream.replace(f"10.0.0.{number}:8000", f"{node.machine.address}:8000")
    (folder / "upstream.conf").write_text(upstream, encoding="utf-8")
    text = text.replace("http {\n", f"http {{\n    include {folder}/upstream.conf;\n", 1)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    hub.start("nginx", [proxy.PROGRAM, "-p", str(folder), "-c", str(folder / "nginx.conf")], folder / "start.log")
    until(lambda: _listens(cluster.url, cluster.trusted), lambda: (folder / "start.log").read_text()[-2000:], 60)


def _listens(url: str, trusted: ssl.SSLContext) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5, context=trusted) as page:
        return bool(page.status == 200)
    return False


def _start_store(hub: Machine, folder: Path) -> ObjectStore:
    beside = Path(sys.executable).with_name("weed")
    program = str(beside) if beside.exists() else str(shutil.which("weed"))
    data = folder / "weed"
    data.mkdir()
    store = ObjectStore(f"http://{hub.address}:9000")
    keys = {"AWS_ACCESS_KEY_ID": store.access_key, "AWS_SECRET_ACCESS_KEY": store.secret_key, "HOME": str(folder)}
    words = ["server", *WEED_OPTIONS, "-s3.ip.bind=0.0.0.0", "-s3.port=9000", f"-dir={data}", *SMALL_WEED]
    hub.start("weed", [program, *words], folder / "weed.log", {**os.environ, **keys}, data)
    until(lambda: _answers(f"{store.endpoint}/healthz"), lambda: (folder / "weed.log").read_text()[-2000:])
    return store


def _answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as page:
        return bool(page.status == 200)
    return False


def _environment(folder: Path, machines: dict[str, Machine], store: ObjectStore, name: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DGREADY_", "S3_"))}
    hub = machines["hub"].address
    databases = ",".join(f"{machines[one].address}:5432" for one in ("first", "second"))
    return {
        **kept,
        **store.variables,
        "DGREADY_ENV": "production",
        "DJANGO_SETTINGS_MODULE": "tests.year_settings",
        "DGREADY_VAR": str(folder / name),
        clock.VARIABLE: str(folder / name / "clock"),
        "SECRET_KEY": "a-sample-key-of-the-drill-of-several-machines-0123456789",
        "ALLOWED_HOSTS": f"127.0.0.1,{hub}",
        "PUBLIC_URL": f"https://{hub}:8443",
        "DATABASE_URL": f"postgres://{ROLE}@{databases}/{NAME}?target_session_attrs=read-write",
        "REDIS_URL": f"redis://:change-me@{hub}:6379/0",
        "S3_BUCKET": BUCKET,
        "DOWNLOADS": "proxy",
        "EMAIL_URL": f"smtp://{hub}:25",
        "EMAIL_FROM": "dgready@example.org",
        "BACKUP_TARGETS": f"s3://{BACKUPS}/night",
        "WEB_PROCESSES": "1",
    }


@contextlib.contextmanager
def cluster(folder: Path, content: str) -> Iterator[Cluster]:
    """All machines, with a database like that of the address `content`. `folder`: others may look into it."""
    with network("node1", "node2", "first", "second") as machines:
        hub = machines["hub"]
        sample = (SAMPLES / "redis.conf").read_text(encoding="utf-8").replace("10.0.0.31", hub.address)
        (folder / "redis.conf").write_text(sample, encoding="utf-8")
        words = [str(shutil.which("redis-server")), str(folder / "redis.conf")]
        hub.start("redis", words, folder / "redis.log", cwd=folder)
        store = _start_store(hub, folder)
        for bucket in (BUCKET, BACKUPS):
            s3_resource(store).create_bucket(Bucket=bucket)
        primary, standby = make_pair(machines["first"], machines["second"], folder, content)
        nodes = []
        for name in ("node1", "node2"):
            var = folder / name
            var.mkdir()
            link_static_files(var)
            clock.Clock(var / "clock").set(tomorrow_at(4))
            nodes.append(Node(name, machines[name], var, _environment(folder, machines, store, name)))
        made = Cluster(folder, machines, nodes, primary, standby, store)
        made.start()
        yield made


def tomorrow_at(hour: int) -> datetime:
    """When the work of the night is due."""
    return (datetime.now(ZoneInfo("Asia/Bangkok")) + timedelta(days=1)).replace(hour=hour, minute=0)
