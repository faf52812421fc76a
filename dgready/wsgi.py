"""WSGI entry point: the web process, with its worker thread in the embedded installation."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

gc.disable()  # a sixth of the start went into looking for garbage among modules, of which there is none
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dgready.settings")
os.environ.setdefault("DGREADY_PROCESS", "web")  # the settings give its statements less time

application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (settings are read only after the start-up above)

from dgready.celery import start_scheduler, start_worker  # noqa: E402
from dgready.leftovers import sweep_local_files  # noqa: E402

sweep_local_files()  # of a web machine, whose disks the nightly sweep of the worker does not see

get_resolver().url_patterns  # noqa: B018  (loads the pages now, not while somebody waits for the first)

if settings.EMBEDDED_WORKER:
    start_worker()
    start_scheduler()

gc.freeze()  # what is loaded stays as long as the process: no collection looks through it again
gc.enable()
