"""The pages a person meets while signing in to the practice tenant: who are you, may the console
do this, and the page for a device code.

Unlike Entra, single scopes may be left out, so that a missing one can be rehearsed.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.services.practice.grants import RESERVED, Asked, OAuthTrouble, Person
from app.services.practice.html import escaped, page
from app.services.practice.oidc import Door

DECLINED = "AADSTS65004: User declined to consent to access the app."


def consent_routes(door: Door) -> list[BaseRoute]:
    """On plain HTTP, for browsers."""
    pages = _Pages(door)
    return [
        Route("/{tenant}/oauth2/v2.0/authorize", pages.ask, methods=["GET"]),
        Route("/{tenant}/oauth2/v2.0/authorize", pages.answer, methods=["POST"]),
        Route("/devicelogin", pages.device, methods=["GET"]),
        Route("/devicelogin", pages.device_answer, methods=["POST"]),
    ]


class _Pages:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def ask(self, request: Request) -> Response:
        try:
            asked = self._asked(request)
        except OAuthTrouble as trouble:
            return _sorry(trouble)
        except _Told as told:
            return _back(told.asked, {"error": told.error, "error_description": told.description})
        return page(
            "Sign in",
            _question(self._door.people(), asked.scopes, asked.login_hint),
        )

    async def answer(self, request: Request) -> Response:
        try:
            asked = self._asked(request)
        except OAuthTrouble as trouble:
            return _sorry(trouble)
        except _Told as told:
            return _back(told.asked, {"error": told.error, "error_description": told.description})
        decision = _Decision(await request.body())
        person = self._door.person(decision.person)
        if person is None or not decision.accepted:
            return _back(asked, {"error": "access_denied", "error_description": DECLINED})
        code = self._door.grants.code_for(asked, person.oid, decision.of(asked.scopes))
        return _back(asked, {"code": code, "session_state": "practice"})

    async def device(self, request: Request) -> Response:
        typed = request.query_params.get("code", "")
        waiting = self._door.grants.waiting(typed)
        if waiting is None:
            wrong = "<p class=bad>That code is not known, or it has expired.</p>" if typed else ""
            return page(
                "Enter the code",
                f"{wrong}<form><p>The console shows a code. Type it here.</p>"
                '<p><input name=code autofocus autocomplete=off aria-label="Code"> '
                "<button>Next</button></p></form>",
            )
        people = self._door.people()
        return page("Sign in", _question(people, waiting.scopes, "", waiting.user_code))

    async def device_answer(self, request: Request) -> Response:
        decision = _Decision(await request.body())
        waiting = self._door.grants.waiting(decision.user_code)
        if waiting is None:
            return RedirectResponse("/devicelogin?code=unknown", 303)
        person = self._door.person(decision.person) if decision.accepted else None
        self._door.grants.decide(waiting, person.oid if person else "", decision.of(waiting.scopes))
        said = "You have signed in" if person else "You declined"
        return page(said, f"<p>{said}. Close this tab and go back to the console.</p>")

    def _asked(self, request: Request) -> Asked:
        """Raises OAuthTrouble when nobody can be told but the person who looks, `_Told` when the
        app can."""
        tenant, got = str(request.path_params["tenant"]), request.query_params
        if not self._door.knows(tenant):
            raise OAuthTrouble("invalid_request", 90002, f"Tenant '{tenant}' not found.")
        self._door.grants.require_client(got.get("client_id", ""))
        asked = Asked(
            client_id=got.get("client_id", ""),
            redirect_uri=got.get("redirect_uri", ""),
            scopes=tuple(s for s in got.get("scope", "").split() if s.casefold() not in RESERVED),
            state=got.get("state", ""),
            nonce=got.get("nonce", ""),
            challenge=got.get("code_challenge", ""),
            response_mode=got.get("response_mode", "query"),
            login_hint=got.get("login_hint", ""),
        )
        where = urlsplit(asked.redirect_uri)
        if where.scheme != "http" or where.hostname != "localhost":  # with any port, as Entra
            raise OAuthTrouble(
                "invalid_request",
                50011,
                f"The redirect URI '{asked.redirect_uri}' specified in the request does not "
                "match the redirect URIs configured for the application.",
            )
        if got.get("response_type") != "code":
            raise _Told(
                asked, "unsupported_response_type", "AADSTS70007: only the code flow is known."
            )
        if not asked.challenge or got.get("code_challenge_method") != "S256":
            raise _Told(
                asked,
                "invalid_request",
                "AADSTS9002325: Proof Key for Code Exchange (S256) is required.",
            )
        return asked


class _Told(Exception):
    def __init__(self, asked: Asked, error: str, description: str) -> None:
        super().__init__(description)
        self.asked, self.error, self.description = asked, error, description


class _Decision:
    """What was answered on the page. A form without any `scope` field, such as a script sends,
    consents to all."""

    def __init__(self, body: bytes) -> None:
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        self.person = form.get("person", [""])[0]
        self.user_code = form.get("user_code", [""])[0]
        self.accepted = form.get("act", ["decline"])[0] == "accept"
        self._scopes = form.get("scope")

    def of(self, asked: Sequence[str]) -> tuple[str, ...]:
        return tuple(s for s in asked if self._scopes is None or s in self._scopes)


def _question(
    people: Sequence[Person], scopes: Sequence[str], hint: str, user_code: str = ""
) -> str:
    first = next((p.oid for p in people if p.email.casefold() == hint.casefold()), "")
    chosen = first or (people[0].oid if people else "")
    options = "".join(
        f"<option value='{escaped(each.oid)}'{' selected' if each.oid == chosen else ''}>"
        f"{escaped(each.name)} — {escaped(each.email)}</option>"
        for each in people
    )
    boxes = "".join(
        f"<li><label><input type=checkbox name=scope value='{escaped(scope)}' checked> "
        f"{escaped(scope)}</label></li>"
        for scope in scopes
        if scope.casefold() not in RESERVED
    )
    return (
        "<form method=post><p><label>Sign in as <select name=person autofocus>"
        f"{options}</select></label></p>"
        f"<p>Flight Console wants to:</p><ul>{boxes}<li><input type=hidden name=scope value=''>"
        "stay signed in</li></ul>"
        f"<input type=hidden name=user_code value='{escaped(user_code)}'>"
        "<p><button name=act value=accept>Accept</button> "
        "<button name=act value=decline>Decline</button></p>"
        "<p class=note>There is no password: everything here is for practice, on this machine. "
        "Leave a box out to see what the console does without it.</p></form>"
    )


def _back(asked: Asked, answer: dict[str, str]) -> Response:
    """To the app that asked, the way it asked for."""
    fields = {**answer, "state": asked.state}
    if asked.response_mode != "form_post":
        joint = "&" if urlsplit(asked.redirect_uri).query else "?"
        return RedirectResponse(f"{asked.redirect_uri}{joint}{urlencode(fields)}", 302)
    hidden = "".join(
        f"<input type=hidden name='{escaped(name)}' value='{escaped(value)}'>"
        for name, value in fields.items()
    )
    return page(
        "Back to the console",
        f"<form method=post action='{escaped(asked.redirect_uri)}'>{hidden}"
        "<button>Back to the console</button></form>",
        script="document.forms[0].submit()",
        form_to=asked.redirect_uri,
    )


def _sorry(trouble: OAuthTrouble) -> Response:
    return page(
        "Sorry, but there was trouble signing in",
        f"<p>{escaped(trouble.description)}</p>",
        status=400,
    )
