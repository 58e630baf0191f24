"""The links of a message that make a mail: pressed in a practice mailbox, the mail is sent from
there, as the reader’s own mail program would send it."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urlsplit

from app.services.practice.html import escaped
from app.services.practice.mail_box import Message
from app.services.practice.state import Json


class _Links(HTMLParser):
    """Where each `mailto:` with a subject goes, with its words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._to = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        to = dict(attributes).get("href") or ""
        self._to = to if tag == "a" and to.startswith("mailto:") and "subject=" in to else ""

    def handle_data(self, data: str) -> None:
        if self._to:
            self.found.append((self._to, data.strip()))
            self._to = ""


def mail_buttons(message: Message) -> str:
    """HTML: a button for each; what may be added stands beside it. Empty without any."""
    made = "".join(_button(number, *each) for number, each in enumerate(_links(message)))
    note = "<p class=note>Each sends a mail from this mailbox, as it stands in the message.</p>"
    return f"<h2>Buttons</h2>{note}{made}" if made else ""


def pressed(message: Message, form: dict[str, str]) -> Json | None:
    """The mail of the button that the form names, as sendMail takes it; None of no such button."""
    links, number = _links(message), form.get("button", "")
    if not number.isascii() or not number.isdecimal() or int(number) >= len(links):
        return None
    to, subject, _ = _parts(links[int(number)][0])
    return {
        "subject": subject,
        "body": {"contentType": "text", "content": form.get("text", "")},
        "toRecipients": [{"emailAddress": {"address": to}}],
    }


def _links(message: Message) -> list[tuple[str, str]]:
    body = message.data["body"]
    if body["contentType"] != "html":
        return []
    links = _Links()
    links.feed(body["content"])
    return links.found


def _parts(link: str) -> tuple[str, str, str]:
    """Address, subject and text."""
    parts = urlsplit(link)
    values = parse_qs(parts.query)
    subject, text = (values.get(name, [""])[0] for name in ("subject", "body"))
    return unquote(parts.path), subject, text


def _button(number: int, link: str, words: str) -> str:
    to, subject, text = _parts(link)
    box = f" <input name=text size=40 aria-label='Text' value='{escaped(text)}'>" if text else ""
    return (
        f"<form method=post><p><button name=button value={number}>{escaped(words)}</button>{box} "
        f"<span class=note>to {escaped(to)}: {escaped(subject)}</span></p></form>"
    )
