"""A response of the made-up year to print."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from reports.content.listing import build_content
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.models import Job, JobState, ReportKind
from survey.instrument.path import resolve_path
from survey.instrument.schema import CompiledInstrument, LocalizedText
from survey.models import Response
from tests.flow import Flow, make_flow
from tests.people import People


@pytest.fixture
def flow(people: People) -> Flow:
    """A draft of province a for the made-up year, with everybody of the province."""
    return make_flow(people)


def fresh(response: Response) -> Response:
    """The response as a view or worker would fetch it."""
    rows = Response.objects.select_related("round__province", "round__instrument", "agency")
    return rows.defer("round__instrument__source").get(pk=response.pk)


@pytest.fixture
def filled(flow: Flow) -> Flow:
    """The same with every question answered and its evidence marked."""
    flow.fill()
    flow.prove()
    return flow


@pytest.fixture
def report(filled: Flow) -> ResponseReport:
    """That draft, gathered."""
    return gather_report(fresh(filled.response))


def empty_listing(instrument: CompiledInstrument) -> object:
    """The listing of an empty response."""
    return build_content(resolve_path(instrument, {}), {})


def wordings(instrument: CompiledInstrument) -> list[str]:
    """Every Thai wording of an instrument."""
    found: list[LocalizedText] = [instrument.title]
    for section in instrument.sections:
        found += [section.title, section.help]
    for item in instrument.items.values():
        found += [item.ask, item.help, item.unit, *(o.label for o in item.options), *(o.help for o in item.options)]
        found += [*(r.label for r in item.rows), *(c.label for c in item.columns)]
        found += [o.label for c in item.columns for o in c.options]
    return list(dict.fromkeys(t.th for t in found if t))


def read_back(path: Path, *options: str) -> str:
    """What pdftotext reads, code point by code point. `-raw`: cell by cell, not line by line across a table."""
    return subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, text=True, check=True).stdout


def squeezed(text: str) -> str:
    """Text without any space: a line may break anywhere between Thai words."""
    return "".join(text.split())


def make_job(flow: Flow, kind: ReportKind = ReportKind.RESULT, **more: object) -> Job:
    """A job of the response, not queued."""
    from django.utils import timezone

    now = timezone.now()
    given = {"by": flow.secretariat, "response": flow.response, "created_at": now, "beat_at": now, **more}
    return Job.objects.create(kind=kind, **given)


@pytest.fixture
def done_job(flow: Flow) -> Job:
    """A job whose file lies in the store."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    content = b"%PDF-1.7 made"
    stored = default_storage.save("jobs/x/1.pdf", ContentFile(content))
    made = {"stored": stored, "file_name": "ผลประเมิน.pdf", "size": 13, "sha256": sha256(content).hexdigest()}
    return make_job(flow, state=JobState.DONE, done=100, total=100, **made)
