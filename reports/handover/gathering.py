"""Reads of handing over: the evidence of a response as it is, or as it was frozen with the approval."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dgready.shorten import shorten
from evidence.places import describe_place, find_place
from reports.content.approved_source import approved_source
from reports.content.draft_source import draft_source
from reports.content.pillar import pillar_title
from reports.content.report_source import ReportSource
from reports.content.structure import EvidenceItem
from reports.errors import ReportError
from reports.handover.package import Package, Proof, ProofPlace, Scope, gather_documents
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Response


def gather_package(response: Response, scope: Scope, language: str = "th") -> Package:
    """The evidence at open places of the part that is asked for; an approved answer's as it was frozen.

    Raises ReportError where the frozen content does not hold, or the form has no such part.
    """
    approved = response.state == Response.State.APPROVED
    source = approved_source(response) if approved else draft_source(response, scored=False)
    with translation.override(language):
        return _build(response, source, scope, language)


def _build(response: Response, source: ReportSource, scope: Scope, language: str) -> Package:
    instrument = compiled_instrument(source.instrument)
    scope = _known_scope(instrument, scope)
    path = resolve_path(instrument, source.values)
    places = [place for place in _places(path, language) if _is_in(place, scope)]
    proofs = tuple(Proof(place, item) for place in places for item in _in_order(source, place.address))
    proven = {proof.place.address for proof in proofs if proof.item.counts}
    round_ = response.round
    return Package(
        province_code=round_.province.code,
        province=round_.province.name,
        year=round_.year,
        agency=response.agency.name if response.agency else "",
        agency_code=response.agency.code if response.agency else "",
        state=response.state_label,
        title=instrument.title.to(language),
        instrument=str(source.instrument),
        version=response.version,
        approval=source.approval,
        scope=scope,
        scope_title=_scope_title(instrument, scope, language),
        language=language,
        printed_at=timezone.localtime(),
        documents=gather_documents(proofs),
        open_places=len(places),
        proven_places=len(proven),
        in_order=proofs,
    )


def _in_order(source: ReportSource, address: str) -> list[EvidenceItem]:
    """The evidence of a place: files by name, then web addresses."""
    return sorted(source.evidence.get(address, ()), key=lambda item: (bool(item.url), item.name, item.sha256))


def _known_scope(instrument: CompiledInstrument, scope: Scope) -> Scope:
    """The part, a question named by its code too. Raises ReportError where the form has none of that name."""
    pillar_title(instrument, scope.pillar, "th")  # refuses one that the form has not
    if not scope.question:
        return scope
    item = instrument.items.get(scope.question)
    if item is None:
        item = next((each for each in instrument.items.values() if each.code == scope.question), None)
    if item is None:
        raise ReportError("scope", part=scope.question)
    return Scope(question=item.question or item.id)


def _is_in(place: ProofPlace, scope: Scope) -> bool:
    return scope.question in ("", place.question) and scope.pillar in ("", place.pillar)


def _places(path: QuestionnairePath, language: str) -> Iterator[ProofPlace]:
    """The open places in the order of the form."""
    names = {pillar.number: pillar.name.to(language) for pillar in path.instrument.pillars}
    for address in path.places:
        found = find_place(path.instrument, address)
        if found is None:
            continue
        question = path.instrument.items[found.question]
        pillar = question.pillar or ""
        yield ProofPlace(
            address=address,
            question=question.id,
            code=question.code or "",
            text=question.ask.to(language),
            pillar=pillar,
            pillar_name=names.get(pillar, ""),
            parts=describe_place(path.instrument, found, path.values, language),
        )


def _scope_title(instrument: CompiledInstrument, scope: Scope, language: str) -> str:
    if scope.pillar:
        return pillar_title(instrument, scope.pillar, language)
    if scope.question:
        item = instrument.items[scope.question]
        return f"{_('ข้อ')} {item.code or ''} {shorten(item.ask.to(language), 160)}".replace("  ", " ")
    return ""
