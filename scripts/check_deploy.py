#!/usr/bin/env python3
"""Django's deployment check with the settings a production start would have; nothing is contacted."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = {
    "DGREADY_ENV": "production",
    "SECRET_KEY": "sample-for-the-check-only-" * 3,
    "ALLOWED_HOSTS": "dgready.example.org",
    "PUBLIC_URL": "https://dgready.example.org",
    "DATABASE_URL": "postgres://dgready:sample@database:5432/dgready",
    "REDIS_URL": "redis://queue:6379/0",
    "S3_ENDPOINT": "http://store:9000",
    "S3_BUCKET": "dgready",
    "S3_ACCESS_KEY": "sample",
    "S3_SECRET_KEY": "sample",
    "EMAIL_URL": "smtp+tls://dgready:sample@mail.example.org:587",
    "EMAIL_FROM": "dgready@example.org",
}


def main() -> int:
    """Any warning fails."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    with tempfile.TemporaryDirectory() as folder:
        surroundings = {**os.environ, **SAMPLE, "DGREADY_VAR": folder}
        return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
