"""The texts of the interface, collected once for all tests of words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import messages


@pytest.fixture(scope="session")
def marked() -> list[messages.MarkedText]:
    """Every text marked for translation, with its plural and context."""
    return list(messages.collect_texts())


@pytest.fixture(scope="session")
def texts(marked: list[messages.MarkedText]) -> set[str]:
    """Every text marked for translation, in Thai."""
    return {text for message in marked for text in (message.text, message.plural or "")}
