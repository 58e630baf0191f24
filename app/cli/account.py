"""`account`, `signin`, `signout`: with Microsoft 365, or with the practice tenant."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.cli.printing import one_line, show
from app.models.account import AccountSettings, Cloud, Profile
from app.models.errors import NotAllowed, NotFound, StoreTrouble
from app.services.account.reading import AccountRow
from app.services.account.reading import account as read_account
from app.services.account.session import Account, Prompt, Way
from app.services.account.settings import account_settings, practice_people
from app.services.account.signing import change_settings, sign_in, sign_out
from app.services.calendar.owed import Chosen, choose_calendar
from app.services.sync.lock import only_sender
from app.wiring import Console
from app.wiring.remote import PracticeHouse, open_account, remote_of

if TYPE_CHECKING:
    from app.services.account.session import SignedIn


IN_THE_WINDOW = (
    "The tokens are in the memory of the console that is open now, as they cannot be kept on this "
    "machine; its Account page says who is signed in."
)


def account(console: Console, asked: argparse.Namespace) -> int:
    settings = console.store.read(account_settings)
    wanted = _wanted(settings, asked)
    if wanted != settings:
        with _opened(console, settings) as opened:
            change_settings(console.store, opened, wanted)
        settings = console.store.read(account_settings)
    if asked.calendar is not None:
        console.store.run(choose_calendar, _calendar(console, asked.calendar.strip()))
    with _opened(console, settings) as opened:
        who: SignedIn | None = opened.who() if opened else None
        place, kept = (opened.place, opened.keeps) if opened else ("", False)
    row = console.store.read(read_account, who, place, kept)
    if who is None and row.can_sign_in and not kept and _window_is_open(console):
        row = replace(row, scopes=(), notes=(*row.notes, IN_THE_WINDOW))
    if asked.json:
        show(_as_json(row))
    else:
        print(*_lines(row), sep="\n")
    return 0


def signin(console: Console, asked: argparse.Namespace) -> int:
    settings = console.store.read(account_settings)
    with _opened(console, settings) as opened:
        if opened is None:
            raise NotAllowed(
                "The account is set to files only. Choose where to sign in first: `account "
                "--profile microsoft --tenant ID --client-id ID`, or `account --profile practice`."
            )
        who = sign_in(console.store, opened, Way.DEVICE if asked.device else Way.BROWSER, _tell)
    print(f"Signed in as {who.email}.")
    if not who.kept:
        ends = (
            "practising, the console signs in as them again."
            if settings.profile is Profile.PRACTICE
            else "this ends with the command."
        )
        print(f"Tokens are kept in memory only ({who.place}): {ends}")
    return 0


def signout(console: Console, asked: argparse.Namespace) -> int:
    with _opened(console, console.store.read(account_settings)) as opened:
        if opened is None:
            raise NotAllowed("The account is set to files only, so nobody is signed in.")
        sign_out(console.store, opened)
    print("Signed out. The tokens are gone from this machine.")
    return 0


def _window_is_open(console: Console) -> bool:
    """Whoever sends for this data folder has the account open."""
    try:
        with only_sender(console.folder):
            return False
    except StoreTrouble as trouble:
        return trouble.about.get("trouble") == "sender"


def _calendar(console: Console, name: str) -> Chosen:
    """By its name in Outlook; an empty one means none. Raises NotFound, and what the network
    does."""
    if not name:
        return Chosen()
    remote = remote_of(console.store)
    try:
        found = remote.calendars.calendars() if remote.calendars else ()
        who = remote.who()
    finally:
        remote.close()
    able = [each for each in found if each.can_edit]
    for each in able:
        if name.casefold() == each.name.casefold():
            return Chosen(each.id, each.name, who)
    known = ", ".join(f"“{one_line(each.name)}”" for each in able) or "none"
    raise NotFound(f"No calendar that can be written is called “{name}”. There are: {known}.")


@contextmanager
def _opened(console: Console, settings: AccountSettings) -> Iterator[Account | None]:
    if settings.profile is Profile.NONE:
        yield None
        return
    house = PracticeHouse(
        console.folder, console.store.read(practice_people), settings.shared_mailbox
    )
    try:
        yield open_account(console.folder, settings, house)
    finally:
        house.close()


def _tell(prompt: Prompt) -> None:
    if prompt.code:
        print(f"Open {prompt.url} in any browser and type the code {prompt.code}", flush=True)
        return
    print(f"Sign in in the browser; if none opens, go to\n{prompt.url}", flush=True)
    named = ("DISPLAY", "WAYLAND_DISPLAY")
    if not sys.platform.startswith("linux") or any(os.environ.get(name) for name in named):
        import webbrowser

        webbrowser.open(prompt.url)


def _wanted(settings: AccountSettings, asked: argparse.Namespace) -> AccountSettings:
    values: dict[str, Any] = {
        "profile": asked.profile and Profile(asked.profile),
        "tenant": asked.tenant,
        "client_id": asked.client_id,
        "cloud": asked.cloud and Cloud(asked.cloud),
        "shared_mailbox": asked.shared_mailbox,
        "attendance": None if asked.attendance is None else asked.attendance == "yes",
        "shared_calendars": asked.shared_calendars and asked.shared_calendars == "yes",
    }
    return replace(settings, **{name: v for name, v in values.items() if v is not None})


def _lines(row: AccountRow) -> Iterator[str]:
    yield f"Profile     {row.profile_words}{f', {row.cloud_words}' if row.cloud_words else ''}"
    if row.can_sign_in:
        unknown = "not known here" if IN_THE_WINDOW in row.notes else "nobody"
        yield f"Signed in   {row.signed_in_as or unknown}"
    if row.settings.shared_mailbox:
        yield f"Sends as    {one_line(row.settings.shared_mailbox)}"
    if row.calendar:
        yield f"Calendar    {one_line(row.calendar)}"
    for scope in row.scopes:
        yield f"{'granted ' if scope.granted else 'not yet '}    {scope.name}: {scope.purpose}"
    for missing in row.missing:
        lacks = ", ".join(missing.scopes)
        yield f"Off         {missing.words} (lacks {lacks}): {missing.without}"
    yield from row.notes


def _as_json(row: AccountRow) -> dict[str, Any]:
    return {
        "profile": row.profile.value,
        "cloud": row.settings.cloud.value,
        "tenant": row.settings.tenant,
        "client_id": row.settings.client_id,
        "shared_mailbox": row.settings.shared_mailbox,
        "calendar": row.calendar,
        "signed_in_as": row.signed_in_as,
        "scopes": [
            {"name": scope.name, "purpose": scope.purpose, "granted": scope.granted}
            for scope in row.scopes
        ],
        "missing": [
            {
                "feature": each.feature.value,
                "words": each.words,
                "scopes": list(each.scopes),
                "without": each.without,
            }
            for each in row.missing
        ],
        "tokens": {"kept": row.kept, "place": row.place},
        "notes": list(row.notes),
    }
