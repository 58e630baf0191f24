"""`crew`: the crew board of an outage: who has which link, who opened it, and serving it."""

from __future__ import annotations

import argparse
import signal
from typing import Any

from app.cli.live import one_of
from app.cli.printing import show, stderr, there
from app.models.crew.serving import Proof, Serving, require_servable
from app.models.errors import BadInput
from app.models.times import speak_moment
from app.services.crew.desk import CrewDesk, DeskRow, crew_desk
from app.services.crew.links import (
    EVERYBODY,
    link_everybody,
    link_person,
    renew,
    revoke,
    switch_off,
    switch_on,
)
from app.services.crew.reached import Otherwise, reports_otherwise
from app.services.crew.serving import note_served
from app.services.directory.finding import find_person
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console


def crew(console: Console, asked: argparse.Namespace) -> int:
    """What is asked for is done first; then every link as it stands after it."""
    if asked.serve and asked.act == "off":
        raise BadInput("`off` revokes every link, so there is nothing to serve; leave one away.")
    if asked.act != "list":
        console.store.run(_act, asked)
    if asked.serve:
        return _serve(console, asked)
    _print(console, asked, _look(console, asked))
    return 0


def _look(console: Console, asked: argparse.Namespace) -> CrewDesk:
    return console.store.read(lambda uow: crew_desk(uow, find_outage(uow, asked.outage).id))


def _act(uow: UnitOfWork, asked: argparse.Namespace) -> None:
    outage = find_outage(uow, asked.outage)
    if asked.act == "off":
        switch_off(uow, outage.id)
        return
    if not asked.name:
        raise BadInput(f"Say whose link: `crew {outage.code} {asked.act} NAME`.")
    desk = crew_desk(uow, outage.id)
    rows = desk.rows
    names = [row.link.name for row in rows]
    unlinked = {words: kind for kind, words in EVERYBODY.items() if desk.on and words not in names}
    if asked.act == "renew":
        names += [*desk.without, *unlinked]
    name = one_of(asked.name, names)
    if name in desk.without:
        link_person(uow, outage.id, find_person(uow, name).id)
        return
    if name in unlinked:
        link_everybody(uow, outage.id, unlinked[name])
        return
    row = next((each for each in rows if each.link.name == name), None)
    if row is None:
        raise BadInput(f"{asked.name} has no link to the board of {outage.code}.")
    if asked.act == "revoke":
        revoke(uow, row.link.link_id)
    elif asked.act == "renew":
        renew(uow, row.link.link_id)
    elif not row.link.person_id:
        raise BadInput(f"“{row.link.name}” is nobody in particular, so nobody reports by it.")
    else:
        how = {"by-phone": Otherwise.PHONE, "by-mail": Otherwise.MAIL}.get(asked.act)
        reports_otherwise(uow, outage.id, row.link.person_id, how)


def _serve(console: Console, asked: argparse.Namespace) -> int:
    """Until Ctrl+C, or until it is told to end."""
    from app.services.crew.process import start_crew
    from app.wiring.crew_photos import recoded

    serving = _serving(asked)
    desk = _look(console, asked)
    started = start_crew(console.folder, serving, recoded=recoded)
    try:
        if not desk.on:  # who has no link later was revoked, or came late: they are named
            console.store.run(switch_on, desk.outage_id)
        console.store.run(note_served, started.serving)
        _print(console, asked, _look(console, asked), started.serving)
        if started.certificate is not None:
            stderr(f"SHA-256 fingerprint {started.certificate.fingerprint}")
        stderr("Ctrl+C ends it; the links stand until they are revoked.")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        started.wait()
        stderr("The crew board ended unexpectedly; crew/crew.log says why.")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        started.stop()
        console.store.run(note_served, started.serving, on=False)


def _serving(asked: argparse.Namespace) -> Serving:
    host, colon, port = asked.serve.rpartition(":")
    if not colon or not port.isdecimal():
        raise BadInput(f"Give an address and a port, as 192.168.1.20:8443, not “{asked.serve}”.")
    proof = Proof.SELF_MADE
    if asked.key and not asked.certificate:
        raise BadInput("--key goes with --certificate; give that, too.")
    if asked.public and asked.certificate:
        raise BadInput("Behind a proxy its own certificate counts: give --public or --certificate.")
    if asked.public:
        proof = Proof.PROXY
    elif asked.certificate:
        proof = Proof.OWN
    certificate = str(asked.certificate.absolute()) if asked.certificate else ""
    key = str(asked.key.absolute()) if asked.key else certificate
    return require_servable(
        Serving(host.strip("[]"), int(port), proof, asked.host_name, certificate, key,
                asked.public)
    )  # fmt: skip


def _print(
    console: Console, asked: argparse.Namespace, desk: CrewDesk, now: Serving | None = None
) -> None:
    from app.services.crew.process import running

    served = now or running(console.folder)
    base = (served or desk.served.serving).base
    if asked.json:
        show(_as_json(desk, base, served is not None))
        return
    if not desk.on:
        print(f"The crew board of {desk.code} is off.")
        return
    for row in desk.rows:
        print(f"{row.link.name:<24} {_state(row, desk):<28} {base}{row.link.path}")
    if desk.without:
        print(f"no link yet: {', '.join(desk.without)}")
    print(f"served at {base}" if served else "not served now", flush=True)


def _state(row: DeskRow, desk: CrewDesk) -> str:
    link = row.link
    if not link.person_id:
        return "for anybody"
    if link.opened_at is not None:
        return f"opened {speak_moment(link.opened_at, desk.zone)}"
    return f"by {row.by}" if row.by else "not opened"


def _as_json(desk: CrewDesk, base: str, served: bool) -> dict[str, Any]:
    def moment(at: Any) -> str | None:
        return there(at, desk.zone) if at else None

    return {
        "code": desk.code,
        "on": desk.on,
        "served": served,
        "links": [
            {
                "kind": row.link.kind.value,
                "name": row.link.name,
                "steps": list(row.link.codes),
                "link": base + row.link.path,
                "opened_at": moment(row.link.opened_at),
                "heard_at": moment(row.link.heard_at),
                "reports_by": row.by.value if row.by else None,
                "missing": row.is_missing,
                "ends_at": moment(row.link.ends_at),
            }
            for row in desk.rows
        ],
        "without": list(desk.without),
    }
