"""Which files of jobs stay, and which go after a while. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# Sent out, or the record of what was done; whatever state the answer is in.
LASTING_KINDS: Final = frozenset({"certificate", "agenda", "committee", "minutes", "resolutions", "letters"})


def is_of_draft(kind: str, params: Mapping[str, Any], *, approved: bool) -> bool:
    """Whether a file shows an answer that is not approved, so that it can be made again and need not be kept."""
    return not approved and kind not in LASTING_KINDS and not params.get("version")
