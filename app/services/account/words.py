"""What Entra's refusals mean and what to do about them, by their AADSTS numbers."""

from __future__ import annotations

import re
from typing import Any

from app.services.ports.trouble import Refused, RemoteTrouble, SignInNeeded, Unreachable

_NUMBER = re.compile(r"AADSTS(\d+)")
_NO_CONSENT = (
    "Nobody consented to what the console asks for. Sign in again and accept, or ask an "
    "administrator to consent for the organisation."
)
_SENTENCES = {
    65001: _NO_CONSENT,
    65004: _NO_CONSENT,
    90094: "An administrator must consent first. Ask one to grant the app’s permissions.",
    90002: "There is no such tenant. Check the directory (tenant) ID in the account’s settings.",
    700016: (
        "The tenant does not know this app. Check the application (client) ID, the tenant and the "
        "cloud in the account’s settings."
    ),
    50011: (
        "The app registration lacks the redirect address http://localhost under “Mobile and "
        "desktop applications”. Add it, then sign in again."
    ),
    7000218: (
        "The app registration does not allow public client flows. Switch that on under "
        "Authentication, then sign in again."
    ),
    50105: "You are not assigned to the app. Ask an administrator to assign you.",
    53003: (
        "Your organisation’s conditional access does not let this sign-in through. Try the "
        "browser instead of a code, on a managed device."
    ),
    70008: "The sign-in has expired. Sign in again.",
    700082: "The sign-in has expired because it was not used for long. Sign in again.",
    50173: "The sign-in was taken back (a changed password, perhaps). Sign in again.",
    50076: "Your organisation asks for one more proof that it is you. Sign in again.",
    50079: "Your organisation asks for one more proof that it is you. Sign in again.",
}
NO_TENANT = {"error": "invalid_tenant", "error_description": "AADSTS90002"}
_ASKS_A_PERSON = frozenset({"invalid_grant", "interaction_required", "login_required"})
_PASSING = frozenset({"temporarily_unavailable", "server_error"})


def trouble_of(answer: dict[str, Any], *, silent: bool) -> RemoteTrouble:
    """An error answer of MSAL as what it means. `silent`: nobody was asked, so a refusal means
    that somebody must be. Nothing of the answer but the number and the error's name is passed
    on: descriptions name people."""
    error = str(answer.get("error", "")) or "unknown_error"
    found = _NUMBER.search(str(answer.get("error_description", "")))
    number = int(found.group(1)) if found else 0
    sentence = _SENTENCES.get(number, "")
    reason = f"AADSTS{number}" if number else error
    if error in _PASSING:
        return Unreachable(f"Microsoft’s sign-in is not available just now ({reason}). Try again.")
    if silent and error in _ASKS_A_PERSON:
        return SignInNeeded(
            sentence or f"Microsoft asks you to sign in again ({reason}).",
            str(answer.get("claims") or ""),
        )
    if error == "access_denied":
        return Refused(sentence or _NO_CONSENT, reason)
    if error == "authorization_declined":
        return Refused("The sign-in was declined on the page where the code was typed.", reason)
    if error in ("expired_token", "code_expired"):
        return Refused("The code was not used in time. Start again for a new one.", reason)
    return Refused(sentence or f"The sign-in was refused ({reason}).", reason)


def unreachable(where: str) -> Unreachable:
    return Unreachable(
        f"{where} cannot be reached, or something else answered in its place. Check the network; "
        "the console goes on without it."
    )
