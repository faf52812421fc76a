"""The order of a delegation is opened by the guard and scanned before it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evidence.files.refusal import EvidenceRefused
from evidence.scanning.actions import require_no_virus
from tests.evidence.scanning.eicar import EICAR
from tests.real_services import free_port, run_clamd

pytestmark = [pytest.mark.slow, pytest.mark.once]


def test_it_is_scanned_before_it_is_kept(settings: Any, tmp_path: Path) -> None:
    sound, virus = tmp_path / "a.pdf", tmp_path / "b.pdf"
    sound.write_bytes(b"%PDF-1.7\n")
    virus.write_bytes(EICAR)
    require_no_virus(virus)  # without a scanner
    with run_clamd() as scanner:
        settings.CLAMD_ADDRESS = f"{scanner.host}:{scanner.port}"
        require_no_virus(sound)
        with pytest.raises(EvidenceRefused, match="EICAR"):
            require_no_virus(virus)
    settings.CLAMD_ADDRESS = f"127.0.0.1:{free_port()}"
    with pytest.raises(EvidenceRefused, match="โปรดส่งใหม่ภายหลัง"):
        require_no_virus(sound)
