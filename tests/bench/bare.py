"""The yardstick: a Django view with one SELECT on the same database, and nothing else."""

import os
from typing import Any

import django
import environ
from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    USE_TZ=True,
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}},
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


def one(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """One SELECT, two letters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code, name_th FROM accounts_province LIMIT 1")
        cursor.fetchone()
    return HttpResponse("ok")


urlpatterns = [path("", one)]
application = get_wsgi_application()
