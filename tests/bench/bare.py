"""The yardstick: a Django view that fetches one row through the ORM, and nothing else; no middleware."""

import os

import django
import environ
from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes"],
    MIDDLEWARE=[],
    USE_TZ=True,
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}},
)
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


def one(request: HttpRequest) -> HttpResponse:
    """One SELECT of one small row, a few letters."""
    return HttpResponse(ContentType.objects.get(app_label="accounts", model="province").model)


urlpatterns = [path("", one)]
application = get_wsgi_application()
