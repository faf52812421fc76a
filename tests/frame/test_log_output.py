"""A record of the log is one line, whatever was asked for; a traceback keeps its lines."""

from __future__ import annotations

import logging

from dgready.log_output import LOGGING, SecretlessFormatter

LINE = SecretlessFormatter(LOGGING["formatters"]["line"]["format"], style="{")


def record(text: str, *values: object, fault: bool = False) -> logging.LogRecord:
    made = logging.LogRecord("dgready.api", logging.INFO, "", 0, text, values, None)
    if fault:
        try:
            raise ValueError("one")
        except ValueError as raised:
            made.exc_info = (ValueError, raised, raised.__traceback__)
    return made


def test_what_was_asked_for_begins_no_record() -> None:
    line = LINE.format(record("no token for %s", "/api/\r\n2026 ERROR root all is lost\x1b[2J\u2028"))
    assert line.splitlines() == [line]
    assert "\\r\\n2026 ERROR root all is lost\\x1b[2J\\u2028" in line


def test_a_traceback_keeps_its_lines() -> None:
    lines = LINE.format(record("failed", fault=True)).splitlines()
    assert len(lines) > 2
    assert lines[-1] == "ValueError: one"
