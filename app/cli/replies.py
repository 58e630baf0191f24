"""`objection`: somebody says that the window hurts; `new-date`: what became of a promise."""

from __future__ import annotations

import argparse

from app.cli.printing import one_line
from app.models.errors import NotFound
from app.models.notices.replies import ObjectionDecision, ReplyKind
from app.models.tables.notices import Reply
from app.models.tables.outages import Outage
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console


def objection(console: Console, asked: argparse.Namespace) -> int:
    from app.services.notices.excluding import left_out_words
    from app.services.notices.replies import decide_objection, note_reply, open_objections

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        name = " ".join(asked.sender.split())
        if asked.why or not asked.decide:
            note_reply(uow, outage.id, name, asked.why, ReplyKind.OBJECTION)
            uow.session.flush()
        if not asked.decide:
            return f"{name} objects to {outage.code}: {one_line(asked.why)}. It blocks GO."
        known = open_objections(uow, outage.id)
        mine = [each for each in known if each.sender.casefold() == name.casefold()]
        if not mine:
            names = ", ".join(each.sender for each in known) or "nobody"
            raise NotFound(f"{name} has no open objection to {outage.code}; open is: {names}.")
        decide_objection(
            uow,
            mine[0].id,
            asked.decide,
            asked.answer,
            asked.by,
            told=asked.told,
            without=asked.without,
        )
        words = ObjectionDecision(asked.decide).words
        said = f"{name}: {words}{f', “{one_line(asked.answer)}”' if asked.answer else ''}"
        if asked.decide == ObjectionDecision.EXCLUDE:
            said += f". {left_out_words(uow, mine[0])}".rstrip(".")
        return f"{said}{'' if asked.decide == 'talk' or asked.told else _way(uow, mine[0], outage)}"

    print(console.store.run(act))
    return 0


def new_date(console: Console, asked: argparse.Namespace) -> int:
    from app.services.outages.promises import tell_otherwise

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        tell_otherwise(uow, outage.id, asked.told, asked.by)
        return f"{outage.code}: the promised new date was told otherwise: {one_line(asked.told)}"

    print(console.store.run(act))
    return 0


def _way(uow: UnitOfWork, reply: Reply, outage: Outage) -> str:
    from app.services.notices.answers import address_of

    if address := address_of(uow, reply):
        return f". The answer goes to {address}."
    return (
        f". No address of {reply.sender} is known: tell them by phone, then "
        f"`called {outage.code} {reply.sender}`."
    )
