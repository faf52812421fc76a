"""Health endpoints for monitoring: liveness (/healthz) and readiness (/readyz)."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from dgready import limits
from dgready.celery import is_worker_alive
from dgready.http import is_watcher
from dgready.permissions import public
from dgready.reported_parts import reported_levels

log = logging.getLogger(__name__)


def check_database() -> None:
    """Check the database connection; raises when it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations() -> None:
    """Check that all migrations are applied; raises RuntimeError when some are not."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("unapplied migrations")


def check_broker() -> None:
    """Check the message broker; raises when it does not answer (embedded: when the worker thread has died)."""
    if settings.EMBEDDED_WORKER:
        if not is_worker_alive():
            raise RuntimeError("embedded worker is not running")
        return
    from redis import Redis  # only where there is one
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    times = limits.CallTimes(connect=settings.HEALTH_SECONDS, answer=settings.HEALTH_SECONDS)
    # As Celery's own connection does when it is made, without the transport around it: that took a page 2 CPU-ms.
    with Redis.from_url(
        settings.CELERY_BROKER_URL, retry=Retry(NoBackoff(), 0), **limits.redis_options(times)
    ) as queue:
        queue.ping()


def check_store() -> None:
    """Check the evidence storage; raises when files could not be written or read."""
    storage = storages["evidence"]
    if isinstance(storage, FileSystemStorage):
        folder = Path(storage.location)
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise RuntimeError("evidence folder is not writable")
        return
    from dgready.s3 import store_call  # only where there is a bucket: boto3 takes its memory

    with store_call():
        storage.bucket.meta.client.head_bucket(Bucket=storage.bucket_name)  # type: ignore[attr-defined]


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
    "store": check_store,
}


@public
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: 200 as long as the process answers at all."""
    return JsonResponse({"ok": True})


@public
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Readiness: 200 when every check passes, else 503; the reasons go to the log, not to the outside.

    `state`, for who may read metrics: the level of each further part. None of them changes the status: a backup that is
    late is no reason to send nobody here any more.
    """
    parts: dict[str, dict[str, bool]] = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception:
            log.exception("readyz: %s is not ready", name)
            parts[name] = {"ok": False}
        else:
            parts[name] = {"ok": True}
    ok = all(part["ok"] for part in parts.values())
    state = {"state": reported_levels()} if is_watcher(request) else {}
    return JsonResponse({"ok": ok, "parts": parts, **state}, status=200 if ok else 503)
