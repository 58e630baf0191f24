"""The console's account with Microsoft 365: where it is, what it may do, and what is off without.

Which scope does what is from Microsoft's permissions reference; nothing is asked for that no
feature uses.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from app.models.errors import BadInput


class Profile(StrEnum):
    """Who stands behind mail, calendar and meetings."""

    NONE = "none"  # nobody: notices leave as files
    PRACTICE = "practice"  # a Microsoft 365 of our own, on this machine
    MICROSOFT = "microsoft"


class Cloud(StrEnum):
    GLOBAL = "global"
    US_L4 = "us-l4"
    US_L5 = "us-l5"
    CHINA = "china"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """`sign_in` and `graph` without a path; `words` is what a person calls the cloud."""

    words: str
    sign_in: str
    graph: str


ENDPOINTS = {
    Cloud.GLOBAL: Endpoints(
        "Microsoft 365 (global, GCC)",
        "https://login.microsoftonline.com",
        "https://graph.microsoft.com",
    ),
    Cloud.US_L4: Endpoints(
        "US Government L4 (GCC High)",
        "https://login.microsoftonline.us",
        "https://graph.microsoft.us",
    ),
    Cloud.US_L5: Endpoints(
        "US Government L5 (DoD)",
        "https://login.microsoftonline.us",
        "https://dod-graph.microsoft.us",
    ),
    Cloud.CHINA: Endpoints(
        "China (21Vianet)",
        "https://login.partner.microsoftonline.cn",
        "https://microsoftgraph.chinacloudapi.cn",
    ),
}
ANY_WORK_ACCOUNT = "organizations"
"""In a tenant's place: whichever company the person belongs to."""


class Feature(StrEnum):
    SEND = "send"
    REPLIES = "replies"
    SHARED = "shared"
    CALENDAR = "calendar"
    BUSY = "busy"
    BRIDGE = "bridge"
    ATTENDANCE = "attendance"
    SHARED_CALENDARS = "shared_calendars"


@dataclass(frozen=True, slots=True)
class Needs:
    """A feature in the user's words, all the scopes it takes, and how things go without it."""

    words: str
    scopes: tuple[str, ...]
    without: str


FEATURES = {
    Feature.SEND: Needs(
        "send notices",
        ("Mail.ReadWrite", "Mail.Send"),
        "notices leave as .eml drafts that you send from Outlook",
    ),
    Feature.REPLIES: Needs(
        "read answers and bounces",
        ("Mail.ReadWrite",),
        "you note objections and bounces by hand",
    ),
    Feature.SHARED: Needs(
        "send from the shared mailbox",
        ("Mail.ReadWrite.Shared", "Mail.Send.Shared"),
        "notices come from your own address",
    ),
    Feature.CALENDAR: Needs(
        "keep outages in an Outlook calendar",
        ("Calendars.ReadWrite",),
        "calendar entries leave as .ics files, and Outlook’s calendars are read from .ics",
    ),
    Feature.BUSY: Needs(
        "see when technicians are free",
        ("Calendars.ReadWrite",),
        "only leave and other outages count as conflicts of a person",
    ),
    Feature.BRIDGE: Needs(
        "open and lock Teams meetings",
        ("OnlineMeetings.ReadWrite",),
        "the bridge is the conference line you type in",
    ),
    Feature.ATTENDANCE: Needs(
        "prove that a Teams meeting ended",
        ("OnlineMeetingArtifact.Read.All",),
        "the organiser’s word is the proof that the meeting ended",
    ),
    Feature.SHARED_CALENDARS: Needs(
        "use calendars that others share with you",
        ("Calendars.ReadWrite.Shared",),
        "only your own calendars can be chosen or followed",
    ),
}
PURPOSES = {
    "User.Read": "know who is signed in",
    "Mail.ReadWrite": "write drafts, find again what was sent, read answers in your mailbox",
    "Mail.Send": "send notices as you",
    "Mail.ReadWrite.Shared": "the same in the shared mailbox, where you may use it",
    "Mail.Send.Shared": "send notices from the shared mailbox",
    "Calendars.ReadWrite": "keep outages in your calendars, read others’ free and busy times",
    "Calendars.ReadWrite.Shared": "use calendars that others share with you",
    "OnlineMeetings.ReadWrite": "open conference bridges as Teams meetings and lock their lobby",
    "OnlineMeetingArtifact.Read.All": "see that a meeting ended (its attendance report)",
}
_ALWAYS = (
    "User.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "Calendars.ReadWrite",
    "OnlineMeetings.ReadWrite",
)


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """`tenant` is a tenant's id or domain, or `organizations`; `client_id` the app registration.
    `shared_mailbox` is an address, empty for the person's own. `attendance`: ask to read
    attendance reports; `shared_calendars`: ask for calendars that others share, too. (The calendar
    for outages is chosen in `services/calendar/owed.py`.)
    `signed_out`: the person did so on purpose, and is not signed in to practice by itself;
    `practises_as` is the address of whoever signed in there last."""

    profile: Profile = Profile.NONE
    tenant: str = ANY_WORK_ACCOUNT
    client_id: str = ""
    cloud: Cloud = Cloud.GLOBAL
    shared_mailbox: str = ""
    attendance: bool = False
    shared_calendars: bool = False
    signed_out: bool = False
    practises_as: str = ""

    @property
    def authority(self) -> str:
        """Of the `microsoft` profile; the practice tenant has its own."""
        return f"{ENDPOINTS[self.cloud].sign_in}/{self.tenant}"

    @property
    def graph(self) -> str:
        return f"{ENDPOINTS[self.cloud].graph}/v1.0"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(kept: dict[str, Any]) -> AccountSettings:
        """What an older or newer console wrote: what is not known is left out."""
        known = {each.name for each in fields(AccountSettings)}
        values = {name: value for name, value in kept.items() if name in known}
        values["profile"] = Profile(values.get("profile", Profile.NONE))
        values["cloud"] = Cloud(values.get("cloud", Cloud.GLOBAL))
        return AccountSettings(**values)


def require_sound(settings: AccountSettings) -> AccountSettings:
    """The same, tidied. Raises BadInput (`about["field"]`)."""
    tidy = replace(
        settings,
        tenant=settings.tenant.strip().casefold() or ANY_WORK_ACCOUNT,
        client_id=settings.client_id.strip().casefold(),
        shared_mailbox=settings.shared_mailbox.strip(),
    )
    if tidy.shared_mailbox and not _ADDRESS.fullmatch(tidy.shared_mailbox):
        raise BadInput(
            f"“{tidy.shared_mailbox}” is no address. Write the shared mailbox’s, or leave it "
            "empty to send from your own. Nothing was changed.",
            field="shared_mailbox",
        )
    if tidy.profile is not Profile.MICROSOFT:
        return tidy
    if not is_guid(tidy.client_id):
        raise BadInput(
            "The application (client) ID is missing or is no ID: 32 digits in five groups, from "
            "the app registration’s overview. Nothing was changed.",
            field="client_id",
        )
    if not (
        is_guid(tidy.tenant) or tidy.tenant == ANY_WORK_ACCOUNT or _DOMAIN.fullmatch(tidy.tenant)
    ):
        raise BadInput(
            f"“{tidy.tenant}” is no tenant. Write the directory (tenant) ID, a domain such as "
            f"contoso.example, or {ANY_WORK_ACCOUNT}. Nothing was changed.",
            field="tenant",
        )
    return tidy


_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")


def is_guid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.casefold()
    except ValueError:
        return False


def asks_other_door(was: AccountSettings, now: AccountSettings) -> bool:
    """Whether a sign-in made with `was` is of no use with `now`."""
    if was.profile is not now.profile:
        return True
    same = (was.tenant, was.client_id, was.cloud) == (now.tenant, now.client_id, now.cloud)
    return now.profile is Profile.MICROSOFT and not same


def opens_alike(was: AccountSettings, now: AccountSettings) -> bool:
    """Whether what was opened with `was` serves `now`. Signing in or out changes nothing of it:
    where tokens are kept in memory only, they would be lost with what is opened anew."""
    return _door(was) == _door(now)


def _door(settings: AccountSettings) -> AccountSettings:
    return replace(settings, signed_out=False, practises_as="")


def wanted_scopes(settings: AccountSettings) -> tuple[str, ...]:
    """What a sign-in asks for; msal adds openid, profile and offline_access itself."""
    wanted: tuple[str, ...] = _ALWAYS
    if settings.shared_mailbox:
        wanted += FEATURES[Feature.SHARED].scopes
    if settings.attendance:
        wanted += FEATURES[Feature.ATTENDANCE].scopes
    if settings.shared_calendars:
        wanted += FEATURES[Feature.SHARED_CALENDARS].scopes
    return wanted


def short(scope: str) -> str:
    """`Mail.Send` for `https://graph.microsoft.com/Mail.Send`: answers spell it either way."""
    return scope.rsplit("/", 1)[-1]


def is_on(feature: Feature, granted: Iterable[str]) -> bool:
    has = {short(scope).casefold() for scope in granted}
    return all(scope.casefold() in has for scope in FEATURES[feature].scopes)


def lacking(feature: Feature, granted: Iterable[str]) -> tuple[str, ...]:
    """The scopes that keep the feature off."""
    has = {short(scope).casefold() for scope in granted}
    return tuple(s for s in FEATURES[feature].scopes if s.casefold() not in has)


def expected(settings: AccountSettings) -> tuple[Feature, ...]:
    """The features that the settings ask for."""
    optional = {
        Feature.SHARED: settings.shared_mailbox,
        Feature.ATTENDANCE: settings.attendance,
        Feature.SHARED_CALENDARS: settings.shared_calendars,
    }
    return tuple(each for each in Feature if optional.get(each, True))
