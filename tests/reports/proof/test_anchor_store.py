"""Anchors, and files whose bytes are missing or altered, in a real object store."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from dgready.stored_files import StoredFileFault, open_verified
from dgready.write_once import WriteOnceRefused
from reports.proof.anchor_store import TEXT, anchor_names, anchor_storage, read_part, write_part
from reports.proof.anchoring import make_anchor
from reports.proof.anchors import anchor_faults

SHA256 = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"  # of "0"


@pytest.mark.slow
@pytest.mark.django_db
def test_an_anchor_is_written_once_and_a_lost_one_is_told(bucket: Any) -> None:
    assert anchor_names() == []
    made = make_anchor()
    assert [o.key for o in bucket.objects.all()] == [f"anchors/{made.name}{TEXT}"]
    assert anchor_names() == [made.name]
    with pytest.raises(WriteOnceRefused):
        write_part(made.name, TEXT, b"another")
    with pytest.raises(WriteOnceRefused):
        anchor_storage().delete(made.name + TEXT)
    assert read_part(made.name, TEXT) == made.parts[TEXT]
    assert read_part(made.name, ".p7s") is None
    assert list(anchor_faults()) == []
    bucket.put_object(Key=f"anchors/{made.name}{TEXT}", Body=made.parts[TEXT].replace(b"accounts", b"account"))
    assert {fault.code for fault in anchor_faults()} == {"anchor.altered"}
    bucket.Object(f"anchors/{made.name}{TEXT}").delete()
    assert {fault.code for fault in anchor_faults()} == {"anchor.missing"}


@pytest.mark.slow
def test_a_file_of_the_bucket_is_hashed_before_it_is_handed_out(bucket: Any) -> None:
    name = storages["evidence"].save("a/0", ContentFile(b"0"))
    with open_verified("evidence", name, SHA256) as file:
        assert file.read() == b"0"
    bucket.put_object(Key=f"evidence/{name}", Body=b"1")
    with pytest.raises(StoredFileFault) as caught:
        open_verified("evidence", name, SHA256)
    assert not caught.value.is_missing
    bucket.Object(f"evidence/{name}").delete()
    with pytest.raises(StoredFileFault) as caught:
        open_verified("evidence", name, SHA256)
    assert caught.value.is_missing
