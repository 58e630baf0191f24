"""OpenID Connect and OAuth 2.0 as Entra speaks them, as far as MSAL asks: discovery, token,
device code, keys and sign-out. The pages a person sees are `consent`'s.
"""

from __future__ import annotations

import base64
import json
import uuid
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from app.services.practice.grants import RESERVED, Directory, Granted, Grants, OAuthTrouble, Person

ANY_TENANT = ("common", "organizations")
DEVICE_GRANTS = ("urn:ietf:params:oauth:grant-type:device_code", "device_code")


class Door:
    """The sign-in endpoints over one directory. `pages` is where a browser is sent: plain HTTP on
    loopback, so that no browser warns of a certificate that only the console trusts."""

    def __init__(self, directory: Directory, grants: Grants, *, https: str, pages: str) -> None:
        self.directory = directory
        self.grants = grants
        self.https = https
        self.pages = pages
        self._key_id = uuid.uuid4().hex

    def routes(self) -> list[BaseRoute]:
        """On HTTPS."""
        return [
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self._discovery),
            Route("/{tenant}/discovery/v2.0/keys", self._keys),
            Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/devicecode", self._device_code, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/logout", self._logout),
        ]

    # --- endpoints -------------------------------------------------------------------------

    def _discovery(self, request: Request) -> Response:
        tenant = str(request.path_params["tenant"])
        if not self.knows(tenant):
            return self._refused(
                OAuthTrouble("invalid_tenant", 90002, f"Tenant '{tenant}' not found.")
            )
        base = f"{self.https}/{tenant}"
        return JSONResponse(
            {
                "issuer": f"{self.https}/{self.directory.tenant_id}/v2.0",
                "authorization_endpoint": f"{self.pages}/{tenant}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "response_modes_supported": ["query", "form_post"],
                "response_types_supported": ["code"],
                "scopes_supported": list(RESERVED),
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["none"],
                "code_challenge_methods_supported": ["S256"],
                "tenant_region_scope": None,
                "cloud_instance_name": "localhost",
            }
        )

    def _keys(self, request: Request) -> Response:
        numbers = self._key.public_key().public_numbers()
        return JSONResponse(
            {
                "keys": [
                    {
                        "kty": "RSA",
                        "use": "sig",
                        "alg": "RS256",
                        "kid": self._key_id,
                        "n": _base64(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
                        "e": _base64(numbers.e.to_bytes(3, "big")),
                    }
                ]
            }
        )

    async def _token(self, request: Request) -> Response:
        form = await form_of(request)
        try:
            self._require(str(request.path_params["tenant"]), form)
            granted = self._granted(form)
            return JSONResponse(self._tokens(granted), headers={"Cache-Control": "no-store"})
        except OAuthTrouble as trouble:
            return self._refused(trouble)

    async def _device_code(self, request: Request) -> Response:
        form = await form_of(request)
        try:
            self._require(str(request.path_params["tenant"]), form)
        except OAuthTrouble as trouble:
            return self._refused(trouble)
        code, device = self.grants.begin_device(
            form["client_id"], tuple(form.get("scope", "").split())
        )
        page = f"{self.pages}/devicelogin"
        return JSONResponse(
            {
                "user_code": device.user_code,
                "device_code": code,
                "verification_uri": page,
                "expires_in": int(device.expires_at - self.grants.now()),
                "interval": self.grants.interval,
                "message": f"To sign in, use a web browser to open the page {page} and enter the "
                f"code {device.user_code} to authenticate.",
            }
        )

    def _logout(self, request: Request) -> Response:
        return PlainTextResponse("You signed out of the practice tenant.")

    # --- what they do ----------------------------------------------------------------------

    def knows(self, tenant: str) -> bool:
        return tenant in (self.directory.tenant_id, *ANY_TENANT)

    def person(self, oid: str) -> Person | None:
        return next((each for each in self.people() if each.oid == oid), None)

    def people(self) -> list[Person]:
        """Those who may sign in; nobody signs in to a shared mailbox."""
        return [each for each in self.directory.users() if not each.shared]

    def _require(self, tenant: str, form: dict[str, str]) -> None:
        if not self.knows(tenant):
            raise OAuthTrouble("invalid_request", 90002, f"Tenant '{tenant}' not found.")
        if not form.get("client_id"):
            raise OAuthTrouble(
                "invalid_request",
                900144,
                "The request body must contain the following parameter: 'client_id'.",
            )
        self.grants.require_client(form["client_id"])

    def _granted(self, form: dict[str, str]) -> Granted:
        kind, client = form.get("grant_type", ""), form["client_id"]
        if kind == "authorization_code":
            return self.grants.redeem(
                form.get("code", ""),
                client,
                form.get("redirect_uri", ""),
                form.get("code_verifier", ""),
            )
        if kind in DEVICE_GRANTS:
            return self.grants.poll(form.get("device_code", form.get("code", "")), client)
        if kind == "refresh_token":
            return self._narrowed(
                self.grants.refreshed(form.get("refresh_token", ""), client), form
            )
        raise OAuthTrouble(
            "unsupported_grant_type",
            70003,
            f"The app requested an unsupported grant type '{kind}'.",
        )

    def _narrowed(self, granted: Granted, form: dict[str, str]) -> Granted:
        """Asking for what was never consented to needs a person."""
        has = {scope.casefold() for scope in (*granted.scopes, *RESERVED)}
        lacking = [each for each in form.get("scope", "").split() if each.casefold() not in has]
        if lacking:
            raise OAuthTrouble(
                "invalid_grant",
                65001,
                "The user or administrator has not consented to use the application for "
                f"{' '.join(lacking)}. Send an interactive authorization request.",
                "consent_required",
            )
        return granted

    def _tokens(self, granted: Granted) -> dict[str, Any]:
        person = self.person(granted.oid)
        if person is None:
            raise OAuthTrouble("invalid_grant", 50034, "The user account does not exist.")
        seconds = self.grants.access_seconds
        scopes = [scope for scope in granted.scopes if scope.casefold() not in RESERVED]
        tenant_id = self.directory.tenant_id
        return {
            "token_type": "Bearer",
            "scope": " ".join([*scopes, "openid", "profile"]),
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": self.directory.issue(person, scopes, seconds),
            "refresh_token": self.grants.refresh_token(granted),
            "id_token": self._id_token(person, granted),
            "client_info": _base64(json.dumps({"uid": person.oid, "utid": tenant_id}).encode()),
        }

    def _id_token(self, person: Person, granted: Granted) -> str:
        tenant_id, now = self.directory.tenant_id, int(self.grants.now())
        claims: dict[str, Any] = {
            "ver": "2.0",
            "iss": f"{self.https}/{tenant_id}/v2.0",
            "sub": person.oid,
            "oid": person.oid,
            "tid": tenant_id,
            "aud": granted.client_id,
            "preferred_username": person.email,
            "name": person.name,
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
        }
        if granted.nonce:
            claims["nonce"] = granted.nonce
        head = {"typ": "JWT", "alg": "RS256", "kid": self._key_id}
        signed = f"{_base64(json.dumps(head).encode())}.{_base64(json.dumps(claims).encode())}"
        seal = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64(seal)}"

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def _refused(self, trouble: OAuthTrouble) -> Response:
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        at = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
        body: dict[str, Any] = {
            "error": trouble.error,
            "error_description": f"{trouble.description}\r\nTrace ID: {trace}\r\n"
            f"Correlation ID: {correlation}\r\nTimestamp: {at}",
            "error_codes": [trouble.number],
            "timestamp": at,
            "trace_id": trace,
            "correlation_id": correlation,
        }
        if trouble.suberror:
            body["suberror"] = trouble.suberror
        return JSONResponse(body, status_code=400)


async def form_of(request: Request) -> dict[str, str]:
    """A form as browsers and MSAL send it; of a field given twice the last counts."""
    text = (await request.body()).decode("utf-8", "replace")
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
