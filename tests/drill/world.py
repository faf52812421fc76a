"""What the drill backs up: a year played to its approval, and provinces whose people are at work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command

from evidence.attaching.actions import attach_evidence
from survey.approval.actions import approve_response
from survey.approval.review import read_evidence_and_score
from tests.drill.drill import Drill, Outcome
from tests.evidence.conftest import pdf, upload
from tests.factories import ProvinceFactory
from tests.flow import COURSE, make_flow
from tests.installation import installed
from tests.people import make_people
from tests.real_services import ObjectStore
from tests.trial import REAL, make_trial

PLAYED = "TH-43"


def play_year(agencies: int) -> None:
    """A province's whole year, played to its approval, with its files."""
    province = ProvinceFactory(code=PLAYED, name_th="หนองคาย", name_en="Nong Khai")
    year = make_trial(REAL, province).round.year
    call_command("play", province=PLAYED, year=year, agencies=agencies, sample=True, verbosity=0)


def approve_small_year() -> None:
    """The made-up year of one province, answered, with a file, approved."""
    flow = make_flow(make_people())
    flow.fill()
    question, file = flow.question("T6"), upload(pdf("drill"))
    attach_evidence(by=flow.secretariat, response=flow.response, question=question, address=COURSE, upload=file)
    flow.submit()
    approve_response(by=flow.governor, response=flow.response, compose=read_evidence_and_score)


def drill_all(
    folder: Path, store: ObjectStore, bucket: str, *, people: int, seconds: float, form: Path, fill: Callable[[], None]
) -> Outcome:
    """Fills the database, puts people to work and drills."""
    call_command("ensure_store", verbosity=0)
    fill()
    trials = [make_trial(form) for _ in range(people)]
    more = {**store.variables, "S3_BUCKET": bucket}
    with installed(folder / "var", more, worker=False) as at:
        return Drill(at, store, bucket, folder, seconds).run(trials)
