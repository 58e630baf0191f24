"""MSAL's own flows, unmodified, against the practice tenant. What they promise here is what the
console builds on, so an update of msal that changes it is noticed."""

from __future__ import annotations

import json
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msal
import pytest
import requests

from app.services.account.http import LoopbackSession
from app.services.practice.grants import CLIENT_ID
from app.services.practice.process import InThread, in_thread_practice
from app.services.practice.visitor import visit
from tests.services.account_doors import OKAFOR, SATO

SCOPES = ["Mail.Send", "User.Read"]


class Watched(LoopbackSession):
    """Remembers what was asked for."""

    def __init__(self, practice: InThread) -> None:
        super().__init__(practice.running.ca_pem_path, 10)
        self.asked: list[str] = []

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **more: Any) -> Any:
        self.asked.append(f"{method!s} {urlsplit(str(url)).path.split('/', 2)[-1]}")
        return super().request(method, url, *args, **more)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[InThread]:
    with in_thread_practice(tmp_path, people=[OKAFOR, SATO]) as served:
        served.grants.interval = 1
        yield served


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Put a scripted person at the machine's browser; returns the addresses it opened."""

    def put(**person: Any) -> list[str]:
        addresses: list[str] = []

        def open_(url: str, *_: object, **__: object) -> bool:
            addresses.append(url)
            if person.get("answers", True):
                how = {name: value for name, value in person.items() if name != "answers"}
                threading.Thread(target=visit, args=(url,), kwargs=how, daemon=True).start()
            return True

        monkeypatch.setattr(webbrowser, "open", open_)
        return addresses

    return put


def app_of(
    practice: InThread, http: requests.Session | None = None, cache: Any = None
) -> msal.PublicClientApplication:
    return msal.PublicClientApplication(
        CLIENT_ID,
        authority=practice.running.authority,
        instance_discovery=False,
        http_client=http or Watched(practice),
        token_cache=cache,
    )


def signed_in(practice: InThread, put: Callable[..., list[str]]) -> msal.PublicClientApplication:
    put()
    app = app_of(practice)
    assert "access_token" in app.acquire_token_interactive(SCOPES, timeout=20)
    return app


def test_building_the_app_asks_for_the_discovery_document_and_nothing_else(
    practice: InThread,
) -> None:
    http = Watched(practice)
    app_of(practice, http)
    assert http.asked == ["GET v2.0/.well-known/openid-configuration"]


def test_the_browser_way_gives_a_token_that_graph_takes(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    opened(email=SATO[0])
    result = app_of(practice).acquire_token_interactive(SCOPES, timeout=20)
    bearer = practice.tenant.bearer(result["access_token"])
    assert bearer is not None and bearer.user.email == SATO[0]
    assert bearer.scopes == set(SCOPES)
    assert result["id_token_claims"]["preferred_username"] == SATO[0]


def test_msal_proves_its_code_and_asks_for_the_form(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    addresses = opened()
    app_of(practice).acquire_token_interactive(SCOPES, timeout=20)
    asked = parse_qs(urlsplit(addresses[0]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_mode"] == ["form_post"]
    assert asked["nonce"] and asked["state"]


@pytest.mark.parametrize("tenant", ["organizations", "common"])
def test_a_tenant_need_not_be_named(practice: InThread, tenant: str) -> None:
    app = msal.PublicClientApplication(
        CLIENT_ID,
        authority=practice.running.authority.rsplit("/", 1)[0] + f"/{tenant}",
        instance_discovery=False,
        http_client=Watched(practice),
    )
    flow = app.initiate_device_flow(SCOPES)
    visit(flow["verification_uri"], code=flow["user_code"])
    assert "access_token" in app.acquire_token_by_device_flow(flow)


def test_an_answer_by_redirect_is_there_for_those_who_ask_for_it(practice: InThread) -> None:
    answered: dict[str, str] = {}
    app = app_of(practice)
    with pytest.warns(UserWarning, match="form_post"):
        flow = app.initiate_auth_code_flow(SCOPES, redirect_uri="http://localhost:1/back")
    body = {"person": practice.tenant.users()[0].oid, "act": "accept"}
    answer = LoopbackSession(practice.running.ca_pem_path, 5).post(
        flow["auth_uri"], data=body, allow_redirects=False
    )
    for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items():
        answered[name] = values[0]
    assert "access_token" in app.acquire_token_by_auth_code_flow(flow, answered)


def test_a_code_works_once(practice: InThread, opened: Callable[..., list[str]]) -> None:
    app = app_of(practice)
    flow = app.initiate_auth_code_flow(
        SCOPES, redirect_uri="http://localhost:1", response_mode="form_post"
    )
    body = {"person": practice.tenant.users()[0].oid, "act": "accept"}
    page = LoopbackSession(practice.running.ca_pem_path, 5).post(flow["auth_uri"], data=body).text
    code = page.split("name='code' value='")[1].split("'")[0]
    answer = {"code": code, "state": flow["state"]}
    assert "access_token" in app.acquire_token_by_auth_code_flow(dict(flow), answer)
    again = app_of(practice).acquire_token_by_auth_code_flow(dict(flow), answer)
    assert again["error"] == "invalid_grant" and again["error_codes"] == [54005]


def test_consent_refused_comes_back_as_an_answer(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    opened(accept=False)
    result = app_of(practice).acquire_token_interactive(SCOPES, timeout=20)
    assert result["error"] == "access_denied"
    assert "AADSTS65004" in result["error_description"]


def test_a_tab_nobody_answers_times_out_with_an_exception_of_its_own(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    opened(answers=False)
    with pytest.raises(msal.oauth2cli.oauth2.BrowserInteractionTimeoutError):
        app_of(practice).acquire_token_interactive(SCOPES, timeout=1)


def test_a_device_code_waits_until_it_is_typed(practice: InThread) -> None:
    app = app_of(practice)
    flow = app.initiate_device_flow(SCOPES)
    once = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
    assert once["error"] == "authorization_pending" and once["error_codes"] == [70016]
    typed = f"{flow['user_code'][:4]} {flow['user_code'][4:]}".lower()
    visit(flow["verification_uri"], code=typed)
    flow["latest_attempted_at"] = 0  # the second between two looks need not be waited here
    assert "access_token" in app.acquire_token_by_device_flow(flow)


def test_a_device_code_that_is_declined_ends_the_wait(practice: InThread) -> None:
    app = app_of(practice)
    flow = app.initiate_device_flow(SCOPES)
    visit(flow["verification_uri"], code=flow["user_code"], accept=False)
    assert app.acquire_token_by_device_flow(flow)["error"] == "authorization_declined"


def test_a_device_code_that_expired_ends_the_wait(practice: InThread) -> None:
    app = app_of(practice)
    flow = app.initiate_device_flow(SCOPES)
    practice.grants.now = lambda: time.time() + 3_600
    assert app.acquire_token_by_device_flow(flow)["error"] == "expired_token"


def test_a_fresh_token_is_silent_without_traffic(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    opened()
    http = Watched(practice)
    app = app_of(practice, http)
    app.acquire_token_interactive(SCOPES, timeout=20)
    http.asked.clear()
    result = app.acquire_token_silent(SCOPES[:1], app.get_accounts()[0])
    assert result["token_source"] == "cache" and http.asked == []


def test_with_less_than_five_minutes_left_it_is_renewed(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    practice.grants.access_seconds = 299
    app = signed_in(practice, opened)
    result = app.acquire_token_silent(SCOPES, app.get_accounts()[0])
    assert result["token_source"] == "identity_provider"
    assert practice.tenant.bearer(result["access_token"]) is not None


def test_a_renewed_refresh_token_is_stored(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    app = signed_in(practice, opened)
    before = _refresh_tokens(app)
    app.acquire_token_silent(SCOPES, app.get_accounts()[0], force_refresh=True)
    assert len(_refresh_tokens(app)) == 1 and _refresh_tokens(app) != before


def test_an_expired_refresh_token_is_refused_with_its_reason(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    app = signed_in(practice, opened)
    practice.grants.now = lambda: time.time() + 100 * 24 * 3_600
    result = app.acquire_token_silent_with_error(SCOPES, app.get_accounts()[0], force_refresh=True)
    assert result["error"] == "invalid_grant" and "AADSTS70008" in result["error_description"]


def test_a_revoked_sign_in_says_so(practice: InThread, opened: Callable[..., list[str]]) -> None:
    app = signed_in(practice, opened)
    practice.grants.revoked = "bad_token"
    result = app.acquire_token_silent_with_error(SCOPES, app.get_accounts()[0], force_refresh=True)
    assert (result["error"], result["suberror"]) == ("invalid_grant", "bad_token")


def test_a_refusal_is_answered_from_memory_for_a_minute(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    """Why the console builds the app anew after trouble."""
    app = signed_in(practice, opened)
    practice.grants.revoked = "bad_token"
    app.acquire_token_silent_with_error(SCOPES, app.get_accounts()[0], force_refresh=True)
    practice.grants.revoked = ""
    ask = app.acquire_token_silent_with_error
    assert "error" in ask(SCOPES, app.get_accounts()[0], force_refresh=True)
    anew = app_of(practice, cache=app.token_cache)
    again = anew.acquire_token_silent_with_error(SCOPES, anew.get_accounts()[0], force_refresh=True)
    assert "access_token" in again


def test_a_scope_never_consented_to_needs_a_person(
    practice: InThread, opened: Callable[..., list[str]]
) -> None:
    app = signed_in(practice, opened)
    result = app.acquire_token_silent_with_error(["Calendars.ReadWrite"], app.get_accounts()[0])
    assert (result["error"], result["suberror"]) == ("invalid_grant", "consent_required")


def test_an_app_that_is_not_registered_is_refused(practice: InThread) -> None:
    stranger = msal.PublicClientApplication(
        "00000000-0000-4000-8000-000000000000",
        authority=practice.running.authority,
        instance_discovery=False,
        http_client=Watched(practice),
    )
    assert stranger.initiate_device_flow(SCOPES)["error"] == "unauthorized_client"


def test_a_tenant_that_does_not_exist_is_refused(practice: InThread) -> None:
    nowhere = practice.running.authority.rsplit("/", 1)[0] + "/nowhere.example"
    with pytest.raises(ValueError, match="authority configuration"):
        msal.PublicClientApplication(
            CLIENT_ID,
            authority=nowhere,
            instance_discovery=False,
            http_client=Watched(practice),
        )


def test_nothing_but_loopback_is_reached(practice: InThread) -> None:
    with pytest.raises(requests.ConnectionError, match="this machine only"):
        Watched(practice).get("https://login.microsoftonline.com/common")


def test_a_certificate_bundle_of_the_environment_does_not_disturb(
    practice: InThread, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "other.pem").write_bytes(b"")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:1")
    app_of(practice)


def _refresh_tokens(app: msal.PublicClientApplication) -> list[str]:
    entries = app.token_cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN)
    return [json.loads(json.dumps(entry))["secret"] for entry in entries]
