"""The night a round closes, small: two provinces, twenty people, seconds; on the processes that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.night.arrivals import describe, draw_night
from tests.bench.night.playing import Stage
from tests.bench.night.world import build_world
from tests.installation import installed

SECONDS, SPEED, SEED = 60.0, 3.0, 2568


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.postgres
@pytest.mark.redis
def test_a_small_night_loses_nobody(transactional_db: None, tmp_path: Path) -> None:
    world = build_world(provinces=2, people=20, seed=SEED)
    presses = draw_night(SEED, people=20, governors=2, seconds=SECONDS, saves=3)
    with installed(tmp_path / "var", {"TRUSTED_PROXIES": "1"}) as at:
        stage = Stage(at.port, world, tmp_path)
        stage.warm_up()
        night = stage.play_night(presses, seconds=SECONDS, speed=SPEED)
        night.check_database()
        print(describe(presses, SECONDS), night.report(), sep="\n")
        assert "Traceback" not in at.log("web"), at.log("web")
    assert (night.refused, night.taken_late, night.faults) == ([], [], []), night.report()
    assert night.approved, night.report()
    assert len(night.saved) + len(night.conflicts) >= 50, night.report()
    assert {p["status"] for p in night.others()} <= {403}, night.report()
