"""A report by mail, made by a button in the crew brief: `OUT-2025-004 7 done …`, with a secret that
opens no board."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import quote

from app.models.crew.links import BYTES
from app.models.crew.taps import TapAct

BY_BUTTON = (TapAct.DONE, TapAct.BLOCKED)
"""What a brief offers; who writes `start` is understood, too."""
_ACTS = {"start": TapAct.START, "done": TapAct.DONE, "blocked": TapAct.BLOCKED}
_CODE = r"([A-Z]+-\d{4}-\d+)"
_SUBJECT = re.compile(
    rf"\s*(?:\w{{2,4}}:\s*)*{_CODE}\s+(\S{{1,12}})\s+({'|'.join(_ACTS)})\s+([0-9a-z-]{{26,36}})\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MailReport:
    """`mark` is the secret as it came, and the id of its link once that is known."""

    outage: str
    step: str
    act: TapAct
    mark: str

    @property
    def subject(self) -> str:
        return f"{self.outage} {self.step} {self.act.value} {self.mark}"

    @property
    def words(self) -> str:
        """`7 done`."""
        return f"{self.step} {self.act.value}"

    def mailto(self, to: str) -> str:
        """A mail that needs no more than to be sent."""
        body = "&body=" + quote("Because: ") if self.act is TapAct.BLOCKED else ""
        return f"mailto:{quote(to, safe='@')}?subject={quote(self.subject)}{body}"


def mail_mark(nonce: str, key: bytes) -> str:
    """The secret of a link for mails: 26 letters and digits. Not the link's own: it stands in
    mailboxes that others read, too."""
    seal = hmac.digest(key, b"mail\n" + bytes.fromhex(nonce), hashlib.sha256)[:BYTES]
    return base64.b32encode(seal).decode().rstrip("=").lower()


def is_mark(mark: str, nonce: str, key: bytes) -> bool:
    return hmac.compare_digest(mark.casefold().encode(), mail_mark(nonce, key).encode())


def report_in(subject: str) -> MailReport | None:
    """What a subject reports; None for any other."""
    found = _SUBJECT.fullmatch(subject)
    if found is None:
        return None
    outage, step, act, mark = found.groups()
    return MailReport(outage.upper(), step, _ACTS[act.casefold()], mark.casefold())
