"""Restores a dump of an earlier schema into a new database. Knows nothing of the house but manage.py."""

import lzma
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg2

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
STEMS = sorted(path.name.removesuffix(".migrations.sha256") for path in FOLDER.glob("*.migrations.sha256"))
COUNTED = (  # what people entered: no migration may lose a row of it
    "accounts_user",
    "accounts_membership",
    "survey_round",
    "survey_assignment",
    "survey_response",
    "survey_answer",
    "survey_event",
    "survey_comment",
    "survey_meeting",
    "survey_resolution",
    "survey_consolidation",
    "survey_consolidationsource",
    "survey_frozenresponse",
    "evidence_file",
    "evidence_attachment",
    "evidence_mark",
    "scoring_externalscore",
    "scoring_plannedaction",
    "reports_job",
)
Counts = dict[str, int]


def unpacked(stem: str, ending: str) -> str:
    """The SQL text of a dump."""
    return lzma.decompress((FOLDER / f"{stem}.{ending}").read_bytes()).decode()


@dataclass(frozen=True)
class Installation:
    """A var/ folder with the dump's files, and the database that goes with it."""

    var: Path
    database_url: str

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command of manage.py, with the settings that ship."""
        product = ("DGREADY_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(product)}
        own = {"DGREADY_VAR": str(self.var), "DATABASE_URL": self.database_url}
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={**kept, **own, "DJANGO_SETTINGS_MODULE": "dgready.settings"},
            capture_output=True,
            text=True,
            check=False,
        )

    def query(self, statement: str) -> list[tuple]:
        """What a SELECT finds."""
        if self.database_url.startswith("sqlite"):
            with closing(sqlite3.connect(self.var / "db.sqlite3")) as connection:
                return connection.execute(statement).fetchall()
        with closing(psycopg2.connect(self.database_url)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def counts(self, tables: Iterable[str] = COUNTED) -> Counts:
        """Rows per table."""
        return {table: self.query(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}


def unpack_files(stem: str, folder: Path) -> None:
    """The stores as they were, below `folder`."""
    with tarfile.open(FOLDER / f"{stem}.files.tar.xz") as tar:
        tar.extractall(folder, filter="data")


def restore_sqlite(stem: str, folder: Path) -> Installation:
    """The dump in a new SQLite file."""
    unpack_files(stem, folder)
    with closing(sqlite3.connect(folder / "db.sqlite3")) as connection:
        connection.executescript(unpacked(stem, "sqlite.sql.xz"))
    return Installation(folder, f"sqlite:///{folder / 'db.sqlite3'}")


@contextmanager
def restored_postgres(stem: str, folder: Path) -> Iterator[Installation]:
    """The dump in a new database of the test server, which is dropped afterwards."""
    unpack_files(stem, folder)
    server, name = os.environ["DGREADY_TEST_DATABASE_URL"], f"dump_{uuid4().hex}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    _execute(server, f"CREATE DATABASE {name}")
    try:
        # Lines with a backslash are psql's own; newer versions of pg_dump write some.
        _execute(url, re.sub(r"^\\.*\n", "", unpacked(stem, "postgresql.sql.xz"), flags=re.MULTILINE))
        yield Installation(folder, url)
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statements: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statements)
