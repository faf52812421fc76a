"""The object store, every call of which has the time limits of the settings."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from django.conf import settings
from storages.backends.s3 import S3Storage

from dgready.limits import s3_options


class LimitedS3Storage(S3Storage):
    """The backend named in settings; without it a store that hangs would hold a page for ten minutes."""

    client_config: Any

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config = self.client_config.merge(Config(**s3_options(settings.S3_TIMES)))
