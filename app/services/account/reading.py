"""The account as it is shown: who, for what, what is off, and where the tokens are."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.account import (
    ENDPOINTS,
    FEATURES,
    PURPOSES,
    AccountSettings,
    Feature,
    Profile,
    expected,
    is_on,
    lacking,
    wanted_scopes,
)
from app.services.account.session import SignedIn
from app.services.account.settings import account_settings
from app.services.calendar.owed import chosen_calendar
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """`granted` False: asked for at a sign-in, but not given (or not asked yet)."""

    name: str
    purpose: str
    granted: bool


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A feature that is off: which scopes it lacks, and how things go without it."""

    feature: Feature
    words: str
    scopes: tuple[str, ...]
    without: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """`signed_in_as` is an address, empty when nobody is. `place` is where tokens are kept, in
    the user's words, and `kept` whether they outlive this run. `calendar` is the name of the one
    that outages live in, empty when none was chosen. While it is `opening`, who is signed in is
    not known yet."""

    settings: AccountSettings
    profile_words: str
    cloud_words: str
    signed_in_as: str
    calendar: str
    scopes: tuple[ScopeRow, ...]
    missing: tuple[MissingRow, ...]
    place: str
    kept: bool
    notes: tuple[str, ...]
    opening: bool = False

    @property
    def profile(self) -> Profile:
        return self.settings.profile

    @property
    def can_sign_in(self) -> bool:
        return self.profile is not Profile.NONE


_PROFILES = {
    Profile.NONE: "files only",
    Profile.PRACTICE: "practice tenant",
    Profile.MICROSOFT: "Microsoft 365",
}


def account(
    uow: UnitOfWork,
    who: SignedIn | None = None,
    place: str = "",
    kept: bool = False,
    *,
    opening: bool = False,
) -> AccountRow:
    """`who`, `place` and `kept` are what the account itself says (`Account.who`, which may ask
    the keyring: not on the GUI thread). `opening`: it cannot say anything yet."""
    settings = account_settings(uow)
    granted = who.granted if who else frozenset()
    is_off = settings.profile is Profile.NONE
    opening = opening and not is_off
    scopes = () if is_off or opening else _scopes(settings, granted)
    missing = () if who is None else _missing(settings, granted)
    return AccountRow(
        settings=settings,
        profile_words=_PROFILES[settings.profile],
        cloud_words=ENDPOINTS[settings.cloud].words
        if settings.profile is Profile.MICROSOFT
        else "",
        signed_in_as=who.email if who else "",
        calendar=chosen_calendar(uow).name,
        scopes=scopes,
        missing=missing,
        place=place,
        kept=kept,
        notes=_notes(settings, who, place, kept),
        opening=opening,
    )


def _scopes(settings: AccountSettings, granted: frozenset[str]) -> tuple[ScopeRow, ...]:
    has = {scope.casefold() for scope in granted}
    wanted = wanted_scopes(settings)
    asked = {scope.casefold() for scope in wanted}
    more = sorted(scope for scope in granted if scope.casefold() not in asked)
    return tuple(
        ScopeRow(name, PURPOSES.get(name, "not used by the console"), name.casefold() in has)
        for name in (*wanted, *more)
    )


def _missing(settings: AccountSettings, granted: frozenset[str]) -> tuple[MissingRow, ...]:
    return tuple(
        MissingRow(each, FEATURES[each].words, lacking(each, granted), FEATURES[each].without)
        for each in expected(settings)
        if not is_on(each, granted)
    )


def _notes(
    settings: AccountSettings, who: SignedIn | None, place: str, kept: bool
) -> tuple[str, ...]:
    if settings.profile is Profile.NONE:
        return ("Notices leave as .eml drafts and .ics files; nothing is sent by the console.",)
    notes = []
    if settings.profile is Profile.PRACTICE:
        notes.append("Everything here is for practice: nothing leaves this machine.")
    if kept:
        notes.append(
            f"Tokens lie encrypted in the data folder; their key is in {place}. Programs that "
            "run as you could read both."
        )
    elif place:
        again = (
            "practising, the console signs in by itself unless you signed out"
            if settings.profile is Profile.PRACTICE
            else "you sign in again at each start"
        )
        notes.append(f"Tokens are kept in memory only ({place}): {again}.")
    if who is not None and settings.profile is Profile.MICROSOFT:
        notes.append(
            "Signing out removes the tokens from this machine. To end every session of yours, "
            "use Microsoft’s “My sign-ins” page or ask an administrator."
        )
    return tuple(notes)
