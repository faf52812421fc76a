"""An OpenID provider for tests: a small WSGI server with discovery, authorization, token, keys and user info.

It signs whoever `person` says in without asking, and checks what a provider must: client, secret, PKCE, each code once.
`lie` makes it answer wrongly.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "dgready", "the-client's-secret-of-the-tests-0123456789"
KEY, OTHER_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
Start = Callable[[str, list[tuple[str, str]]], Any]


@dataclass
class Provider:
    """The provider; its state is read and changed by tests."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    lie: dict[str, Any] = field(default_factory=dict)  # claims of the ID token, instead of the right ones
    key: Any = KEY  # that signs the ID token; the published one is always KEY
    algorithm: str = "ES256"
    silent: float = 0  # seconds it takes to answer at the token address
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """WSGI."""
        pages: dict[str, Callable[[dict[str, Any]], tuple[str, Any]]] = {
            "/.well-known/openid-configuration": self.discovery,
            "/authorize": self.authorize,
            "/token": self.token,
            "/userinfo": self.userinfo,
            "/keys": self.keys,
        }
        status, answer = pages[environ["PATH_INFO"]](environ)
        if status.startswith("302"):
            start(status, [("Location", answer)])
            return [b""]
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    def discovery(self, environ: dict[str, Any]) -> tuple[str, Any]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        addresses = {key: f"{self.issuer}/{path}" for key, path in names.items()}
        return "200 OK", {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **addresses}

    def authorize(self, environ: dict[str, Any]) -> tuple[str, Any]:
        asked = dict(parse_qsl(environ["QUERY_STRING"]))
        self.asked.append(asked)
        if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256" or not asked["nonce"]:
            return "400 Bad Request", {}
        code = token_urlsafe()
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"]}
        return "302 Found", f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, environ: dict[str, Any]) -> tuple[str, Any]:
        time.sleep(self.silent)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        given = {key: values[0] for key, values in parse_qs(body).items()}
        asked = self.codes.pop(given["code"], None)
        if asked is None or (given["client_id"], given["client_secret"]) != (CLIENT, SECRET):
            return "400 Bad Request", {"error": "invalid_grant"}
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return "400 Bad Request", {"error": "invalid_grant"}
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.person["sub"], "nonce": asked["nonce"]}
        claims |= {"exp": int(time.time()) + 60, **self.lie}
        access = token_urlsafe()
        self.tokens.add(access)
        id_token = jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": "1"})
        return "200 OK", {"access_token": access, "token_type": "Bearer", "id_token": id_token}

    def keys(self, environ: dict[str, Any]) -> tuple[str, Any]:
        published = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key()))
        return "200 OK", {"keys": [{**published, "kid": "1", "alg": "ES256", "use": "sig"}]}

    def userinfo(self, environ: dict[str, Any]) -> tuple[str, Any]:
        if environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ") not in self.tokens:
            return "401 Unauthorized", {}
        return "200 OK", self.person


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def running_provider() -> Iterator[Provider]:
    """The provider on a free port of this machine."""
    provider = Provider()
    with make_server("127.0.0.1", 0, provider, handler_class=_Quiet) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
