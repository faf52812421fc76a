"""Every setting reaches the containers: settings, compose file, env.example and their defaults name the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dgready.environment import PRODUCTION_VARIABLES
from tests.docs.test_docs import asked_variables

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
OUTER = (ROOT / "deploy" / "outer-proxy.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
EXAMPLE = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
NAMED = dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", EXAMPLE, re.MULTILINE))
FILLED_IN = set(re.findall(r"^([A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
APPLICATION = ("prepare", "web", "worker", "beat")
# Settings that a container does not get from .env, and why.
NOT_OPEN = {
    "DGREADY_VAR": "a folder of the image, whose volumes lie in it",
    "DGREADY_DEMO": "production refuses it",
    "DGREADY_DEBUG": "never in production",
    "DGREADY_PROCESS": "each program says what it is",
    "DGREADY_VENV": "of the set-up, not of the running application",
    "PORT": "the image listens at the port that its health check asks",
}
# Settings whose value is that of another service of the file.
WITHIN = {"DGREADY_ENV", "DATABASE_URL", "REDIS_URL", "S3_ENDPOINT", "S3_BUCKET"}
OF_COMPOSE = {"COMPOSE_FILE"}  # read by docker compose itself


def test_every_setting_reaches_every_container_of_the_application() -> None:
    for name in APPLICATION:
        given = set(SERVICES[name]["environment"])
        assert given == asked_variables() - set(NOT_OPEN)
        assert set(PRODUCTION_VARIABLES) <= given
    assert set(NOT_OPEN) <= asked_variables()


def test_what_has_no_value_in_the_file_comes_from_the_same_name() -> None:
    for name, value in SERVICES["web"]["environment"].items():
        if name in WITHIN:
            assert value
            assert f"${{{name}" not in value
        else:
            assert value is None or value.startswith(f"${{{name}:")


def test_the_example_names_what_can_be_set_and_nothing_else() -> None:
    read = set(re.findall(r"\$\{([A-Z0-9_]+)", COMPOSE + OUTER))
    passed = {name for name, value in SERVICES["web"]["environment"].items() if value is None}
    assert set(NAMED) == read | passed | OF_COMPOSE
    assert set(re.findall(r"\$\{([A-Z0-9_]+):\?\}", COMPOSE)) == FILLED_IN, "what must be filled in, and only that"


def test_the_example_shows_the_defaults() -> None:
    """Of the compose files as they stand there, of the settings where they are plain numbers."""
    told = dict(re.findall(r"\$\{([A-Z0-9_]+):-([^{}$]+)\}", COMPOSE + OUTER))
    shown = {name: NAMED[name] for name in told if name not in ("BACKUP_TARGETS", "BACKUP_FOLDER")}  # examples
    assert shown == {name: told[name] for name in shown}
    settings = (ROOT / "dgready" / "settings.py").read_text(encoding="utf-8")
    numbers = dict(re.findall(r'env\.int\("([A-Z0-9_]+)", default=([\d_* <]+)\)', settings))
    assert len(numbers) > 25
    assert {n: int(NAMED[n]) for n in numbers if n in NAMED} == {n: eval(v) for n, v in numbers.items() if n in NAMED}


def test_the_example_is_an_env_file_for_docker_and_for_systemd() -> None:
    """Neither knows comments behind a value; both take it as it stands."""
    for line in EXAMPLE.splitlines():
        assert not line or line.startswith("#") or re.fullmatch(r"[A-Z0-9_]+=[^#\s\"'$]*", line), line


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_logs_and_memory_end(name: str) -> None:
    service = SERVICES[name]
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}
    assert memory(service["mem_limit"]) > 0


def memory(text: str) -> int:
    """Megabytes, the default of a variable."""
    found = re.search(r"(\d+)m\}?$", text)
    assert found, text
    return int(found[1])


def test_all_that_runs_together_fits_a_small_machine() -> None:
    """4 GB, of which the machine itself keeps 300 MB."""
    together = [memory(s["mem_limit"]) for s in SERVICES.values() if s["restart"] != "no"]
    assert sum(together) <= 4096 - 300
    keeps = re.search(r"QUEUE_KEEPS:-(\d+)mb", " ".join(SERVICES["queue"]["command"]))
    assert keeps
    assert 2 * int(keeps[1]) <= memory(SERVICES["queue"]["mem_limit"])


@pytest.mark.parametrize("name", ["web", "worker"])
def test_there_can_be_several(name: str) -> None:
    service = SERVICES[name]
    assert not {"container_name", "ports", "hostname", "network_mode", "deploy"} & set(service)
    assert service["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("path", ["deploy/nginx.conf", "deploy/proxy/inner.conf"])
def test_the_proxy_looks_the_name_up_again(path: str) -> None:
    """A name that stands in proxy_pass itself is looked up once, at the start."""
    text = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(r"resolver 127\.0\.0\.11 valid=10s", text), "Docker's own"
    assert set(re.findall(r"proxy_pass (\S+);", text)) == {"http://$application", "http://$store"}
    assert "set $application web:8000;" in text


def test_only_the_way_in_changes_with_an_outer_proxy() -> None:
    outer = yaml.safe_load(OUTER)["services"]
    assert outer.pop("proxy") == {"profiles": ["own-certificate"]}, "started by nobody who does not name it"
    own, inner = SERVICES["proxy"], outer.pop("inner")
    assert outer == {}
    differing = {key for key in {*own, *inner} if own.get(key) != inner.get(key)}
    assert differing == {"ports", "volumes"}
    assert inner["ports"] == ["${INNER_ADDRESS:-127.0.0.1:8080}:8080"], "nobody from outside"
    assert inner["volumes"] == ["./deploy/proxy/inner.conf:/etc/nginx/nginx.conf:ro"]


def test_what_commands_write_lies_in_a_folder_of_the_machine_that_they_may_write_to() -> None:
    """The daemon makes a mounted folder as root: a service with that right alone gives it away first."""
    folders = SERVICES["folders"]
    assert folders["command"] == "install -d -o dgready -g dgready -m 0750 /srv/out".split()
    assert (folders["user"], folders["network_mode"], folders["environment"]) == ("0:0", "none", {})
    assert (folders["cap_drop"], folders["cap_add"]) == (["ALL"], ["CHOWN", "FOWNER"])
    assert folders["volumes"] == ["./out:/srv/out"]
    for name in APPLICATION:
        assert {"./out:/srv/out", "./deploy/keys:/srv/keys:ro", "./deploy/own:/srv/own:ro"} <= set(
            SERVICES[name]["volumes"]
        )
    assert SERVICES["prepare"]["depends_on"]["folders"] == {"condition": "service_completed_successfully"}


def test_places_in_the_example_are_mounted_and_backed_by_disk() -> None:
    mounted = {volume.split(":")[-2 if volume.endswith(":ro") else -1] for volume in SERVICES["web"]["volumes"]}
    named = {path for value in NAMED.values() for path in re.findall(r"(/srv/\w+)", value)}
    assert named == {"/srv/backup", "/srv/keys", "/srv/own"}
    assert named <= mounted
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "TMPDIR=/srv/var/tmp" in dockerfile, "/tmp is memory of the container"
    assert SERVICES["web"]["tmpfs"] == ["/tmp:size=64m"]
