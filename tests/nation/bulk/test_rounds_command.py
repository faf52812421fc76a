"""manage.py rounds open: every way of writing a day, reasons for what is left out, nothing with --dry-run."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from dgready.date_inputs import end_of_day
from survey.models import Event, Round
from tests.nation.bulk.world import make_nation

pytestmark = pytest.mark.django_db


def told(*words: str) -> dict[str, Any]:
    out = StringIO()
    call_command("rounds", "open", *words, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def test_rounds_open_for_all_that_have_none() -> None:
    nation = make_nation(3, opened=1)
    closes = timezone.localdate() + timedelta(days=40)
    typed = f"{closes.day}/{closes.month}/{closes.year + 543}"
    words = ("--year", str(nation.year), "--closes", typed)
    plan = told(*words, "--dry-run")
    assert (plan["dry_run"], Round.objects.count()) == (True, 1)
    done = told(*words)
    assert done == {**plan, "dry_run": False}
    assert done["closes"] == closes.isoformat()
    assert sorted(done["opened"]) == sorted(nation.codes[1:])
    [skipped] = done["skipped"]
    assert (skipped["province"], skipped["code"]) == (nation.codes[0], "open")
    round_ = nation.round(1)
    assert round_.closes_at == end_of_day(closes)
    assert round_.opens_on <= round_.agency_due <= round_.committee_on <= closes
    assert Event.objects.filter(verb="response.open", response__round=round_, by=None).exists()
    assert told(*words)["opened"] == []


def test_named_provinces_only_and_unknown_codes_are_told() -> None:
    nation = make_nation(2)
    done = told("--year", str(nation.year), "--provinces", f"{nation.codes[1].lower()}, TH-9999")
    assert done["opened"] == [nation.codes[1]]
    assert [(one["province"], one["code"]) for one in done["skipped"]] == [("TH-9999", "unknown")]
    assert Round.objects.count() == 1


@pytest.mark.parametrize("words", [["--closes", "1/1/2560"], ["--closes", "31/2/2590"], ["--provinces", " , "]])
def test_what_cannot_be_read_is_refused(words: list[str]) -> None:
    nation = make_nation(1)
    with pytest.raises(CommandError):
        call_command("rounds", "open", "--year", str(nation.year), *words)
    with pytest.raises(CommandError):
        call_command("rounds", "open", "--year", str(nation.year + 1))
    assert not Round.objects.exists()
