"""Fills a migrated database with rows in every table, for scripts/dump_schema.py; all of it is made up.

A played year that is approved, another that is opened again, then what a play leaves out, through the pages. What no
page makes alone is written as plain rows. Models are asked for by app label, pages by address: both outlast moves of
modules.
"""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dgready.celery import app

YEAR = 2568
APPROVED, REOPENED = "TH-42", "TH-41"
SAMPLE = "ตัวอย่าง"
RESULTS = f"""framework,subject,kind,code,score,rank,level,from,source
{YEAR},{APPROVED},sub_pillar,2.3,20.00,,,official,made up for a dump
"""
NOISE = ("sessions.", "axes.", "auth.group")  # tables a dump leaves empty
Row = Any


def fill() -> None:
    """Makes everything; raises RuntimeError where a page refuses or a table stays empty."""
    app.loader.import_default_modules()  # as a worker does: tasks run here, at once
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    for province, agencies in ((APPROVED, 3), (REOPENED, 1)):
        call_command("play", province=province, year=YEAR, agencies=agencies, seed="dump")
    with TemporaryDirectory() as folder:
        results = Path(folder) / "results.csv"
        results.write_text(RESULTS, encoding="utf-8")
        call_command("load_results", str(results))
    call_command("create_admin", "--link", "--email", "invited@example.org")
    _open_again()
    _plan()
    _report()
    _fit_scheme()
    _add_rows()
    if empty := empty_tables():
        raise RuntimeError(f"no rows in {', '.join(empty)}: add some here, or name the table as noise")


def empty_tables() -> list[str]:
    """The models without a row, but for NOISE."""
    models = [model for model in apps.get_models() if not model._meta.label_lower.startswith(NOISE)]
    return [model._meta.label for model in models if not model._default_manager.exists()]


def _rows(label: str) -> Any:
    return apps.get_model(label)._default_manager


def _response(province: str) -> Row:
    return _rows("survey.Response").get(round__province__code=province, agency=None)


def _signed_in(role: str, province: str | None) -> Client:
    """A browser of somebody with that role."""
    post = _rows("accounts.Membership").filter(role=role, province__code=province, delegation=None).earliest("pk")
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    client.force_login(post.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def _post(client: Client, page: str, *args: object, **data: str) -> HttpResponse:
    """Sends a form; a page that takes it redirects."""
    answer = client.post(reverse(page, args=args), data)
    if answer.status_code != 302:
        raise RuntimeError(f"{page} answered {answer.status_code}")
    return answer


def _open_again() -> None:
    response = _response(REOPENED)
    _post(_signed_in("governor", REOPENED), "survey:reopen", response.pk, reason=SAMPLE)


def _plan() -> None:
    """A scenario, efforts of the round's own, and a plan whose first action somebody does."""
    response, client = _response(APPROVED), _signed_in("secretariat", APPROVED)
    _post(client, "survey:notices-digest", digest="0")
    _post(client, "scoring:scenario-save", response.pk, name=SAMPLE)
    _rows("scoring.WorkEffort").create(round=response.round, kind="evidence", effort=2)
    _post(client, "scoring:plan-take", response.pk, kind="total", amount="75")
    plan = _rows("scoring.ActionPlan").get()
    first = _rows("scoring.PlannedAction").filter(plan=plan).first()
    given = {"agency": str(_rows("accounts.Agency").earliest("pk").pk), "owner": SAMPLE, "state": "doing"}
    _post(client, "scoring:plan-action", response.pk, plan.pk, first.pk, **given)


def _report() -> None:
    """A job that made its file, and its download."""
    client = _signed_in("secretariat", APPROVED)
    _post(client, "reports:make", _response(APPROVED).pk, kind="certificate")
    job = _rows("reports.Job").get(state="done")
    b"".join(client.get(reverse("reports:download", args=[job.public_id])))  # type: ignore[arg-type]


def _fit_scheme() -> None:
    """A version of the scoring scheme, which the open round then uses."""
    user = _rows("accounts.User").create_user("central@example.org", first_name=SAMPLE, last_name=SAMPLE)
    _rows("accounts.Membership").create(user=user, role="central_admin")
    client = _signed_in("central_admin", None)
    _post(client, "scoring:fit", _response(APPROVED).pk)
    _post(client, "scoring:scheme-use", _rows("scoring.SchemeVersion").get().pk)


def _add_rows() -> None:
    """What no page makes in this world: wording of the paper form, a daily task's day, last year's answers."""
    response = _response(APPROVED)
    answer = _rows("survey.Answer").filter(response=response).exclude(value={}).earliest("pk")
    contribution = _rows("survey.Response").filter(round=response.round).exclude(agency=None).earliest("pk")
    _rows("survey.OfficialText").create(
        instrument=response.round.instrument, item_id=answer.question.item_id, text=SAMPLE
    )
    _rows("survey.Chore").create(name="daily", day=timezone.localdate() - timedelta(days=1))
    _rows("survey.Carried").create(
        response=contribution,
        question=answer.question,
        relation="same",
        value=answer.value,
        from_response=response,
        settled_at=timezone.now(),
        settled_by=answer.saved_by,
    )
