"""The server of browser tests, with the application as gunicorn gets it."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler
from pytest_django.live_server_helper import LiveServer


class ShippedServer(LiveServer):
    """Leaves static files to the product's own middleware.

    Django's test server puts two handlers before the application: one finds static files in the source folders, under
    names that production never uses; the other hands out files of the folder the tests were started in.
    """

    def __init__(self, address: str) -> None:
        super().__init__(address, start=False)
        self.thread.static_handler = lambda application: WSGIHandler()
        self.start()
