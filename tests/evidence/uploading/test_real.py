"""A large file through real proxy, web, worker and store: killed on the way, attached once, handed out."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from evidence.models import Attachment, ResumableUpload, UploadState
from evidence.uploading.shared_parts import PREFIX
from survey.models import Event
from tests.at_work import AtWork, make_worker_trial
from tests.caller import Caller, Reply
from tests.evidence.uploading.tus import PART, coded
from tests.installation import Installation, installed, until
from tests.proxy import PROGRAM, nginx
from tests.real_services import ObjectStore

pytestmark = [
    pytest.mark.slow, pytest.mark.once, pytest.mark.postgres, pytest.mark.redis,
    pytest.mark.skipif(not PROGRAM, reason="nginx is not installed"),
]  # fmt: skip
MEGABYTE: Final = 1 << 20
SIZE, STEP = 64 * MEGABYTE, 8 * MEGABYTE
MOST_MEMORY: Final = 240 * MEGABYTE  # of a web process: 155 of it anyway, 60 the client of the bucket; a file none


def large_pdf(size: int) -> bytes:
    """A PDF of so many bytes and a little more."""
    noise = (
        b"%d 0 obj\n<< /Length %d >>\nstream\n" % (4, size)
        + b"\x01\x02\x03\x04" * (size // 4)
        + b"\nendstream\nendobj\n"
    )
    objects = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Noise 4 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n",
        noise,
    ]
    out, places = b"%PDF-1.4\n", []
    for one in objects:
        places.append(len(out))
        out += one
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)


class Sender:
    """A person's script that sends one file."""

    def __init__(self, person: AtWork, content: bytes) -> None:
        self.caller, self.content, self.url = person.caller, content, ""
        place = {"filename": "ใหญ่.pdf", "response": str(person.response), "item": "T1", "at": "T1=done"}
        begun = self.ask("POST", "/evidence/upload/", b"", {
            "Upload-Length": str(len(content)), "Upload-Metadata": coded(**place),
        })  # fmt: skip
        assert begun.status == 201, begun.text
        self.url = begun.headers["Location"]

    def ask(self, method: str, url: str, data: bytes | None, headers: dict[str, str]) -> Reply:
        """One request."""
        given = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.caller.cookie("csrftoken"), "Content-Type": PART}
        return self.caller._send(url, data, {**given, **headers}, method=method)

    @property
    def offset(self) -> int:
        """Where the server says it is."""
        return int(self.ask("HEAD", self.url, None, {}).headers["Upload-Offset"])

    def part(self, offset: int, size: int = STEP) -> int:
        """Sends a part; the offset that was acknowledged."""
        piece = self.content[offset : offset + size]
        taken = self.ask("PATCH", self.url, piece, {"Upload-Offset": str(offset)})
        assert taken.status == 204, (taken.status, taken.text)
        return int(taken.headers["Upload-Offset"])

    def send(self, offset: int, end: int) -> int:
        """Part after part until `end`."""
        while offset < end:
            offset = self.part(offset)
        return offset


def peaks(at: Installation) -> Iterator[int]:
    """The most memory that each web process has had, in bytes."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
            group = (status.parent / "stat").read_text().rpartition(")")[2].split()[2]
        except OSError:
            continue
        if int(group) == at.processes["web"].pid and "VmHWM" in text:
            yield int(text.partition("VmHWM:")[2].split()[0]) << 10


def test_a_large_file_whatever_is_killed(
    transactional_db: None, object_store: ObjectStore, s3_settings: str, bucket: Any, tmp_path: Path
) -> None:
    content = large_pdf(SIZE)
    store = {**object_store.variables, "S3_BUCKET": s3_settings, "DOWNLOADS": "proxy", "TRUSTED_PROXIES": "1"}
    trial = make_worker_trial()
    with (
        installed(tmp_path / "var", store) as at,
        nginx(tmp_path / "nginx", at.port, store=object_store.endpoint.removeprefix("http://")) as proxy,
    ):
        person = AtWork(Caller(proxy.url, trial.secretariat.email), trial.response.pk)
        person.caller.opener.addheaders = [("Origin", f"https://127.0.0.1:{proxy.plain}")]
        person.sign_in()
        sender = Sender(person, content)
        acknowledged = sender.send(0, SIZE // 2)
        acknowledged = kill_web_at_work(at, sender, acknowledged)
        sender.send(acknowledged, len(content))
        kill_worker_at_work(at)
        until(lambda: finished(at), at_work_log(at))
        assert sender.ask("GET", sender.url, None, {}).json["state"] == "done"
        check_attached_once(content)
        assert list(bucket.objects.filter(Prefix=PREFIX)) == []
        attachment = Attachment.objects.get()
        taken = list(peaks(at))
        check_download(person.caller, f"/r/{person.response}/evidence/file/{attachment.public_id}/", content)
        highest = list(peaks(at))
        print("web processes, MB:", [[peak // MEGABYTE for peak in some] for some in (taken, highest)])
        assert 0 < max(highest) < MOST_MEMORY


def at_work_log(at: Installation) -> Callable[[], str]:
    return lambda: (
        f"the file is attached\n{at.log('worker')}\n{at.log('web')}\n{list(ResumableUpload.objects.values())}"
    )


def finished(at: Installation) -> bool:
    """What the clock asks for twice a minute, asked for until it is done."""
    at.tick("evidence.tasks.sweep_uploads")
    threading.Event().wait(0.5)
    return ResumableUpload.objects.get().state == UploadState.DONE


def kill_web_at_work(at: Installation, sender: Sender, acknowledged: int) -> int:
    """The web dies while a part is on its way: what it had acknowledged is there, and nothing else is said to be."""

    def send() -> None:
        with suppress(OSError, AssertionError):  # the proxy says that nobody answers
            sender.part(acknowledged)

    sending = threading.Thread(target=send)
    sending.start()
    threading.Event().wait(0.05)
    at.kill("web")
    sending.join()
    at.start_web()
    offset = sender.offset
    assert offset in (acknowledged, acknowledged + STEP)
    return offset


def kill_worker_at_work(at: Installation) -> None:
    """The worker dies when it has begun to attach."""
    until(lambda: ResumableUpload.objects.get().attempts >= 1, at_work_log(at))
    at.kill("worker")
    at.start_worker()


def check_attached_once(content: bytes) -> None:
    attachment = Attachment.objects.get()
    assert attachment.file is not None
    assert (attachment.file.sha256, attachment.file.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert Event.objects.filter(verb="evidence.attach").count() == 1


def check_download(caller: Caller, url: str, content: bytes) -> None:
    """Through the proxy, straight from the store: in parts too, and as harmless as from the application."""
    whole = caller._send(url, None, {})
    assert (whole.status, whole.body == content) == (200, True)
    part = caller._send(url, None, {"Range": f"bytes={SIZE}-"})
    assert (part.status, part.body) == (206, content[SIZE:])
    for answer in (whole, part):
        expected = {
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
            "Content-Type": "application/pdf",
        }
        assert {name: answer.headers.get_all(name) for name in expected} == {n: [v] for n, v in expected.items()}
        (disposition,) = answer.headers.get_all("Content-Disposition") or []
        assert disposition.startswith("attachment; filename*=utf-8''")
    for inner in ("/_store/dgready/x", "/_stored/evidence/x"):
        assert caller._send(inner, None, {}).status in (404, 503)
