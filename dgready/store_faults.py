"""What it looks like when a file store does not answer, whichever store it is."""

from __future__ import annotations

from typing import Final

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

# ClientError is also what the store says: an answer, but not the one that was needed.
STORE_FAULTS: Final[tuple[type[Exception], ...]] = (
    BotoCoreError,
    ClientError,
    Boto3Error,
    ConnectionError,
    TimeoutError,
)
