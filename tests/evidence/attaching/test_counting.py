"""What counts as proof: the rule over values and the same asked of the database agree, whatever is combined."""

from __future__ import annotations

from itertools import product

import pytest
from django.utils import timezone

from evidence.attaching import queries
from evidence.attaching.counting import claims, counts, counts_by_join, counts_with_marks
from evidence.attaching.proving import REJECTING, UNPROVEN
from evidence.models import Attachment, File, MarkState, ScanState, Verdict
from tests.evidence.conftest import World


def test_the_rule_names_states_and_verdicts_that_there_are() -> None:
    assert set(MarkState.values) >= UNPROVEN
    assert set(Verdict.values) - {Verdict.NONE, Verdict.ACCEPTED} == REJECTING


@pytest.mark.parametrize("is_link", [False, True])
def test_pages_and_database_agree(world: World, is_link: bool) -> None:
    if is_link:
        world.attach()
        Attachment.objects.update(file=None, url="https://example.org/")
    else:
        world.mark(world.attach())
    states = [MarkState.UNCHECKED, MarkState.SEEN, MarkState.MISSING]
    scans = [ScanState.NONE, ScanState.INFECTED]
    for state, scan, to_confirm, verdict in product(states, scans, [False, True], Verdict.values):
        File.objects.update(scan_state=scan)
        judged = {"verdict_by": world.secretary, "verdict_at": timezone.now()} if verdict else {}
        Attachment.objects.update(
            to_confirm=to_confirm, verdict=verdict, **({"verdict_by": None, "verdict_at": None} | judged)
        )
        for attachment in Attachment.objects.all():
            attachment.marks.update(state=state)
        row = Attachment.objects.get()
        view = queries.attachments_by_address(world.response)[row.address][0]
        infected = not is_link and scan == ScanState.INFECTED
        claimed = (is_link or state != MarkState.MISSING) and not infected and not to_confirm
        counted = claimed and verdict in (Verdict.NONE, Verdict.ACCEPTED)
        assert Attachment.objects.filter(claims()).exists() == view.claimed == claimed
        assert Attachment.objects.filter(counts()).exists() == view.marked == counted
        assert Attachment.objects.filter(counts_by_join()).exists() == counted
        assert counts_with_marks(row) == counted
