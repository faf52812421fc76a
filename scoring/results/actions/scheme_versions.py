"""Actions on scheme versions: create one by fitting, adopt it for open rounds. Frozen responses keep theirs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions.log import record_account_event as log
from accounts.models import Province, User
from scoring.engine import queries
from scoring.models import SchemeVersion
from scoring.results.fit_queries import propose_fit, propose_joint_fit
from scoring.results.fitting.types import SchemeFit
from scoring.scheme import queries as versions
from scoring.scheme import registry
from scoring.scheme.registry import LoadedScheme
from survey.instrument.queries import compiled_instrument
from survey.journal import actions as journal
from survey.models import Response, Round


class NothingToFit(ValueError):
    """No official result is entered, or no assumed step explains what differs."""


class VersionConflict(RuntimeError):
    """Somebody else made a version at the same time."""


def create_scheme_version(*, by: User | None, response: Response) -> SchemeVersion:
    """Creates the next version of the scheme, fitted to the official result of the response's province and year.

    Nothing is scored by it yet. Raises NothingToFit, VersionConflict, registry.MissingScheme, registry.FaultyScheme.
    """
    proposal = propose_fit(response, queries.score_response(response).facts)
    if proposal is None or not proposal.fit.moves:
        raise NothingToFit
    province = response.round.province
    return _store_version(by, proposal.base, proposal.text, proposal.fit, province, {"fitted_to": province})


def create_joint_version(*, by: User | None, year: int, checksum: str = "") -> SchemeVersion:
    """Creates the next version of a year's scheme, fitted to the official results of all provinces together.

    `checksum`: of the text that was looked at. Raises as `create_scheme_version`; VersionConflict also where the fit
    is not the one that was looked at.
    """
    proposal = propose_joint_fit(year)
    if proposal is None or not proposal.fit.moves:
        raise NothingToFit
    if checksum not in ("", proposal.checksum):
        raise VersionConflict
    count = len(proposal.found.cases) or len(proposal.found.columns)
    return _store_version(by, proposal.found.base, proposal.text, proposal.fit, None, {"fitted_count": count})


def _store_version(
    by: User | None,
    base: LoadedScheme,
    text: str,
    fit: SchemeFit,
    province: Province | None,
    fitted_to: dict[str, Any],
) -> SchemeVersion:
    fitted = registry.parse_scheme_text(text, base.path)
    try:
        with transaction.atomic():
            row = SchemeVersion.objects.create(
                key=fitted.scheme.key,
                year=fitted.scheme.year,
                version=fitted.scheme.version,
                checksum=fitted.checksum,
                text=fitted.text,
                **fitted_to,
                moves=[{k: str(v) for k, v in asdict(m).items()} for m in fit.moves],
                unfitted=list(fit.unfitted),
                made_by=by,
                made_at=timezone.now(),
            )
            before = {"scheme": base.scheme.key, "version": base.scheme.version}
            after = {**_describe_version(row), "moves": row.moves, "provinces": row.fitted_count or 1}
            log(by=by, verb="make_scheme_version", province=province, before=before, after=after)
    except IntegrityError as error:
        raise VersionConflict from error
    return row


def adopt_scheme_version(*, by: User | None, version: SchemeVersion) -> int:
    """Adopts a version for every round of its form that can still change; returns the number of rounds.

    Each response's journal says so. Rounds in the governor's hands or approved keep the version they have.
    Raises registry.FaultyScheme when it does not fit an instrument.
    """
    with transaction.atomic():
        moved = 0
        rounds = Round.objects.filter(year=version.year).exclude(scheme_sha256=version.checksum)
        for round_ in rounds.select_related("instrument").order_by("pk"):
            if round_.instrument.scheme_key == version.key:
                moved += _adopt_for_round(by, round_, version)
        if moved:
            log(by=by, verb="use_scheme_version", after={**_describe_version(version), "rounds": moved})
    return moved


def _adopt_for_round(by: User | None, round_: Round, version: SchemeVersion) -> bool:
    locked = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
    if not locked.is_editable:
        return False
    try:
        old = versions.get_round_scheme(round_)
        before = {"version": old.scheme.version, "sha256": old.checksum}
    except registry.MissingScheme:
        before = {}
    Round.objects.filter(pk=round_.pk).update(scheme_sha256=version.checksum)
    round_.scheme_sha256 = version.checksum
    registry.validate_scheme(versions.get_round_scheme(round_), compiled_instrument(round_.instrument))
    data = {"before": before, "after": {"version": version.version, "sha256": version.checksum}}
    journal.record_event(by=by, response=locked, verb="scheme.use", data=data)
    return True


def _describe_version(row: SchemeVersion) -> dict[str, Any]:
    return {"scheme": row.key, "version": row.version, "sha256": row.checksum}
