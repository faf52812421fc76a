"""What the opening of a round tells the journal: the round as it begins, so that its row can be proved."""

from __future__ import annotations

from typing import Any

from survey.approval.snapshot import ROUND_DATES
from survey.models import Round


def round_facts(round_: Round) -> dict[str, Any]:
    """Dates, guards, escalation, province, year, form and scheme of a round, as plain values."""
    instrument = round_.instrument
    return {
        "province": round_.province.code,
        "year": round_.year,
        "instrument": f"{instrument.key} {instrument.year} v{instrument.version}",
        "instrument_sha256": instrument.checksum,
        "scheme_sha256": round_.scheme_sha256,
        "submission_guards": list(round_.submission_guards),
        "escalate_after": round_.escalate_after,
        **{name: getattr(round_, name).isoformat() for name in ROUND_DATES},
    }
