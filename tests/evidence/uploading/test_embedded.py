"""A large file at the embedded installation: one process takes it, hashes it, attaches it, and stays small."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evidence.models import UploadState
from evidence.uploading.parts import FOLDER
from tests.at_work import at_work, make_worker_trial
from tests.evidence.uploading.test_real import (
    MEGABYTE,
    MOST_MEMORY,
    Sender,
    at_work_log,
    check_attached_once,
    large_pdf,
    peaks,
)
from tests.evidence.uploading.tus import row
from tests.installation import served, until

SIZE = 48 * MEGABYTE


@pytest.mark.slow
@pytest.mark.skipif("DGREADY_TEST_DATABASE_URL" in os.environ, reason="the embedded installation has SQLite")
def test_killed_before_it_is_attached(transactional_db: None, tmp_path: Path) -> None:
    content = large_pdf(SIZE)
    with served(tmp_path / "var", {"REDIS_URL": "", "WEB_THREADS": "8"}) as at:
        person = at_work(at.url, make_worker_trial())
        person.sign_in()
        before = max(peaks(at))
        sender = Sender(person, content)
        sender.send(0, len(content))
        at.kill("web")  # the worker is in it
        at.start_web()
        until(lambda: row(sender.url).state == UploadState.DONE, at_work_log(at))
        check_attached_once(content)
        assert list((tmp_path / "var" / "tmp" / FOLDER).iterdir()) == []
        after = max(peaks(at))
    print(f"the process: {before // MEGABYTE} MB, {after // MEGABYTE} MB with a file of {SIZE // MEGABYTE} MB")
    assert after < MOST_MEMORY
