"""What a move to another version of the form reads of a round: its responses with all that hangs on questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from evidence.attaching.counting import counts as counting
from evidence.attaching.counting import lacking
from evidence.models import Attachment
from scoring.models import ExternalScore
from scoring.scheme.marked import mark_score
from survey.answering.checker import AttachedFile
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.journal.queries import FORM_MOVE_VERB
from survey.models import Answer, Assignment, Comment, Event, Instrument, Response, Round


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as stored. `item`: of its question; in `fields` value, unsure mark and note."""

    pk: int
    item: str
    revision: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredProof:
    """An attachment as stored, removed or not."""

    pk: int
    public_id: str
    item: str
    content: tuple[int | None, str | None]
    file: AttachedFile
    removed: bool


@dataclass(slots=True)
class ResponseData:
    """A response with what hangs on its questions. `moves`: what earlier moves told, oldest first.

    `comments`: item id of each thread's question by key, "" for the whole answer.
    """

    response: Response
    answers: dict[str, StoredAnswer] = field(default_factory=dict)
    proofs: list[StoredProof] = field(default_factory=list)
    comments: dict[int, str] = field(default_factory=dict)
    moves: list[Mapping[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class RoundData:
    """A round with both versions of its form, `source` the present one.

    `externals`: scores from outside of the provincial answer.
    """

    round: Round
    source: Instrument
    target: Instrument
    old: CompiledInstrument
    new: CompiledInstrument
    responses: list[ResponseData]
    externals: Mapping[str, Decimal]
    parts: list[Assignment]

    @property
    def gone_items(self) -> set[str]:
        """Questions of the present version that the other does not have."""
        return {q.id for q in self.old.questions} - {q.id for q in self.new.questions}

    @property
    def provincial(self) -> ResponseData:
        """The provincial answer."""
        return next(one for one in self.responses if one.response.is_provincial)


def read_round(round_: Round, target: Instrument) -> RoundData:
    """Everything a move reads. Five queries, and two more where questions go or the round has moved before."""
    old, new = compiled_instrument(round_.instrument), compiled_instrument(target)
    rows = Response.objects.filter(round=round_).select_related("agency").order_by("pk")
    responses = {row.pk: ResponseData(row) for row in rows}
    for one in responses.values():
        one.response.round = round_
    for pk, answer in _read_answers(round_):
        responses[pk].answers[answer.item] = answer
    for pk, proof in _read_proofs(round_):
        responses[pk].proofs.append(proof)
    external = ExternalScore.objects.filter(response__round=round_, response__agency=None)
    parts = list(Assignment.objects.filter(round=round_).select_related("agency").order_by("pk"))
    data = RoundData(
        round=round_,
        source=round_.instrument,
        target=target,
        old=old,
        new=new,
        responses=sorted(responses.values(), key=lambda one: (not one.response.is_provincial, one.response.pk)),
        externals={row.sub_pillar: mark_score(row.score, row.origin) for row in external},
        parts=parts,
    )
    if data.gone_items or round_.form_moves:
        _read_comments(round_, responses)
    if round_.form_moves:
        moves = Event.objects.filter(response__round=round_, verb=FORM_MOVE_VERB).order_by("seq")
        for pk, told in moves.values_list("response", "data"):
            responses[pk].moves.append(told)
    return data


def _read_answers(round_: Round) -> Iterator[tuple[int, StoredAnswer]]:
    rows = Answer.objects.filter(response__round=round_).order_by()
    columns = ("response_id", "pk", "question__item_id", "revision", "value", "unsure", "note")
    for response, pk, item, revision, value, unsure, note in rows.values_list(*columns):
        yield response, StoredAnswer(pk, item, revision, {"value": value, "unsure": unsure, "note": note})


def _read_proofs(round_: Round) -> Iterator[tuple[int, StoredProof]]:
    rows = Attachment.objects.filter(response__round=round_).order_by("added_at", "pk")
    rows = rows.annotate(counts=counting(), lacks=lacking())
    columns = ("response_id", "pk", "public_id", "question__item_id", "address", "name", "file_id", "url")
    for response, pk, public_id, item, address, name, file, url, counts, lacks, dated, removed_at in rows.values_list(
        *columns, "counts", "lacks", "document_date", "removed_at"
    ):
        attached = AttachedFile(address, name or url or "", bool(counts), dated, lacking=lacks)
        yield response, StoredProof(pk, str(public_id), item, (file, url), attached, removed_at is not None)


def _read_comments(round_: Round, responses: Mapping[int, ResponseData]) -> None:
    rows = Comment.objects.filter(response__round=round_).order_by("pk")
    for response, pk, item in rows.values_list("response_id", "pk", "question__item_id"):
        responses[response].comments[pk] = item or ""


def question_keys(target: Instrument) -> Mapping[str, int]:
    """The key of each question of a version by item id; no query once read."""
    return {item: question.pk for item, question in questions_by_item_id(target).items()}


def merged_values(data: ResponseData) -> dict[str, AnswerValue]:
    """All stored values of a response by address, of whatever version of the form."""
    values: dict[str, AnswerValue] = {}
    for answer in data.answers.values():
        values.update(answer.fields["value"])
    return values
