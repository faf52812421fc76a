"""Evidence of contributions beside the provincial answer: which places it would prove, and picking it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from evidence.attaching import actions
from evidence.models import Attachment
from survey.consolidating.compare import QuestionComparison
from survey.consolidating.queries import MergeDecision, RoundConsolidation
from survey.instrument.queries import questions_by_item_id

MANY, SHOWN = 4, 2  # pieces of evidence at a place: beyond MANY only SHOWN are listed one by one
UNLISTED_PREFIX = "*"  # before a place: the evidence there that is not listed


@dataclass(frozen=True, slots=True)
class EvidenceCandidate:
    """An attachment of a contribution. `place`: where it would lie in the provincial answer; None: its row is unknown.

    `stands`: the same file or address lies there already.
    """

    attachment: Attachment
    code: str
    place: str | None
    stands: bool

    @property
    def id(self) -> str:
        """Its public id."""
        return str(self.attachment.public_id)

    @property
    def contribution(self) -> int:
        """Whose it is."""
        return self.attachment.response_id

    @property
    def name(self) -> str:
        """The file's name, or the web address."""
        return self.attachment.name or self.attachment.url or ""

    @property
    def icon(self) -> str:
        """The name of its picture among the Bootstrap icons."""
        return "link-45deg" if self.url else "paperclip"

    @property
    def url(self) -> str:
        """The web address, if that is what it is."""
        return self.attachment.url or ""

    @property
    def href(self) -> str:
        """Where the file can be had."""
        return reverse("evidence:download", args=[self.contribution, self.attachment.public_id])

    @property
    def marks(self) -> list[tuple[str, str]]:
        """Pages and passages."""
        return [(m.pages, m.quote) for m in self.attachment.marks.all()]

    @property
    def marked(self) -> bool:
        """Whether it counts as proof."""
        return bool(self.url) or bool(self.marks)

    @property
    def dated(self) -> date | None:
        """The date the document bears."""
        return self.attachment.document_date


@dataclass(slots=True)
class RoundEvidence:
    """The evidence of a round, as far as it was read: of agencies by question, and what the province has."""

    rows: Mapping[str, Sequence[Attachment]]
    have: Collection[tuple[str, int | None, str | None]]
    marked: frozenset[str]
    codes: Mapping[int, str]

    def proofs(self, comparison: QuestionComparison) -> list[EvidenceCandidate]:
        """The evidence of the contributions compared, oldest first."""
        keys = set(comparison.keys)
        out = []
        for row in self.rows.get(comparison.question.id, ()):
            if row.response_id in keys:
                place = comparison.place(row.response_id, row.address)
                stands = (place or "", row.file_id, row.url) in self.have
                out.append(EvidenceCandidate(row, self.codes[row.response_id], place, stands))
        return out


def read_round_evidence(book: RoundConsolidation, question: str = "") -> RoundEvidence:
    """All evidence of the round, or of agencies only that for one question. Two queries."""
    rows_of = questions_by_item_id(book.response.round.instrument)
    ids = {q.pk: q.item_id for q in rows_of.values()}
    found = Attachment.objects.filter(response__round=book.response.round_id, removed_at=None)
    if question:
        found = found.filter(Q(response=book.response.pk) | Q(question=rows_of[question]))
    rows: dict[str, list[Attachment]] = {}
    have: set[tuple[str, int | None, str | None]] = set()
    marked: set[str] = set()
    for row in found.select_related("file").prefetch_related("marks"):
        if row.response_id != book.response.pk:
            rows.setdefault(ids[row.question_id], []).append(row)
            continue
        have.add((row.address, row.file_id, row.url))
        if row.url or row.marks.all():
            marked.add(row.address)
    codes = {p.response: p.code for some in book.parts.values() for p in some}
    return RoundEvidence(rows, have, frozenset(marked), codes)


def group_by_place(
    proofs: Iterable[EvidenceCandidate],
) -> dict[str, tuple[list[EvidenceCandidate], list[EvidenceCandidate]]]:
    """The evidence by place: what is shown one by one, and, where there is a lot, the rest."""
    out: dict[str, list[EvidenceCandidate]] = {}
    for proof in proofs:
        out.setdefault(proof.place or "", []).append(proof)
    for some in out.values():
        some.sort(key=lambda p: not p.stands)
    return {place: (some, []) if len(some) <= MANY else (some[:SHOWN], some[SHOWN:]) for place, some in out.items()}


def expand_selection(proofs: Iterable[EvidenceCandidate], chosen: Collection[str], decision: MergeDecision) -> set[str]:
    """What was ticked, one by one: where the rest of a place was (REST and the place), what it begins with."""
    some = list(proofs)
    out = {key for key in chosen if not key.startswith(UNLISTED_PREFIX)}
    if len(out) < len(chosen):
        hidden = {
            p.id
            for place, (_shown, rest) in group_by_place(some).items()
            if UNLISTED_PREFIX + place in chosen
            for p in rest
        }
        out |= preselected_evidence(some, decision) & hidden
    return out


def preselected_evidence(proofs: Iterable[EvidenceCandidate], decision: MergeDecision) -> set[str]:
    """What is ticked to begin with: marked evidence of those whose value is taken, at the places it opens."""
    return {
        p.id for p in proofs if p.marked and not p.stands and p.contribution in _contributions_behind(decision, p.place)
    }


def _contributions_behind(decision: MergeDecision, place: str | None) -> Collection[int]:
    """The contributions behind what a place proves."""
    if place is None:
        return ()
    base = place.partition("=")[0]
    if "#" in base and "/" not in base.rpartition("#")[2]:
        base = base.rpartition("#")[0]
    return decision.merged.sources.get(base, ())


def adoptable_evidence(
    book: RoundConsolidation, proofs: Iterable[EvidenceCandidate], chosen: Collection[str], decision: MergeDecision
) -> list[EvidenceCandidate]:
    """The chosen evidence that lies at a place the answer opens."""
    places = book.with_values({decision.question: decision.values}).places
    return [p for p in proofs if p.id in chosen and not p.stands and p.place in places]


def evidence_adopter(
    by: User, book: RoundConsolidation, found: RoundEvidence, chosen: Collection[str] | None = None
) -> Callable[[MergeDecision], int]:
    """Adopts evidence for a decision as it is saved: what was chosen, or (None) what a decision begins with."""

    def adopt(decision: MergeDecision) -> int:
        proofs = found.proofs(decision.comparison)
        wanted = (
            preselected_evidence(proofs, decision) if chosen is None else expand_selection(proofs, chosen, decision)
        )
        some = adoptable_evidence(book, proofs, wanted, decision)
        for proof in some:
            actions.adopt_evidence(
                by=by, attachment=proof.attachment, response=book.response, address=proof.place or ""
            )
        return len(some)

    return adopt
