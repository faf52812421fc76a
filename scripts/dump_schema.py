#!/usr/bin/env python3
"""A dump of today's schema with made-up rows in every table, for tests/migrations.

    python scripts/services.py run -- .venv/bin/python scripts/dump_schema.py

Writes tests/migrations/dump-YYYY-MM.*: the database as SQL for SQLite and for PostgreSQL, the stored files that its
rows name, and the checksums of the migrations it was made by. Refuses to write over a dump that is there.
"""

import hashlib
import io
import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DUMPS = ROOT / "tests" / "migrations"
DATABASE = "dgready_dump"
APPS = ("accounts", "survey", "evidence", "scoring", "nation", "reports")
NOISE = ("django_session", "axes_accessattempt", "axes_accessfailurelog", "axes_accesslog")
STORES = ("evidence", "files")  # folders of var/
Texts = dict[str, bytes]


def main() -> int:
    """Makes everything in a temporary folder, then writes it."""
    server = os.environ.get("DGREADY_TEST_DATABASE_URL")
    if not server:
        print(f"dump_schema: no DGREADY_TEST_DATABASE_URL.\n{__doc__}", file=sys.stderr)
        return 3
    stem = f"dump-{datetime.now(UTC):%Y-%m}"
    if any(DUMPS.glob(f"{stem}.*")):
        print(f"dump_schema: {stem} is there already, and a dump is never rewritten", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="dgready-dump-") as name:
        folder = Path(name)
        texts = {"migrations.sha256": migration_checksums(), **make(folder, server)}
    for ending, content in texts.items():
        path = DUMPS / f"{stem}.{ending}"
        path.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME) if ending.endswith(".xz") else content)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
    return 0


def make(folder: Path, server: str) -> Texts:
    """The dumps of both databases and the files, by the ending of their names."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DGREADY_", "DATABASE_URL", "REDIS_URL"))}
    environment |= {"DGREADY_VAR": str(folder), "DGREADY_DEBUG": "1", "DJANGO_SETTINGS_MODULE": "dgready.settings"}
    manage("migrate", "--verbosity", "0", environment=environment)
    run([sys.executable, "-c", FILL], environment)
    source = sqlite3.connect(folder / "db.sqlite3", isolation_level=None)
    for table in NOISE:
        source.execute(f'DELETE FROM "{table}"')
    dumped = "\n".join(source.iterdump())
    url = urlsplit(server)._replace(path=f"/{DATABASE}").geturl()
    run(["psql", "--quiet", "--dbname", server, "--command", f"CREATE DATABASE {DATABASE}"])
    try:
        manage("migrate", "--verbosity", "0", environment={**environment, "DATABASE_URL": url})
        dump_postgres.copy(source, url)
        postgres = run([*PG_DUMP, "--dbname", url])
    finally:
        run(["psql", "--quiet", "--dbname", server, "--command", f"DROP DATABASE {DATABASE}"])
        source.close()
    return {"sqlite.sql.xz": dumped.encode(), "postgresql.sql.xz": postgres, "files.tar.xz": stored_files(folder)}


# INSERT instead of COPY: any PostgreSQL driver can run the text, without psql.
PG_DUMP = ("pg_dump", "--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=200")
FILL = f"""
import sys, django
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "scripts")!r}]
django.setup()
import dump_world
dump_world.fill()
"""


def run(command: list[str], environment: dict[str, str] | None = None) -> bytes:
    """What a command prints; raises CalledProcessError."""
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE).stdout


def manage(*words: str, environment: dict[str, str]) -> None:
    """One command of manage.py."""
    run([sys.executable, "manage.py", *words], environment)


def stored_files(var: Path) -> bytes:
    """The folders of the stores as a tar, without owners and times."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for store in STORES:
            for path in sorted((var / store).rglob("*")):
                if path.is_file() and ".incoming" not in path.parts:
                    entry = tarfile.TarInfo(str(path.relative_to(var)))
                    entry.size = path.stat().st_size
                    tar.addfile(entry, io.BytesIO(path.read_bytes()))
    return out.getvalue()


def migration_checksums() -> bytes:
    """The migrations of our own apps, one line each, as sha256sum writes them."""
    paths = sorted(path for app in APPS for path in (ROOT / app / "migrations").glob("[0-9]*.py"))
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(ROOT)}\n" for path in paths]
    return "".join(lines).encode()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import dump_postgres

    sys.exit(main())
