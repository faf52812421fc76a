"""A tus client for tests, over Django's test client."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from evidence.models import ResumableUpload
from tests.evidence.conftest import World

PART = "application/offset+octet-stream"


def coded(**values: str) -> str:
    """Upload-Metadata."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def for_place(world: World, at: str = "E1=done", **more: str) -> dict[str, str]:
    """Metadata of an upload to a place of the provincial response."""
    return {"filename": "แผน.pdf", "response": str(world.response.pk), "item": "E1", "at": at, **more}


class Tus:
    """One signed-in person."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def begin(self, length: int, metadata: dict[str, str], body: bytes = b"", **headers: str) -> HttpResponse:
        """POST."""
        given = {"Tus-Resumable": "1.0.0", "Upload-Length": str(length), "Upload-Metadata": coded(**metadata)}
        return self.client.generic("POST", reverse("evidence:uploads"), body, PART, headers={**given, **headers})

    def part(self, url: str, offset: int, body: bytes, content_type: str = PART, **headers: str) -> HttpResponse:
        """PATCH."""
        given = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **headers}
        return self.client.generic("PATCH", url, body, content_type, headers=given, CONTENT_TYPE=content_type)

    def ask(self, method: str, url: str) -> HttpResponse:
        """HEAD, DELETE, OPTIONS."""
        return self.client.generic(method, url, headers={"Tus-Resumable": "1.0.0"})

    def state(self, url: str) -> dict[str, Any]:
        """What became of it."""
        return dict(self.client.get(url).json())

    def begun(self, length: int, metadata: dict[str, str]) -> str:
        """The address of a new upload."""
        answer = self.begin(length, metadata)
        assert answer.status_code == 201, answer.content
        return str(answer["Location"])


def row(url: str) -> ResumableUpload:
    """The row of an upload."""
    return ResumableUpload.objects.get(public_id=UUID(url.strip("/").rpartition("/")[2]))
