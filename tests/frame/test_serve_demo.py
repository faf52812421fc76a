"""`make demo HOST=… PORT=…`: the address in links is the one that is served, and guests by any name are let in."""

from __future__ import annotations

import sys
from pathlib import Path
from socket import AF_INET, gethostname

import pytest
from django.http.request import validate_host

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import serve_demo
from serve_demo import demo_environment, own_names

OWN = ["192.168.1.20", "fd00::20", "office-pc", "office-pc.local"]


@pytest.mark.parametrize(
    ("host", "url", "guests"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123", ["127.0.0.1", "localhost"]),
        ("0.0.0.0", "http://192.168.1.20:8123", ["192.168.1.20", "[fd00::20]", "office-pc.local", "127.0.0.1"]),
        ("::", "http://192.168.1.20:8123", ["192.168.1.20", "[fd00::20]"]),
        ("[::1]", "http://[::1]:8123", ["[::1]"]),
        ("office-pc", "http://office-pc:8123", ["office-pc", "localhost"]),
        ("192.168.1.20", "http://192.168.1.20:8123", ["192.168.1.20"]),
    ],
)
def test_links_and_guests_follow_the_address(
    host: str, url: str, guests: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    environment = demo_environment(host, 8123, OWN)
    assert environment["PUBLIC_URL"] == url
    allowed = environment["ALLOWED_HOSTS"].split(",")
    assert all(validate_host(guest, allowed) for guest in guests)
    assert not validate_host("elsewhere.example", allowed)


def test_a_named_address_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://demo.example:80")
    assert demo_environment("0.0.0.0", 8123, [])["PUBLIC_URL"] == "http://demo.example:80"


def test_the_names_of_this_machine_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a line to the outside would say, without one.
    monkeypatch.setattr(serve_demo, "_own_end", lambda family, _far: "192.168.1.20" if family == AF_INET else "")
    found = own_names()
    assert found[0] == "192.168.1.20"
    assert gethostname() in found
    assert "127.0.0.1" not in found
