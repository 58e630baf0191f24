"""`kickoff`: who was asked at the kick-off, what they answered, and what their mails say."""

from __future__ import annotations

import argparse

from sqlmodel import col

from app.cli.printing import one_line, show
from app.models.errors import BadInput, NotFound
from app.models.outages.confirming import Confirmed, Word
from app.models.tables.notices import Reply
from app.services.notices.confirmations import record_confirmation, waiting_confirmations
from app.services.outages.confirming import asked_first
from app.services.outages.people import Asked, confirm, people_of
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console

_WORDS = {"yes": Word.YES, "no": Word.NO, "cant": Word.CANNOT}


def kickoff(console: Console, asked: argparse.Namespace) -> int:
    if not asked.name:
        return _list(console, asked)
    print(console.store.run(_note, asked))
    return 0


def _list(console: Console, asked: argparse.Namespace) -> int:
    people, mails = console.store.read(_read, asked.outage)
    if asked.json:
        show(
            {
                "asked": [
                    {
                        "person": one.person,
                        "what": one.what,
                        "answer": one.answer.word.value if one.answer else None,
                        "why": one.answer.why if one.answer else "",
                        "voided": one.voided,
                    }
                    for one in people
                ],
                "by_mail": [
                    {"person": mail.sender, "answer": said.word.value, "why": said.why}
                    for mail, said in mails
                ],
            }
        )
        return 0
    for one in people:
        said = "no answer yet" if one.answer is None else one.answer.spoken
        said = f"to be asked anew (said {said})" if one.voided and one.answer else said
        print(f"{one_line(one.person):<28} {one_line(one.what):<24} {one_line(said)}")
    for mail, answer in mails:
        print(one_line(f"By mail, not recorded yet: {mail.sender}: {answer.spoken}"))
    if not people and not mails:
        print("Nobody was asked yet; the kick-off does.")
    return 0


def _read(uow: UnitOfWork, code: str) -> tuple[tuple[Asked, ...], list[tuple[Reply, Confirmed]]]:
    outage = find_outage(uow, code)
    return asked_first(uow, outage.id), _mails(uow, outage.id)


def _mails(uow: UnitOfWork, outage_id: str) -> list[tuple[Reply, Confirmed]]:
    mine = col(Reply.outage_id) == outage_id
    return waiting_confirmations(uow, uow.all(Reply, mine, order=(col(Reply.received_at),)))


def _note(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    outage = find_outage(uow, asked.outage)
    if asked.answer is None:
        return _record(uow, outage.id, asked.name)
    known = {one.person: one.what for one in asked_first(uow, outage.id)}
    for person in people_of(uow, outage.id).people:
        known.setdefault(person.name, person.roles[0] if person.roles else "")
    name = _one_of(asked.name, list(known))
    said = Confirmed(_WORDS[asked.answer], asked.why)
    confirm(uow, outage.id, name, known[name], said, by=asked.by)
    return f"{name} says {said.spoken}."


def _record(uow: UnitOfWork, outage_id: str, part: str) -> str:
    mails = _mails(uow, outage_id)
    if not mails:
        raise BadInput("No mail waits to be recorded; say what they answer: yes, no or cant.")
    name = _one_of(part, [mail.sender for mail, _ in mails])
    mail, said = next(pair for pair in reversed(mails) if pair[0].sender == name)
    record_confirmation(uow, mail.id)
    return f"{name} says {said.spoken}."


def _one_of(part: str, names: list[str]) -> str:
    """The only one called so, or so in part. Raises NotFound."""
    key = part.strip().casefold()
    exact = {name for name in names if name.casefold() == key}
    found = exact or {name for name in names if key and key in name.casefold()}
    if len(found) == 1:
        return found.pop()
    there = ", ".join(sorted(found or names)) or "nobody"
    many = "Several are" if found else "Nobody is"
    raise NotFound(f"{many} called “{part}” here. There are: {there}.")
