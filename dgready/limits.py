"""Limits of time, size and number: their types, and the options and readers that hold to them. PURE.

The values are in the section "limits" of dgready.settings. Whoever waits for another program or reads what others
made takes its limit from there; a child process is run by dgready.children. Pure modules get limits as arguments.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

DATA_FILE_BYTES: Final = 4_000_000  # of a reviewed data file (YAML, CSV) that an operator names on the command line


@dataclass(frozen=True, slots=True)
class DatabaseTimes:
    """Seconds. `idle`: of a transaction in which nothing happens; `silence`: of a machine that is gone."""

    connect: int
    lock: int
    statement: int
    idle: int
    silence: int


@dataclass(frozen=True, slots=True)
class CallTimes:
    """Of a call to another service: seconds to connect, seconds without a byte of the answer, attempts in all."""

    connect: float
    answer: float
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """Of those who send us requests: seconds for the lines before a body, bytes of these and of a body.

    A body or an answer has `grace_seconds` and then must have moved at `rate` bytes a second. `per_address`: lines from
    one address; `spooled`: bytes of bodies and answers that wait on disk, of all clients of one process.
    """

    head_seconds: float
    grace_seconds: float
    rate: int
    head_bytes: int
    body_bytes: int
    per_address: int
    spooled: int


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Of a child process. `output`: bytes it may print; `file_bytes`: of each file it writes."""

    seconds: int
    processor_seconds: int
    memory: int
    output: int
    file_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Pixels: of the longer side, and of the whole image."""

    side: int
    pixels: int


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """Of an office document, which is a ZIP package; in bytes where nothing else is said.

    `directory`: the archive's table of contents; `ratio`: unpacked to packed, of the whole package, looked at from
    `ratio_from` unpacked bytes on.
    """

    members: int
    directory: int
    unpacked: int
    ratio: int
    ratio_from: int


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """Of a workbook or table that somebody sends in: bytes, bytes unpacked, files inside, rows and columns read."""

    size: int
    unpacked: int
    members: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class TextLimits:
    """Of reading what a file says: pages and characters kept of one file, and the child that reads its text.

    Pages without text are read off their picture: so many `pictures`, in so many seconds in all; `picture_child` is one
    of them, drawn with `picture_dots` to the inch and at most `picture_side` pixels to a side.
    """

    pages: int
    characters: int
    child: ChildLimits
    pictures: int
    picture_seconds: int
    picture_child: ChildLimits
    picture_dots: int = 200
    picture_side: int = 3000


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Of uploads that come in parts: how many are open, and their full sizes, of one person and of all.

    One that gets nothing for `hours` is swept away. A part is written for `slice_seconds` and up to `slice_bytes`; a
    file up to `at_once` bytes is attached in the request of its last part. `metadata`: characters of its description.
    """

    per_person: int
    person_bytes: int
    in_all: int
    all_bytes: int
    hours: int
    slice_bytes: int = 64 << 20
    slice_seconds: float = 20
    at_once: int = 8 << 20
    metadata: int = 4 << 10


@dataclass(frozen=True, slots=True)
class HandoverLimits:
    """Of handing evidence over as one PDF: pages of the whole, `batch` of sheets laid out at once, the children.

    `prepare` makes the pages of one file, `bind` the whole.
    """

    pages: int
    batch: int
    prepare: ChildLimits
    bind: ChildLimits


@dataclass(frozen=True, slots=True)
class ApiLimits:
    """Of the API and of calendar addresses.

    `per_minute`: requests of one token or calendar address; `refusals`: requests without a token that is known, from
    one address in a minute; `page`: entries of a list at once; `tokens`: valid ones of one person; `days`: of a token.
    """

    per_minute: int
    refusals: int
    page: int
    tokens: int
    days: int


@dataclass(frozen=True, slots=True)
class BackupKeeping:
    """How long backups are kept: all of the newest days, then one of each week."""

    days: int
    weeks: int


# -- options of drivers ---------------------------------------------------------------------------


def database_options(database: Mapping[str, Any], times: DatabaseTimes) -> dict[str, Any]:
    """OPTIONS of a database; those that its address gave win. They go along when it is connected: no query is spent."""
    own = database.get("OPTIONS", {})
    if database["ENGINE"].endswith("sqlite3"):
        return {"timeout": times.lock, **own}
    seconds = {
        "statement_timeout": times.statement,
        "lock_timeout": times.lock,
        "idle_in_transaction_session_timeout": times.idle,
    }
    words = [f"-c {name}={value * 1000}" for name, value in seconds.items()]
    # The other way round too: the locks of a machine that vanished would be held as long as nothing happens in its
    # transaction, and those of a worker's for a quarter of an hour.
    words += [
        f"-c tcp_keepalives_idle={times.silence // 2}",
        f"-c tcp_keepalives_interval={max(times.silence // 6, 1)}",
        "-c tcp_keepalives_count=3",
        f"-c tcp_user_timeout={times.silence * 1000}",
    ]
    return {
        "connect_timeout": times.connect,
        # A machine that vanishes ends no connection: these find out.
        "keepalives_idle": times.silence // 2,
        "keepalives_interval": max(times.silence // 6, 1),
        "keepalives_count": 3,
        "tcp_user_timeout": times.silence * 1000,
        **own,
        "options": " ".join([*words, str(own.get("options", ""))]).strip(),
    }


def redis_options(times: CallTimes) -> dict[str, Any]:
    """Of a redis connection, whether of the cache or of the broker."""
    return {"socket_connect_timeout": times.connect, "socket_timeout": times.answer}


def broker_options(url: str, times: CallTimes, task_seconds: int, *, hurried: bool = False) -> dict[str, Any]:
    """Of Celery's transport, redis or memory. A message goes to another worker only when no task can still be at it.

    `hurried`: a page connects once; without that Celery tries again after two seconds, and again after four.
    """
    if not url:
        return {"polling_interval": 0.02}
    once = {"max_retries": 0} if hurried else {}
    return {"visibility_timeout": max(3600, 2 * task_seconds), **redis_options(times), **once}


def s3_options(times: CallTimes) -> dict[str, Any]:
    """Arguments of botocore's Config."""
    return {
        "connect_timeout": times.connect,
        "read_timeout": times.answer,
        "retries": {"mode": "standard", "total_max_attempts": times.attempts},
        "tcp_keepalive": True,
    }


# -- reading --------------------------------------------------------------------------------------


class Readable(Protocol):
    """A file, an upload, a response."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, fewer only at the end."""


class TooLargeError(OSError):
    """What was to be read is longer than its limit."""

    def __init__(self, limit: int, name: str | None = None) -> None:
        super().__init__(errno.EFBIG, f"larger than {limit} bytes", name)


def read_limited(stream: Readable, limit: int) -> bytes:
    """All of a stream. Raises TooLargeError, having read one byte more than `limit`."""
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise TooLargeError(limit)
    return content


def read_text(path: Path, limit: int = DATA_FILE_BYTES) -> str:
    """The text of a data file in UTF-8, as `Path.read_text` gives it. Raises OSError, UnicodeDecodeError."""
    with path.open("rb") as file:
        try:
            text = read_limited(file, limit).decode("utf-8")
        except TooLargeError:
            raise TooLargeError(limit, str(path)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
