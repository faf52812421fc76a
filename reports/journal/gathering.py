"""Reads of a journal's extract: its events in plain words, the heads of its chains, whether these hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from dgready.canonical import sha256_hex
from dgready.thai import format_date
from reports.errors import ReportError
from reports.proof.verbs import JOURNAL_VERBS, KINDS
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import item_title, verb_label
from survey.journal.province_journal import (
    JournalFilter,
    ProvinceJournalEntry,
    filter_events,
    iterate_entries,
)
from survey.models import Event, Response, Round
from survey.verifying.replayer import Names
from survey.verifying.report import VerificationReport
from survey.verifying.verify import one_moment, verify_response

SHOWN_FAULTS: Final = 20


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of a response: whose it is ("" for the province's), its events, its newest hash, its faults."""

    agency: str
    events: int
    head: str
    faults: int


@dataclass(frozen=True)
class JournalExtract:
    """What the paper shows. `agency`: whose journal alone, "" for the province; `whole`: of all responses of the round.

    `head`: the newest hash, of several chains the SHA-256 over their heads; `left_out`: how many older events the limit
    leaves out; `filters`: by what it is filtered, in words.
    """

    round: Round
    agency: str
    whole: bool
    language: str
    printed_at: datetime
    filters: tuple[tuple[str, str], ...]
    chains: tuple[Chain, ...]
    head: str
    verified: int
    faults: tuple[str, ...]
    count: int
    left_out: int
    first: datetime | None
    events: QuerySet[Event] = field(compare=False)

    @property
    def shown(self) -> int:
        """How many events it shows."""
        return self.count - self.left_out

    @property
    def fault_count(self) -> int:
        """How many faults the chains have."""
        return sum(chain.faults for chain in self.chains)

    @property
    def more_faults(self) -> int:
        """How many faults are not listed."""
        return self.fault_count - len(self.faults)

    def entries(self) -> Iterator[ProvinceJournalEntry]:
        """The events in plain words, oldest first, read in chunks."""
        return iterate_entries(self.round, self.events, self.language)


def gather_extract(
    response: Response, criteria: JournalFilter, *, whole: bool, language: str = "th", most: int | None = None
) -> JournalExtract:
    """The extract of a response's journal, or of all the journals of its round. Raises ReportError.

    Newer events are shown where there are more than `most` (without it what the settings say).
    """
    round_ = response.round
    most = settings.JOURNAL_PAPER_EVENTS if most is None else most
    with translation.override(language):
        criteria = _known_question(round_, criteria)
        rows = Response.objects.filter(round=round_) if whole else Response.objects.filter(pk=response.pk)
        with one_moment():
            states = list(
                rows.order_by("pk").values_list("pk", "agency__name_th", "agency__name_en", "version", "head")
            )
            newest = Event.objects.filter(response__in=rows).aggregate(newest=Max("pk"))["newest"] or 0
        report = VerificationReport()
        chains = tuple(_verified(report, state, language) for state in states)
        events = filter_events(round_, criteria).filter(response__in=rows, pk__lte=newest)
        count = events.count()
        events, first = _newest(events, count, most)
        return JournalExtract(
            round=round_,
            agency=response.agency.name if response.agency else "",
            whole=whole,
            language=language,
            printed_at=timezone.localtime(),
            filters=tuple(_filter_texts(round_, criteria, language)),
            chains=chains,
            head=_common_head(states),
            verified=report.events,
            faults=tuple(fault.text(language) for fault in report.faults[:SHOWN_FAULTS]),
            count=count,
            left_out=max(count - most, 0),
            first=first,
            events=events,
        )


def _known_question(round_: Round, criteria: JournalFilter) -> JournalFilter:
    """The filter with its question by id, which may be named by its code. Raises ReportError for one not there."""
    items = compiled_instrument(round_.instrument).items
    if not criteria.question or criteria.question in items:
        return criteria
    found = next((item for item in items.values() if item.code == criteria.question), None)
    if found is None:
        raise ReportError("scope", part=criteria.question)
    return JournalFilter(criteria.person, found.question or found.id, criteria.verb, criteria.since, criteria.until)


def _verified(report: VerificationReport, state: tuple[int, str, str, int, str], language: str) -> Chain:
    pk, thai, english, events, head = state
    before = len(report.faults)
    verify_response(pk, report, KINDS, names=Names(), known_verbs=JOURNAL_VERBS)
    name = (english if language == "en" else "") or thai or ""
    return Chain(name, events, head, len(report.faults) - before)


def _common_head(states: list[tuple[int, str, str, int, str]]) -> str:
    """The head of one chain; of several the SHA-256 over their keys, lengths and heads."""
    if len(states) == 1:
        return states[0][4]
    return sha256_hex("".join(f"{pk} {events} {head}\n" for pk, _th, _en, events, head in states))


def _newest(events: QuerySet[Event], count: int, most: int) -> tuple[QuerySet[Event], datetime | None]:
    """The newest events, at most so many, and when the first of them happened."""
    if not count:
        return events, None
    first = events[min(count, most) - 1]
    if count > most:
        events = events.filter(Q(at__gt=first.at) | Q(at=first.at, pk__gte=first.pk))
    return events, first.at


def _filter_texts(round_: Round, criteria: JournalFilter, language: str) -> Iterator[tuple[str, str]]:
    if criteria.since:
        yield _("ตั้งแต่วันที่"), format_date(criteria.since, language)
    if criteria.until:
        yield _("ถึงวันที่"), format_date(criteria.until, language)
    if criteria.question:
        item = compiled_instrument(round_.instrument).items[criteria.question]
        yield _("ข้อคำถาม"), item_title(item, language)
    if criteria.verb:
        yield _("เหตุการณ์"), verb_label(criteria.verb)
    if criteria.person is not None:
        person = User.objects.filter(pk=criteria.person).first()
        yield _("ผู้ทำ"), str(person) if person else "–"
