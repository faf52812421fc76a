"""The ID token of the sign-in service: taken only with a signature of one of the service's published keys."""

from __future__ import annotations

from typing import Any, Final

import jwt
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

# Of public keys alone: with a secret that both sides know, whoever reads our settings could sign.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class SignedTokenAdapter(OpenIDConnectOAuth2Adapter):
    """django-allauth's, which would take a token without looking at its signature, since it comes over https."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """The claims. Raises OAuth2Error for a wrong signature, issuer, audience or time, or another algorithm."""
        try:
            algorithm = jwt.get_unverified_header(id_token).get("alg")
        except jwt.PyJWTError as fault:
            raise OAuth2Error("the ID token cannot be read") from fault
        if algorithm not in ALGORITHMS:
            raise OAuth2Error(f"an ID token signed by {algorithm} is not taken")
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims
