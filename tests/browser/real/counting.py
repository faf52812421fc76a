"""What stands in the database and at the mail server, counted against the ledger."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.db.models import Count, Q

from evidence.models import Attachment
from reports.models import Job
from survey.models import (
    Answer,
    Comment,
    Event,
    Letter,
    Notice,
    Round,
)
from tests.browser import province as acts
from tests.browser.province import World
from tests.browser.real.opening import assigned
from tests.browser.real.reminders import once, waiting
from tests.installation import ROOT


def count_everything(world: World, expected: set[tuple[str, str, str]]) -> None:
    """Nothing that the server took is lost or there twice, and nothing is there that nobody sent."""
    round_ = world.round
    handed = Event.objects.get(verb="assignment.reassign").data
    count_assignments(world, expected, handed)
    contributions = Q(response__round=round_, response__agency__isnull=False)
    count_answers(world, contributions)
    count_words(world, round_)
    rows = Event.objects.filter(contributions, verb__startswith="part.").values_list("verb", "data__assignment")
    steps = rows.annotate(n=Count("pk")).values_list("verb", "data__assignment", "n")
    assert {(verb.removeprefix("part."), pk): n for verb, pk, n in steps.order_by()} == dict(world.ledger.steps)
    files = Attachment.objects.filter(contributions, removed_at=None).values_list(
        "response__agency__code", "address", "name"
    )
    assert sorted(files) == sorted(world.ledger.files.elements())
    once(world)
    assert not waiting(world)
    assert not Notice.objects.filter(kind__in=("part.due", "part.overdue", "closing"), mailed_at=None).exists()
    assert Job.objects.values_list("kind").annotate(n=Count("pk")).filter(n__gt=1).count() == 0
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    proof = subprocess.run(
        [sys.executable, "manage.py", "journal", "--skip-checks", "verify", "--format", "json"],
        cwd=ROOT,
        env=world.at.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(proof.stdout)
    assert (proof.returncode, told["ok"], told["faults"]) == (0, True, [])
    assert told["responses"] == acts.AGENCIES + 1
    print(
        f"          {len(expected)} assignments, {sum(map(len, world.ledger.answers.values()))} answers saved, "
        f"{Comment.objects.count()} comments, {Notice.objects.count()} notices, {Letter.objects.count()} letters, "
        f"{told['events']} events"
    )


def count_assignments(world: World, expected: set[tuple[str, str, str]], handed: dict[str, Any]) -> None:
    """The list of the workbook, less and more what was handed on."""
    moved = {(row["agency"], row["part"], row["role"]) for row in handed["before"]}
    now = assigned(world)
    assert expected - now == moved
    assert now - expected <= {(handed["to"], part, role) for _agency, part, role in moved}


def count_answers(world: World, contributions: Q) -> None:
    """Each answer stands as it was sent last, with a revision and an event for each time it was sent."""
    rows = Answer.objects.filter(contributions).select_related("response__agency", "question")
    found = {(a.response.agency.code, a.question.item_id): a for a in rows}
    assert found.keys() == world.ledger.answers.keys()
    events = Event.objects.filter(contributions, verb="answer.save").order_by()
    saved = {
        (agency, question): n
        for agency, question, n in events.values_list("response__agency__code", "question__item_id").annotate(
            n=Count("pk")
        )
    }
    for key, sent in world.ledger.answers.items():
        assert found[key].value == sent[-1], key
        assert found[key].revision == saved[key] == len(sent), key


def count_words(world: World, round_: Round) -> None:
    """Each comment once; besides them only what the committee's resolution left as a remark."""
    texts = Comment.objects.filter(response__round=round_).order_by().values_list("text").annotate(n=Count("pk"))
    found = dict(texts)
    assert {text: n for text, n in found.items() if text in world.ledger.comments} == dict(world.ledger.comments)
    rest = [text for text in found if text not in world.ledger.comments]
    assert len(rest) == 1
    assert "4.4" in rest[0]
