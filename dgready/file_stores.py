"""Storage settings of private files, which no address serves: a folder, or a prefix of a bucket. PURE."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def folder_store(folder: Path, *, once: bool = False) -> dict[str, Any]:
    """Files in a folder. `once`: never rewritten."""
    return {
        "BACKEND": "dgready.write_once.WriteOnceFolder" if once else "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(folder),
            "base_url": None,  # never served by address: only through a permission check
            "file_permissions_mode": 0o400 if once else 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def bucket_store(prefix: str, *, once: bool = False, **connection: str) -> dict[str, Any]:
    """Files under a prefix of a bucket. `once`: never rewritten; `connection`: the bucket, its address and keys."""
    return {
        "BACKEND": "dgready.write_once_bucket.WriteOnceBucket" if once else "dgready.s3.LimitedS3Storage",
        "OPTIONS": {
            **connection,
            "addressing_style": "path",
            "signature_version": "s3v4",
            "location": prefix,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            "max_memory_size": 5 * 1024 * 1024,
        },
    }
