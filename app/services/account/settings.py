"""The account's settings, kept with the organisation they belong to."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from sqlmodel import col

from app.models.account import AccountSettings, Profile, asks_other_door, require_sound
from app.models.directory.words import Role
from app.models.errors import BadInput
from app.models.tables.directory import Organisation, Person
from app.models.tables.settings import Setting
from app.services.calendar.owed import forget_calendar
from app.services.events import Event
from app.services.uow import UnitOfWork

_PREFIX = "account/"
_PARTS = frozenset({Role.TECHNICIAN, Role.COORDINATOR, Role.LEADER})
_WORDS = {
    "profile": "profile",
    "tenant": "tenant",
    "client_id": "app",
    "cloud": "cloud",
    "shared_mailbox": "shared mailbox",
    "attendance": "attendance reports",
    "shared_calendars": "calendars of others",
}


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """The settings changed, or somebody signed in or out."""


def account_settings(uow: UnitOfWork) -> AccountSettings:
    """Until somebody chose: practice for the sample organisation, files only for one's own."""
    row = uow.find(Setting, _name(uow))
    if row is not None:
        try:
            return AccountSettings.from_json(json.loads(row.value))
        except (ValueError, TypeError):
            return AccountSettings()  # written by a newer console: files only is always safe
    found = uow.find(Organisation, uow.organisation_id) if uow.organisation_id else None
    is_sample = found is not None and found.is_sample
    return AccountSettings(profile=Profile.PRACTICE if is_sample else Profile.NONE)


def save_account_settings(uow: UnitOfWork, settings: AccountSettings) -> bool:
    """Whether the sign-in made before is of no use any more: then the caller signs it out (see
    `changing.change_settings`). Raises BadInput naming what is wrong (`about["field"]`)."""
    was = account_settings(uow)
    wanted = replace(
        require_sound(settings), signed_out=was.signed_out, practises_as=was.practises_as
    )
    if wanted == was:
        raise BadInput("Nothing is different from before, so nothing was changed.", field="profile")
    other = asks_other_door(was, wanted)
    if other:
        wanted = replace(wanted, signed_out=False)
        forget_calendar(uow)
    _store(uow, wanted)
    changed = ", ".join(
        f"{words} {_spoken(getattr(was, name))} → {_spoken(getattr(wanted, name))}"
        for name, words in _WORDS.items()
        if getattr(was, name) != getattr(wanted, name)
    )
    uow.log(f"changed the account: {changed}", kind="policy")
    uow.emit(AccountChanged())
    return other


def turn_to_practice(uow: UnitOfWork) -> None:
    """A copy of the store: whatever stood behind it, from now on it is a practice tenant that
    knows nothing of what stands in the real one."""
    forget_calendar(uow)
    _store(uow, replace(account_settings(uow), profile=Profile.PRACTICE, signed_out=False))
    uow.log("the practice tenant stands behind the account from now on", kind="policy")
    uow.emit(AccountChanged())


def note_sign_in(uow: UnitOfWork, profile: Profile, email: str = "") -> None:
    """Remember that somebody did; nothing of the tokens. Who it was is nobody's business later,
    but in practice, where without a keyring they are signed in again by themselves."""
    uow.log(f"signed in to {_STANDS_FOR[profile]}", kind="account")
    _set_signed_out(uow, False)
    settings = account_settings(uow)
    if profile is Profile.PRACTICE and email.casefold() != settings.practises_as:
        _store(uow, replace(settings, practises_as=email.casefold()))


def go_on_practising_as(uow: UnitOfWork, email: str) -> None:
    """Whom practice signed in by itself the first time, it signs in the next time, too, although
    another month may have another coordinator."""
    settings = account_settings(uow)
    if email and not settings.practises_as:
        _store(uow, replace(settings, practises_as=email.casefold()))


def note_sign_out(uow: UnitOfWork, profile: Profile) -> None:
    uow.log(f"signed out of {_STANDS_FOR[profile]}", kind="account")
    _set_signed_out(uow, True)


_STANDS_FOR = {
    Profile.NONE: "nothing",
    Profile.PRACTICE: "the practice tenant",
    Profile.MICROSOFT: "Microsoft 365",
}


def practice_people(uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """(address, name) of those who have a mailbox in the practice tenant: whoever signed in there
    last, whoever acts now, then everybody with a part in flights."""
    people = uow.all(Person, col(Person.email) != "", order=(col(Person.key),))
    own = [each for each in people if each.id == uow.actor.person_id]
    able = [each for each in people if _PARTS & set(each.roles)]
    rows = {each.email.casefold(): (each.email, each.name) for each in (*own, *able)}
    last = account_settings(uow).practises_as
    return tuple(sorted(rows.values(), key=lambda row: row[0].casefold() != last))


def _set_signed_out(uow: UnitOfWork, signed_out: bool) -> None:
    settings = account_settings(uow)
    if settings.signed_out is not signed_out:
        _store(uow, replace(settings, signed_out=signed_out))
    uow.emit(AccountChanged())


def _store(uow: UnitOfWork, settings: AccountSettings) -> None:
    row = uow.find(Setting, _name(uow)) or Setting(name=_name(uow))
    row.value = json.dumps(settings.as_json())
    uow.add(row)


def _name(uow: UnitOfWork) -> str:
    return f"{_PREFIX}{uow.organisation_id}"


def _spoken(value: object) -> str:
    return str(value) if value not in ("", False) else "none"
