"""The sample province of `make demo`: people, an open round, two thirds of the form answered."""

from __future__ import annotations

from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.actions import create_agency
from accounts.models import Agency, Province
from accounts.respondents import RespondentKind
from demo.deletion import delete_with_dependents
from demo.people import create_sample_people
from demo.sample_committee import ensure_register, plan_meeting
from demo.sample_file import PrintLine, SampleData
from demo.sample_round import create_round, ensure_round_open, get_response
from dgready.versioned_files import list_versions
from evidence.attaching.queries import marked_addresses
from scoring.engine.queries import get_score_sheet
from survey.answering.queries import response_path
from survey.instrument.progress import progress_by_section, total_progress
from survey.models import Instrument, Round


def build_sample_province(*, data: SampleData, fresh: bool, print_line: PrintLine) -> Round:
    """Creates what is missing of the sample province; `fresh`: its round anew. Running it again changes nothing."""
    instrument = _load_reference_data(data, print_line)
    province = Province.objects.get(code=data["province"])
    agencies = _ensure_agencies(province, data)
    people = create_sample_people(province=province, agencies=agencies, rows=data["users"])
    print_line(f"{province.code}: {len(agencies)} agencies, {len(people)} sample users")
    ensure_register(province, data, print_line)
    sample_rounds = Round.objects.filter(province=province, year=data["round"]["year"])
    if fresh:
        delete_with_dependents(sample_rounds)
    round_ = sample_rounds.select_related("province", "instrument").first()
    if round_ is None:
        round_ = create_round(province, instrument, data, print_line)
        plan_meeting(round_, data)
    else:
        ensure_round_open(round_, data, print_line)
    return round_


def _load_reference_data(data: SampleData, print_line: PrintLine) -> Instrument:
    """Provinces, published results and the instrument, by the commands an administrator uses."""
    forms = list_versions(settings.BASE_DIR / "fixtures" / "instruments", data["round"]["instrument"])
    for command in (
        ("load_provinces",),
        ("load_results",),
        *(("instrument", "load", str(form), "--publish") for form in forms),
    ):
        output = StringIO()
        call_command(*command, stdout=output)
        for line in output.getvalue().splitlines():
            print_line(line)
    published = Instrument.objects.filter(
        year=data["round"]["year"], published_at__isnull=False, respondents=RespondentKind.PROVINCE
    )
    return published.latest("version")


def _ensure_agencies(province: Province, data: SampleData) -> list[Agency]:
    existing = {a.code: a for a in province.agencies.all()}
    agencies = []
    for row in data["agencies"]:
        fields = {k: row[k] for k in ("code", "kind", "name_th", "name_en")}
        agencies.append(existing.get(row["code"]) or create_agency(by=None, province=province, **fields))
    return agencies


def summarize_round(round_: Round) -> list[str]:
    """The state of the provincial answer, as lines to print."""
    response = get_response(round_)
    progress = total_progress(progress_by_section(response_path(response), marked_addresses(response)))
    sheet = get_score_sheet(response)
    closes = timezone.localtime(round_.closes_at)
    return [
        f"answered {progress.answered} of {progress.total} required fields ({progress.percent} %)",
        f"evidence in place at {progress.evidence - progress.missing_evidence} of {progress.evidence} places",
        f"estimated score {sheet.total:.2f}",
        f"evidence period {round_.period_from:%Y-%m-%d} to {round_.period_to:%Y-%m-%d} as printed; "
        f"the other dates are made up, the round closes {closes:%Y-%m-%d %H:%M}",
    ]
