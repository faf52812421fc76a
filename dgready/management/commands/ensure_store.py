"""manage.py ensure_store: creates the storage bucket or folders where they do not exist yet."""

from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from django.core.files.storage import FileSystemStorage, storages
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Creates the bucket of the object store, or the folders of the embedded installation."""

    help = "Create the bucket or folders for evidence and papers"

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the store refuses."""
        for name in ("default", "evidence", "anchors"):
            store = storages[name]
            if isinstance(store, FileSystemStorage):
                Path(store.location).mkdir(parents=True, exist_ok=True, mode=0o700)
            else:
                self._ensure_bucket(store)

    def _ensure_bucket(self, store: Any) -> None:
        client = store.connection.meta.client
        try:
            client.head_bucket(Bucket=store.bucket_name)
        except ClientError as fault:
            if fault.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
                raise CommandError(f"bucket {store.bucket_name}: {fault}") from fault
            client.create_bucket(Bucket=store.bucket_name)
            self.stdout.write(f"made bucket {store.bucket_name}")
