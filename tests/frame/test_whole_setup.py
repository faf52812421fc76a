"""The whole set-up as it ships: nginx, gunicorn, worker and beat by compose's commands with the settings of
production, PostgreSQL, Redis, SeaweedFS, clamd and a mail server; one person's way through all of them."""

from __future__ import annotations

import hashlib
import json
import re
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.urls import reverse

from dgready.environment import PRODUCTION_VARIABLES
from evidence.models import Attachment, File
from reports.models import Job, JobState
from survey.models import Answer
from tests import proxy
from tests.caller import Caller
from tests.clock import Clock
from tests.evidence.conftest import pdf
from tests.factories import PASSWORD
from tests.flow import COURSE, FULL, Flow, make_flow
from tests.hostile.files import ooxml
from tests.installation import ROOT, Installation, free_port, until
from tests.people import People
from tests.real_services import ObjectStore, Scanner
from tests.smtp import MailServer
from tests.static_files import link_static_files

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.slow, pytest.mark.once]

SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"


def web_command() -> list[str]:
    """Of the image, which compose leaves as it is."""
    return list(json.loads((ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()[-1].removeprefix("CMD ")))


class Production(Installation):
    """Its processes are started by what Dockerfile and docker-compose.yml say, on a port of the test."""

    def start(self) -> None:
        """Web, worker and beat."""
        bind = {"0.0.0.0:8000": f"127.0.0.1:{self.port}"}
        self._start("web", *(bind.get(word, word) for word in web_command()))
        for name in ("worker", "beat"):
            self._start(name, *SERVICES[name]["command"])
        until(self._answers, lambda: f"the web process answers\n{self.log('web')}")

    def stop(self) -> None:
        """At once: nobody needs them any more."""
        for name in list(self.processes):
            self.kill(name)


@pytest.fixture
def flow(transactional_db: None, people: People) -> Flow:
    """A province whose secretariat has a password as production keeps it."""
    made = make_flow(people)
    made.secretariat.email = "secretariat@dgready.localhost"  # letters to made-up names are not sent in production
    made.secretariat.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-a-test")
    made.secretariat.save()
    return made


@pytest.fixture
def front(
    flow: Flow, object_store: ObjectStore, scanner: Scanner, s3_settings: str, tmp_path: Path
) -> Iterator[Production]:
    """Everything running, and the proxy in front of it."""
    call_command("ensure_store")
    folder = tmp_path / "var"
    folder.mkdir()
    link_static_files(folder)
    port = free_port()
    with MailServer() as mail, proxy.nginx(tmp_path / "nginx", port) as listening:
        address = f"https://127.0.0.1:{listening.https}"
        more = {
            "DGREADY_ENV": "production",
            "DJANGO_SETTINGS_MODULE": "dgready.settings",
            "ALLOWED_HOSTS": "127.0.0.1",
            "PUBLIC_URL": address,
            "EMAIL_FROM": "dgready@example.org",
            "CLAMD_ADDRESS": f"{scanner.host}:{scanner.port}",
            "S3_BUCKET": s3_settings,
            **object_store.variables,
        }
        made = Production(folder, mail, Clock(folder / "clock"), port, more)
        assert set(PRODUCTION_VARIABLES) <= set(made.environment)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def test_one_way_through_everything(front: Production, flow: Flow) -> None:
    trusted = ssl.create_default_context(cafile=str(front.folder.with_name("nginx") / "fullchain.pem"))
    trusted.check_hostname = False  # it is made for a name; tests go by number
    caller = Caller(front.more["PUBLIC_URL"], flow.secretariat.email, trusted)
    caller.get("/")  # signs in through nginx, with the secure cookies of production
    page = caller.get("/accounts/profile/")
    script = caller.get(re.findall(r'src="(/static/js/[^"]+)"', page.text)[0])
    assert "frame-ancestors 'none'" in script.headers["Content-Security-Policy"]
    assert script.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in script.headers
    assert {"__Host-sessionid", "__Host-csrftoken"} <= {cookie.name for cookie in caller.jar}
    assert all(c.secure and c.path == "/" and c.name.startswith("__Host-") for c in caller.jar)
    save(caller, flow)
    upload_and_download(front, caller, flow)
    make_a_paper(front, caller, flow)
    get_a_letter(front, caller)
    check = SERVICES["beat"]["healthcheck"]["test"][1].replace("/srv/var", str(front.folder))
    until(lambda: not subprocess.run(["sh", "-c", check], check=False).returncode, "beat is alive")
    assert all(process.poll() is None for process in front.processes.values())


def save(caller: Caller, flow: Flow) -> None:
    """An answer, as the page's script does."""
    item, value = "T1", FULL["T1"]
    pairs = [("_revision", "0"), *((k, str(v)) for k, v in value.items())]
    saved = caller.post(f"/r/{flow.response.pk}/answer/{item}/", pairs, Accept="application/json")
    assert (saved.status, saved.json["errors"]) == (200, {})
    assert Answer.objects.get(response=flow.response, question__item_id=item).value == value


def upload_and_download(at: Production, caller: Caller, flow: Flow) -> None:
    """A file that comes back as it was sent, and one with a virus that is found."""
    path = f"{reverse('evidence:slot', args=[flow.response.pk, 'T6'])}?at={quote(COURSE, safe='')}"
    content = pdf("whole", 3)
    for name, sent in (("แผน.pdf", content), ("ไวรัส.docx", ooxml("docx", {"word/media/image1.txt": EICAR}))):
        assert caller.upload(path, "files", name, sent).status == 200
    kept = Attachment.objects.get(file__sha256=hashlib.sha256(content).hexdigest())
    virus = File.objects.exclude(pk=kept.file_id).get()
    until(lambda: states(kept.file, virus) == ["clean", "infected"], lambda: f"both are scanned\n{at.log('worker')}")
    download = reverse("evidence:download", args=[flow.response.pk, kept.public_id])
    assert caller.get(download).body == content


def states(*files: Any) -> list[str]:
    """What the scanner said of them."""
    return [File.objects.get(pk=file.pk).scan_state for file in files]  # type: ignore[attr-defined]


def make_a_paper(at: Production, caller: Caller, flow: Flow) -> None:
    """A job of the worker, downloaded."""
    listing = caller.get(reverse("reports:list", args=[flow.response.pk]))
    made = caller.post(reverse("reports:make", args=[flow.response.pk]), [("kind", "result")])
    assert (listing.status, made.status) == (200, 200)
    until(lambda: Job.objects.get().state == JobState.DONE, lambda: f"the paper is made\n{at.log('worker')}")
    paper = caller.get(reverse("reports:download", args=[Job.objects.get().public_id]))
    assert paper.body.startswith(b"%PDF")


def get_a_letter(at: Production, caller: Caller) -> None:
    """The one for a forgotten password, with the address of the proxy in it."""
    reset = reverse("accounts:password-reset")
    form = caller.get(reset).form(reset)
    caller.post(form.action, form.filled(email=caller.email))
    until(lambda: at.mail.taken, lambda: f"the letter is sent\n{at.log('worker')}")
    assert at.more["PUBLIC_URL"] in at.mail.taken[0].text
