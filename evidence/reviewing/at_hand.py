"""The one piece of evidence that a reviewer has at hand: question, place, document, marks with what their pages say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ObjectDoesNotExist

from accounts.models import User
from dgready.language import reader_language
from evidence import places
from evidence.attaching.proving import UNPROVEN
from evidence.models import Attachment, FileKind, FileText, Mark, MarkState, TextState
from evidence.reading.pages import DocumentText, unpack
from evidence.reviewing.actions import fingerprint
from evidence.reviewing.excerpts import PageExcerpt, excerpt, first_page
from evidence.reviewing.queue import QueueItem, ReviewQueue
from evidence.reviewing.rules import judging_refusal
from survey.answering.queries import response_path
from survey.instrument.place_windows import window_at
from survey.instrument.proof.guide import ProofGuide
from survey.instrument.queries import compiled_instrument
from survey.instrument.windows import Period, is_outside
from survey.journal.event_texts import describe_value, item_title
from survey.models import Response

MOST_EXCERPTS: Final = 6  # marks whose pages are shown; the others stand without


@dataclass(frozen=True, slots=True)
class MarkAtHand:
    """A mark with what its page says. `is_unproven`: it proves nothing as it is."""

    mark: Mark
    state: str
    is_unproven: bool
    excerpt: PageExcerpt | None


@dataclass(frozen=True, slots=True)
class EvidenceAtHand:
    """What a reviewer sees of one attachment. `refusal`: why this person cannot judge it now."""

    item: QueueItem
    attachment: Attachment
    title: str
    section: str
    parts: tuple[str, ...]
    answer: str
    is_open: bool
    guide: ProofGuide
    window: Period | None
    is_outside: bool
    marks: list[MarkAtHand]
    beginning: PageExcerpt | None
    text_state: str
    refusal: str
    seen: str

    @property
    def kind(self) -> str:
        """The kind of its file in words."""
        file = self.attachment.file
        return str(FileKind(file.kind).label) if file else "URL"


def read_at_hand(user: User, queue: ReviewQueue, item: QueueItem, provincial: Response) -> EvidenceAtHand | None:
    """The attachment of an item as it is now; None where it is gone. Three queries."""
    related = ("file__text", "question", "response__agency", "added_by", "verdict_by")
    rows = Attachment.objects.select_related(*related).prefetch_related("marks")
    row = rows.filter(public_id=item.id, removed_at=None).first()
    if row is None:
        return None
    round_ = provincial.round
    row.response.round = round_
    instrument, language = compiled_instrument(round_.instrument), reader_language()
    path = response_path(row.response)
    place = places.find_place(instrument, row.address)
    text = _text_of(row)
    document = unpack(bytes(text.pages)) if text is not None and text.pages is not None else None
    window = window_at(instrument, row.address).span((round_.period_from, round_.period_to))
    field = row.address.partition("=")[0]
    marks = [_mark_at_hand(mark, document if n < MOST_EXCERPTS else None) for n, mark in enumerate(row.marks.all())]
    question = instrument.items[item.question]
    return EvidenceAtHand(
        item=item,
        attachment=row,
        title=item_title(question, language),
        section=question.section,
        parts=places.describe_place(instrument, place, path.values, language) if place else (),
        answer=describe_value(instrument, field, path.values.get(field), language),
        is_open=row.address in path.places,
        guide=instrument.proof_of(row.address),
        window=window,
        is_outside=is_outside(row.document_date, window),
        marks=marks,
        beginning=first_page(document) if document is not None and not marks else None,
        text_state=str(TextState(text.state).label) if text is not None and document is None else "",
        refusal=judging_refusal(user, row, provincial, queue.parts, item.attached_by),
        seen=fingerprint(row),
    )


def _text_of(row: Attachment) -> FileText | None:
    try:
        return row.file.text if row.file is not None else None
    except ObjectDoesNotExist:
        return None


def _mark_at_hand(mark: Mark, document: DocumentText | None) -> MarkAtHand:
    shown = excerpt(document, mark.pages, mark.quote) if document is not None else None
    return MarkAtHand(mark, str(MarkState(mark.state).label), mark.state in UNPROVEN, shown)
