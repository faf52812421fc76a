"""One province's years, played through the actions that the pages use: the pattern of the nation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from unittest.mock import patch

from django.db import transaction
from django.utils import timezone

from accounts.actions import grant_role
from accounts.models import Membership, User
from accounts.roles import Role
from demo.content import sample_values, values_by_question
from demo.filling import AuthorTeam
from demo.management.commands.play import _evidence_adopter
from demo.sample_file import load_sample
from demo.simulation import ActionCallbacks, contributions, simulate_year
from survey.answering import actions as answers
from survey.approval import actions as approval
from survey.approval.review import current_open_points, read_evidence_and_score
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue
from survey.journal.actions import lock_response
from survey.models import Letter, Notice, Response
from tests.bench.nation.growing import Say, grow_years

CENTRE: Final = "centre@bench.example.org"
Values = Mapping[str, AnswerValue]


class BusyFilling:
    """Fills a contribution as a busy office does: the whole form, each question saved several times."""

    def __init__(self, saves: int) -> None:
        self.saves = saves
        self.seen: set[int] = set()
        self.others: dict[str, Values] = {}

    def __call__(
        self, *, team: AuthorTeam, response: Response, values: Values, unsure: int = 0, redone: float = 0.0
    ) -> int:
        """In place of demo.filling.fill_answers."""
        form = compiled_instrument(response.round.instrument)
        if not self.others:
            self.others = values_by_question(form, sample_values(form, "bench/others"))
        wanted = values_by_question(form, values)
        first = response.pk not in self.seen
        self.seen.add(response.pk)
        with transaction.atomic():
            for question, value in {**(self.others if first else {}), **wanted}.items():
                extra = 1 if question in wanted else 0
                self._save(team.pick(), response, question, value, self.saves + extra if first else 1)
        return len(wanted)

    def _save(self, by: User, response: Response, question: str, value: Values, times: int) -> None:
        """The last save is the value; those before it, in turns, nothing but a note and the value without it."""
        row = questions_by_item_id(response.round.instrument)[question]
        locked = lock_response(response.pk)
        old = locked.answers.filter(question=row).first()
        revision = old.revision if old else 0
        for turn in range(times, 0, -1):
            doubtful = turn % 2 == 0
            saved = answers.save_answer(
                by=by,
                response=locked,
                question=row,
                value=value,
                base_revision=revision,
                unsure=doubtful,
                note="bench" if doubtful else "",
                locked=True,
            )
            revision = saved.answer.revision if saved.answer else revision


def make_centre() -> User:
    """The centre's administrator."""
    user = User.objects.create_user(CENTRE, None, first_name="ส่วนกลาง", last_name="ตัวอย่าง")
    grant_role(by=None, user=user, role=Role.CENTRAL_ADMIN, province=None, agency=None)
    return user


def post_everything() -> None:
    """The letters of the year are out, and the notices told by them: nearly all are, at any time."""
    now = timezone.now()
    Notice.objects.update(mailed_at=now)
    Letter.objects.update(sent_at=now, next_try_at=None)


def play_years(years: list[int], agencies: int, saves: int, say: Say) -> dict[str, Any]:
    """Plays the newest year of the sample province and copies it to the others; then the newest is reopened.

    So the newest is at work, and what can only be done in it can be measured; the others are approved.
    """
    with patch.object(contributions, "fill_answers", BusyFilling(saves)):
        told = simulate_year(
            province_code=load_sample()["province"],
            year=years[-1],
            agencies=agencies,
            seed="bench",
            fresh=False,
            callbacks=ActionCallbacks(current_open_points, read_evidence_and_score, _evidence_adopter),
            print_line=lambda _line: None,
        )
    say(f"played {told['province']} {told['year']}: {told['events']} events in {told['seconds']} s")
    make_centre()
    post_everything()
    grow_years(years, say)
    newest = Response.objects.select_related("round__province", "round__instrument").get(
        round__year=years[-1], agency=None
    )
    governor = Membership.objects.get(role=Role.GOVERNOR, province=newest.round.province, valid_from=None).user
    approval.reopen_response(by=governor, response=newest, reason="ตัวอย่าง: ตรวจอีกครั้ง")
    return told
