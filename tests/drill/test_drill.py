"""A small drill, as `make drill` does a larger one: a backup under load, restored elsewhere, without a difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.world import approve_small_year, drill_all
from tests.real_services import ObjectStore
from tests.trial import TRIAL

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.slow, pytest.mark.once]


def test_a_backup_under_load_comes_back_elsewhere(
    transactional_db: None, object_store: ObjectStore, s3_settings: str, tmp_path: Path
) -> None:
    outcome = drill_all(tmp_path, object_store, s3_settings, people=2, seconds=0.5, form=TRIAL, fill=approve_small_year)
    assert outcome.faults == [], outcome.report()
    figures = outcome.figures
    assert figures["approved versions whose hashes agree"] == 1
    assert int(str(figures["evidence files compared by SHA-256"])) > 0
    assert int(str(figures["saves acknowledged before, all there"])) > 5
