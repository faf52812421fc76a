"""Reads of the API: what access functions gave, as the types of the API."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.access import agency_ids_with_capability, scope_filter
from accounts.models import Province, User
from accounts.roles import Capability
from dgready.language import reader_language
from evidence.attaching.queries import marked_addresses
from nation.releases.content import reports_of
from nation.releases.embargo import released_version
from nation.releases.queries import content_of, find_release
from reports.api.schemas import AnswerOut, EvidenceOut, MarkOut, ProgressCount, ProgressOut, ReleaseOut, SectionProgress
from reports.content.approved_source import verify_address
from reports.content.listing import build_content
from reports.content.structure import ReportLine
from reports.handover.package import Document, Package, Proof
from scoring.models import OfficialResult
from survey.answering.queries import AnswerRow, response_path, response_state
from survey.approval.frozen_facts import FrozenFacts
from survey.instrument.progress import Progress, progress_by_section, total_progress
from survey.models import Response, Round

WHOLE = (Capability.RESPONSE_READ, Capability.REPORT_READ)  # either tells of the province's answer


def readable_rounds(user: User) -> QuerySet[Round]:
    """The rounds that anything may be read of, newest first."""
    agencies = agency_ids_with_capability(user, Capability.CONTRIBUTION_READ)
    mine = Q(province__agencies__in=agencies)
    for cap in (*WHOLE, Capability.CONTRIBUTION_READ):
        mine |= scope_filter(user, cap, province="province")
    rounds = Round.objects.filter(mine).distinct().select_related("province", "instrument")
    return rounds.defer("instrument__source").order_by("-year", "pk")


def readable_responses(user: User, round_: Round) -> QuerySet[Response]:
    """The province's answer and the contributions of a round that may be read, the province's first."""
    provincial, place = Q(pk__in=[]), "round__province"
    for cap in WHOLE:
        provincial |= scope_filter(user, cap, province=place)
    contributions = scope_filter(user, Capability.CONTRIBUTION_READ, province=place, agency="agency")
    rows = Response.objects.filter(round=round_).filter(
        (Q(agency=None) & provincial) | (Q(agency__isnull=False) & contributions)
    )
    return rows.select_related("agency").order_by("agency__code", "pk")


def published_figures(province: Province, year: int | None) -> QuerySet[OfficialResult]:
    """The published results of the province, the average and rank 1, newest first."""
    rows = OfficialResult.objects.newest().filter(Q(province=province) | Q(province=None))
    rows = rows if year is None else rows.filter(year=year)
    return rows.order_by("-year", "label", "kind", "code", "pk")


def read_progress(response: Response) -> ProgressOut:
    """The progress of a response, as its pages show it."""
    path, language = response_path(response), reader_language()
    by_section = progress_by_section(path, set(marked_addresses(response)))
    sections = [
        SectionProgress(
            section=section.id,
            code=section.sub_pillar or "",
            title=section.title.to(language),
            **_counts(by_section[section.id]),
        )
        for section in path.instrument.sections
    ]
    overall = ProgressCount(**_counts(total_progress(by_section)))
    return ProgressOut(
        response=response.pk, state=response.state, version=response.version, overall=overall, sections=sections
    )


def _counts(progress: Progress) -> dict[str, int]:
    names = ("total", "answered", "percent", "evidence", "missing_evidence")
    return {name: getattr(progress, name) for name in names}


def read_answers(response: Response) -> list[AnswerOut]:
    """Every field of the form in its order. One query or none."""
    state = response_state(response)
    notes = {question: row.note for question, row in state.rows.items() if row.unsure}
    content = build_content(state.path, {}, notes, reader_language())
    items = state.path.instrument.items
    found = []
    for line in content.walk():
        if line.address and line.kind in ("field", "cell", "repeat"):
            item = items.get(line.item)
            row = state.rows.get((item.question or item.id) if item else line.item)
            found.append(_answer(line, row))
    return found


def _answer(line: ReportLine, row: AnswerRow | None) -> AnswerOut:
    answered = line.state == "answered"
    return AnswerOut(
        address=line.address,
        item=line.item,
        code=line.code,
        label=line.label,
        type="repeat" if line.kind == "repeat" else line.type,
        required=line.required,
        state=line.state,
        value=_typed(line) if answered else None,
        text=line.text,
        note=line.note,
        saved_at=row.saved_at if row and answered else None,
    )


def _typed(line: ReportLine) -> Any:
    """The value as its type: a number as a number, the rest as stored."""
    if line.type != "number" or not isinstance(line.value, str):
        return line.value
    number = Decimal(line.value)
    return int(number) if number == number.to_integral_value() else float(number)


def evidence_entries(pairs: Sequence[tuple[Document, Proof]]) -> list[EvidenceOut]:
    """Documents at their places, as the index of evidence lists them."""
    return [
        EvidenceOut(
            document=document.number,
            address=proof.place.address,
            question=proof.place.question,
            code=proof.place.code,
            place=" › ".join(proof.place.parts),
            name=proof.item.name,
            url=proof.item.url,
            size=proof.item.size,
            sha256=document.content,
            document_date=proof.item.document_date,
            counts=proof.item.counts,
            verdict=proof.item.verdict,
            verdict_reason=proof.item.verdict_reason,
            marks=[MarkOut(pages=m.pages, quote=m.quote, note=m.note, state=m.state) for m in proof.item.marks],
        )
        for document, proof in pairs
    ]


def evidence_totals(package: Package) -> dict[str, int | None]:
    """What is said of the whole index beside a part of it."""
    return {
        "places": package.open_places,
        "proven_places": package.proven_places,
        "approved_version": package.approval.number if package.approval else None,
    }


def release_of(facts: FrozenFacts) -> ReleaseOut:
    """A frozen version, told from its text and the journal."""
    return ReleaseOut(
        number=facts.number,
        sha256=facts.sha256,
        approved_at=facts.approved_at,
        order=facts.document,
        voided_at=facts.voided_at,
        void_reason=facts.void_reason,
        in_force=facts.voided_at is None,
        intact=not facts.faults,
        check=verify_address(facts.row),
    )


def round_values(round_: Round) -> dict[str, Any]:
    """A round as the API tells it."""
    names = ("period_from", "period_to", "opens_on", "agency_due", "committee_on", "closes_at")
    return {
        "id": round_.pk,
        "province": round_.province.code,
        "year": round_.year,
        "form": round_.instrument.key,
        "form_version": round_.instrument.version,
        "closed": round_.is_closed(timezone.now()),
        **{name: getattr(round_, name) for name in names},
    }


def response_entries(rows: Sequence[Response]) -> list[dict[str, Any]]:
    """Sets of answers as the API tells them."""
    return [
        {
            "id": row.pk,
            "agency": row.agency.code if row.agency else None,
            "agency_name": row.agency.name if row.agency else None,
            "state": row.state,
            "state_label": str(row.get_state_display()),
            "version": row.version,
            "channel": row.channel,
        }
        for row in rows
    ]


def result_entries(rows: Sequence[OfficialResult]) -> list[dict[str, Any]]:
    """Published figures as the API tells them."""
    names = ("year", "subject", "kind", "code", "level", "rank", "origin", "source")
    return [
        {**{name: getattr(row, name) for name in names}, "score": str(row.score), "edition": row.edition_name}
        for row in rows
    ]


def released_report(year: int, version: str, group: str, member: str) -> dict[str, Any] | None:
    """A released national report, the newest or of a version; None where there is none. Two queries at most.

    What is counted now is never read here: a token tells what is released, whoever made it.
    """
    release = find_release(year, version) if version else released_version(year)
    if release is None:
        return None
    content = content_of(release)
    wanted = (group, member)
    report = next((one for *key, one in reports_of(content) if tuple(key) == wanted), None)
    if report is None:
        return None
    names = ("group", "member", "provinces", "invited", "blocks")
    return {
        "year": year,
        "version": release.version,
        "released_at": release.at.isoformat(),
        "notes": release.notes,
        "sha256": release.sha256,
        "answered_by": report.get("answered_by", "province"),
        "groups": {name: list(members) for name, members in content["groups"].items()},
        **{name: report[name] for name in names},
    }
