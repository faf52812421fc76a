"""Makes what each worker's first test would wait for, while the workers still collect: `python -m tests.made_ready`.

The static files and the migrated database, side by side: half a minute on one core when a checkout is new, in which all
workers but one would wait. A fault is left to the workers, which then meet it themselves.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def begin() -> subprocess.Popen[bytes]:
    """Begins it beside this process."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-m", "tests.made_ready"], cwd=ROOT, stdout=quiet, stderr=quiet)


def main() -> None:
    """Both at once."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    django.setup()
    from tests.migrated import migrated_database
    from tests.static_files import collected_static_files

    try:
        with ThreadPoolExecutor() as pool:
            for made in (pool.submit(collected_static_files), pool.submit(migrated_database)):
                made.exception()
    finally:
        if Path(settings.VAR_DIR).name.startswith("dgready-test-"):  # a folder of this process alone
            shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


if __name__ == "__main__":
    main()
