"""What a reader understood of a typed text, or the refusal in the place's own words."""

from __future__ import annotations

from dgready.language import localize_text
from dgready.typed.result import Refusal, Understood
from evidence.files.refusal import EvidenceRefused


def require_understood(field: str, result: Understood[str] | Refusal) -> str:
    """The value that was read. Raises EvidenceRefused with the reader's reason."""
    if isinstance(result, Refusal):
        raise EvidenceRefused(field, localize_text(result.reason))
    return result.value
