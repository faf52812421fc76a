#!/usr/bin/env python
"""Command line of dgready."""

import os
import sys


def main() -> None:
    """Run one management command."""
    if "collectstatic" not in sys.argv:  # whose files another account may serve
        os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dgready.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
