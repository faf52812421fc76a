"""The digest of a carried answer, by which the journal knows what was brought."""

from __future__ import annotations

from dgready.canonical import canonical_json, sha256_hex
from survey.approval.snapshot import to_canonical_data
from survey.models import Carried


def carried_digest(carried: Carried) -> str:
    """The SHA-256 over relation, value, evidence and origin of a carried answer."""
    content = {
        "relation": carried.relation,
        "value": carried.value,
        "evidence": carried.evidence,
        "from": carried.from_response_id,
    }
    return sha256_hex(canonical_json(to_canonical_data(content)))
