#!/usr/bin/env python3
"""Asks the web process of this container how it is: exit code 0 means well.

python deploy/health.py [/healthz | /readyz]
"""

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    """One request, under a name the settings allow."""
    path = sys.argv[1] if len(sys.argv) > 1 else "/healthz"
    host = (os.environ.get("ALLOWED_HOSTS") or "127.0.0.1").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(f"http://127.0.0.1:{os.environ.get('PORT') or 8000}{path}")
    request.add_header("Host", host)
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except (OSError, urllib.error.HTTPError) as fault:
        print(f"{path}: {fault}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
