"""One notice to 25,000 people, from the facts to its mail files: whom it reaches, words, lint, 50
messages, calendar hold and manifest; against the same messages built with Python's email library
alone, from words and addresses that are there already."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.tables.directory import Audience
from app.services.notices.exporting import Artefacts, export
from app.services.notices.files import content_of
from app.services.uow import UnitOfWork
from tests.bench.measure import promise, ratio
from tests.flights import START, make_flight
from tests.makers import make_person
from tests.services.notices_flights import desk_store

PEOPLE = int(os.environ.get("PEOPLE", "25000"))
LIMIT = 2.0
ROUNDS = 2


def crowd(uow: UnitOfWork) -> None:
    people = [make_person(uow, f"Reader {n}") for n in range(PEOPLE)]
    uow.session.flush()
    uow.all(Audience)[0].members = [p.id for p in people]


class Alone:
    """The library alone: the parts of every message, put together once more."""

    def __init__(self, made: Artefacts) -> None:
        self._heads: list[tuple[str, list[Address], list[Address]]] = []
        for _, content in made.eml:
            mail = message_from_bytes(content_of(content), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            to, bcc = (
                [Address(a.display_name, a.username, a.domain) for a in mail[name].addresses]
                for name in ("To", "Bcc")
            )
            self._heads.append((str(mail["Subject"]), to, bcc))
        html, text = mail.get_body(("html",)), mail.get_body(("plain",))
        assert html is not None and text is not None and made.ics is not None
        self._html, self._text = html.get_content(), text.get_content()
        self._hold = made.ics[1]

    def __call__(self) -> list[bytes]:
        return [self._message(*head) for head in self._heads]

    def _message(self, subject: str, to: list[Address], bcc: list[Address]) -> bytes:
        mail = EmailMessage(policy=policy.SMTP)
        mail["X-Unsent"] = "1"
        mail["Subject"] = subject
        mail["To"] = to
        mail["Bcc"] = bcc
        mail.set_content(self._text, cte="quoted-printable")
        mail.add_alternative(self._html, subtype="html", cte="quoted-printable")
        mail.add_attachment(self._hold, maintype="text", subtype="calendar", filename="outage.ics")
        return mail.as_bytes()


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        store = desk_store(Path(name), START - timedelta(days=20))
        outage_id = store.run(make_flight, State.PLANNED)
        store.run(crowd)

        def ours() -> Artefacts:
            made = store.read_here(export, outage_id, NoticeKind.PLANNED)
            for _, content in made.eml:
                content_of(content)
            return made

        alone = Alone(ours())
        assert len(alone()) == len(ours().eml) == PEOPLE // 500 + 1
        kept = promise("notice-export-25000", ratio(ours, alone, ROUNDS, 0), LIMIT)
        store.close()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
