"""The surroundings of a child process that is to know nothing of this one's."""

from __future__ import annotations

import os

KEPT = ("PATH", "PYTHONPYCACHEPREFIX")  # the second: else each child compiles the whole product for itself


def bare_environment(**variables: str) -> dict[str, str]:
    """Where programs and compiled modules lie, and these variables."""
    return {**{name: os.environ[name] for name in KEPT if name in os.environ}, **variables}
