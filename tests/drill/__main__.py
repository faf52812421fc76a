"""make drill: on services of its own, for a minute; exit code 1 on any difference."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
PEOPLE, AGENCIES, SECONDS = 4, 8, 15.0
BUCKET = "dgready-drill"

sys.path.insert(0, str(ROOT / "scripts"))

from on_demand import run_weed  # noqa: E402


def main() -> int:
    """Starts everything, fills it, drills, prints, and records the outcome in the installation it was called from."""
    own, started = dict(os.environ), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="dgready-drill-") as name, run_weed() as store:
        os.environ |= {
            **store.variables,
            "S3_BUCKET": BUCKET,
            "DATABASE_URL": os.environ["DGREADY_TEST_DATABASE_URL"],
            "REDIS_URL": os.environ["DGREADY_TEST_REDIS_URL"],
            "DGREADY_VAR": f"{name}/var",
            "DJANGO_SETTINGS_MODULE": "tests.year_settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        from tests.drill.world import drill_all, play_year
        from tests.trial import REAL

        call_command("migrate", verbosity=0, interactive=False)
        fill = partial(play_year, AGENCIES)
        outcome = drill_all(Path(name), store, BUCKET, people=PEOPLE, seconds=SECONDS, form=REAL, fill=fill)
    print(outcome.report())
    record(own, started, len(outcome.faults), outcome.figures)
    return 1 if outcome.faults else 0


def record(environment: dict[str, str], started: datetime, faults: int, figures: dict[str, object]) -> None:
    """Keeps the outcome where the page of the state shows it; a checkout without a database has no such page."""
    words = ["--started", started.isoformat(), "--faults", str(faults), "--figures", json.dumps(figures, default=str)]
    command = [sys.executable, str(ROOT / "manage.py"), "record_drill", *words]
    subprocess.run(command, env=environment, cwd=ROOT, check=False, timeout=120)


if __name__ == "__main__":
    sys.exit(main())
