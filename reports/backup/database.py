"""The database as one file: a snapshot of one moment, written while people save, and its way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from dgready.children import ChildFault, run_limited_child
from reports.backup.manifest import BackupError

APPS = ("accounts", "survey", "evidence", "scoring", "nation", "reports")
ASIDE = "before_restore"  # the schema in which PostgreSQL's tables wait while others take their place
SQLITE_PAGES = 2000  # copied in one step; between steps others may write
# What a connection of ours has beyond what the programs of PostgreSQL understand.
_NOT_LIBPQ = {"password", "options", "client_encoding", "cursor_factory", "context", "prepare_threshold"}

Dump = Callable[[Path], None]


@contextmanager
def snapshot() -> Iterator[Dump]:
    """Inside, queries see one moment; the yielded function writes the database of that moment to a file.

    Nobody waits meanwhile: PostgreSQL and SQLite (WAL) both keep what a reader still sees.
    """
    if connection.vendor == "sqlite":
        yield from _sqlite_snapshot()
    else:
        yield from _postgres_snapshot()


def _sqlite_snapshot() -> Iterator[Dump]:
    connection.ensure_connection()
    source: sqlite3.Connection = connection.connection
    # Not `atomic`: that would take the lock of a writer (IMMEDIATE), and every save would wait.
    source.execute("BEGIN DEFERRED")
    try:
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the moment is this one

        def dump(path: Path) -> None:
            with closing(sqlite3.connect(path)) as target:
                source.backup(target, pages=SQLITE_PAGES)

        yield dump
    finally:
        source.execute("ROLLBACK")


def _postgres_snapshot() -> Iterator[Dump]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # the dump may take long
        cursor.execute("SELECT pg_export_snapshot()")
        (moment,) = cursor.fetchone()

        def dump(path: Path) -> None:
            words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--file={path}"]
            _run_postgres("pg_dump", words)

        yield dump


def _run_postgres(program: str, words: list[str]) -> None:
    """Runs a program of PostgreSQL on our database. The password goes by a file: command lines are public."""
    given = connection.get_connection_params()
    known = {key: value for key, value in given.items() if key not in _NOT_LIBPQ and isinstance(value, (str, int))}
    with TemporaryDirectory(dir=settings.UPLOAD_DIR) as folder:
        secret = Path(folder) / "passfile"
        password = str(given.get("password") or "").replace("\\", "\\\\").replace(":", "\\:")
        secret.touch(mode=0o600)
        secret.write_text(f"*:*:*:*:{password}\n", encoding="utf-8")
        address = _conninfo({**known, "passfile": str(secret)})
        try:
            done = run_limited_child(
                [_postgres_program(program), f"--dbname={address}", *words], settings.BACKUP_LIMITS
            )
        except ChildFault as fault:
            raise BackupError(f"{program} ran against a limit: {fault}") from fault
    if done.code:
        raise BackupError(f"{program}: {done.errors[-2000:].decode(errors='replace').strip() or f'exit {done.code}'}")


def _conninfo(values: dict[str, Any]) -> str:
    quoted = {key: str(value).replace("\\", "\\\\").replace("'", "\\'") for key, value in values.items()}
    return " ".join(f"{key}='{value}'" for key, value in quoted.items())


def _postgres_program(name: str) -> str:
    """The newest that is installed: it understands every older server."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if not found:
        raise BackupError(f"{name} is not installed (package postgresql-client)")
    return found


# -- the way back ---------------------------------------------------------------------------------


def database_name() -> str:
    """What somebody types who wants this database replaced."""
    name = str(connection.settings_dict["NAME"])
    return os.path.basename(name) if connection.vendor == "sqlite" else name


def engine() -> str:
    """Which kind of database it is."""
    return str(connection.vendor)


def is_empty() -> bool:
    """Whether no table of ours has a row."""
    tables = set(connection.introspection.table_names())
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return not any(model._base_manager.exists() for model in models if model._meta.db_table in tables)


def applied_migrations() -> dict[str, list[str]]:
    """The names of the migrations of our apps that the database has."""
    applied = sorted(MigrationLoader(connection).applied_migrations)
    return {app: [name for owner, name in applied if owner == app] for app in APPS}


def unknown_migrations(of_backup: dict[str, list[str]]) -> list[str]:
    """Migrations of a backup that this program does not have: it is older than the backup."""
    known = set(MigrationLoader(None).disk_migrations or ())
    return [f"{app}.{name}" for app, names in of_backup.items() for name in names if (app, name) not in known]


def missing_migrations() -> bool:
    """Whether this program has migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def replace_database(path: Path) -> None:
    """The database of a dump instead of ours; when that fails, ours is as it was."""
    if connection.vendor == "sqlite":
        _replace_sqlite(path)
    else:
        _replace_postgres(path)
    connection.close()


def _replace_sqlite(path: Path) -> None:
    connection.close()
    with closing(sqlite3.connect(path)) as source:
        (found,) = source.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            raise BackupError(f"the database of the backup is damaged: {found}")
        with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=60)) as target:
            source.backup(target)  # one transaction: all of it or nothing


def _replace_postgres(path: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [ASIDE])
        if cursor.fetchone()[0]:
            raise BackupError(f"a restore was interrupted: look at the schema {ASIDE} of the database and remove it")
        cursor.execute(f"CREATE SCHEMA {ASIDE}")
        _move_tables(cursor, "public", ASIDE)
    try:
        _run_postgres(
            "pg_restore", ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(path)]
        )
    except BaseException:
        with transaction.atomic(), connection.cursor() as cursor:
            _move_tables(cursor, ASIDE, "public")
            cursor.execute(f"DROP SCHEMA {ASIDE}")
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _move_tables(cursor: Any, source: str, target: str) -> None:
    """Tables with all they own, and the functions that their triggers call; those of extensions stay."""
    cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = %s", [source])
    for (table,) in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {source}.{table} SET SCHEMA {target}")
    cursor.execute(
        "SELECT format('%%I(%%s)', proname, pg_get_function_identity_arguments(oid)) FROM pg_proc"
        " WHERE pronamespace = %s::regnamespace"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')",
        [source],
    )
    for (function,) in cursor.fetchall():
        cursor.execute(f"ALTER FUNCTION {source}.{function} SET SCHEMA {target}")
