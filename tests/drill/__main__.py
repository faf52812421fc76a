"""make drill: on services of its own, for a minute; exit code 1 on any difference."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
PEOPLE, AGENCIES, SECONDS = 4, 8, 15.0
BUCKET = "dgready-drill"

sys.path.insert(0, str(ROOT / "scripts"))

from on_demand import run_weed  # noqa: E402


def main() -> int:
    """Starts everything, fills it, drills, prints."""
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
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
