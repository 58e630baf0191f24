"""From a template and facts to a subject, a plain text and an HTML body, all from one source.

The mark-up is small: paragraphs, **bold**, *italic*, lists and links; a line break is a line
break. The HTML holds only tags that Qt's QTextDocument renders, so that the preview is the
truth. Loaded when the first notice is shown, not at start: jinja2 and nh3 cost start-up time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.models.notices.facts import NoticeFacts
from app.models.notices.fields import fields
from app.models.notices.forwarding import FORWARD_LINE, sent_words
from app.models.notices.kinds import NoticeKind
from app.models.notices.wording import clean_line, clean_text
from app.resources import resource
from app.services.notices.template import TemplateSource, fill

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "hr", "h1", "h2", "h3"}
SUBJECT_LIMIT = 200
_ADDRESS = re.compile(
    r"https?://[^\s<>\"]{1,2000}[^\s<>\".,;:!?)]|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)

_MARKDOWN = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 8}).enable(
    ["newline", "escape", "emphasis", "link", "list", "heading", "hr", "fragments_join"]
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """`html` is a sanitised fragment; `page` makes a document of it."""

    subject: str
    text: str
    html: str


def built_in(kind: NoticeKind) -> TemplateSource:
    """The template that comes with the console."""
    return TemplateSource.read(resource(f"notices/{kind.value}.j2"))


def render(source: TemplateSource, facts: NoticeFacts) -> Rendered:
    """Raises BadInput when the template is not allowed or names what does not exist."""
    values = fields(facts)
    subject = clean_line(fill(source.subject, values, markup=False))[:SUBJECT_LIMIT].rstrip()
    return render_body(subject, fill(source.body, values, markup=True))


def render_body(subject: str, body: str) -> Rendered:
    """For a body without fields, as somebody wrote it in the simple mark-up."""
    tokens = _MARKDOWN.parse(clean_text(body))
    return Rendered(clean_line(subject), _plain(tokens), _clean(_html(tokens)))


def page(rendered: Rendered) -> str:
    """The HTML part of the mail: a whole document, styled by the reader's own mail program."""
    title = html.escape(rendered.subject)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body>\n{rendered.html}\n</body></html>\n"
    )


def reminder(
    original: Rendered, note: Rendered, sent_at: datetime, from_name: str, zone: str
) -> Rendered:
    """The original notice forwarded with the note on top, as a mail program forwards.

    `sent_at` is when the original left (UTC), spoken in `zone`. The subject keeps the original's
    words behind `FW:`, by which mail programs keep the conversation together.
    """
    subject = clean_line(original.subject)
    head = (
        ("From", clean_line(from_name)),
        ("Sent", sent_words(sent_at, zone)),
        ("Subject", subject),
    )
    block = "\n".join(f"{label}: {value}" for label, value in head)
    shown = "<br>\n".join(
        f"<strong>{label}:</strong> {html.escape(value)}" for label, value in head
    )
    return Rendered(
        f"FW: {subject}",
        f"{note.text}\n\n{FORWARD_LINE}\n{block}\n\n{original.text}",
        _clean(f"{note.html}\n<hr>\n<p>{shown}</p>\n{original.html}"),
    )


def _clean(fragment: str) -> str:
    return nh3.clean(
        fragment,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    ).strip()


def _html(tokens: list[Token]) -> str:
    for token in tokens:
        if token.children:
            token.children = list(_with_links(token.children))
    # markdown-it is typed for any renderer, hence the conversion
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _with_links(children: Iterable[Token]) -> Iterable[Token]:
    """Web and mail addresses written out become links, except within a link."""
    inside = 0
    joined: list[Token] = []
    for token in children:  # escaped characters come as tokens of their own
        if token.type == "text_special":
            token.type = "text"
        if token.type == "text" and joined and joined[-1].type == "text":
            joined[-1].content += token.content
        else:
            joined.append(token)
    for token in joined:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or inside:
            yield token
            continue
        at = 0
        for found in _ADDRESS.finditer(token.content):
            address = found.group()
            url = address if address.startswith("http") else f"mailto:{address}"
            yield _text_token(token.content[at : found.start()])
            yield Token("link_open", "a", 1, attrs={"href": url})
            yield _text_token(address)
            yield Token("link_close", "a", -1)
            at = found.end()
        yield _text_token(token.content[at:])


def _text_token(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _plain(tokens: list[Token]) -> str:
    """The text part: blank line between paragraphs, bullets as `- `, emphasis dropped."""
    blocks: list[str] = []
    marks: list[str] = []  # per open list: "-" or the next number
    item_open = ""
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            marks.append(str(token.attrs.get("start", 1)) if token.tag == "ol" else "-")
            if len(marks) == 1:
                blocks.append("")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            marks.pop()
        elif token.type == "list_item_open":
            indent = "  " * (len(marks) - 1)
            number = marks[-1]
            item_open = f"{indent}- " if number == "-" else f"{indent}{number}. "
            if number != "-":
                marks[-1] = str(int(number) + 1)
        elif token.type == "hr":
            blocks.append("-" * 20)
        elif token.type == "inline":
            said = _inline(token.children or [])
            if marks:
                blocks[-1] += ("\n" if blocks[-1] else "") + item_open + said
                item_open = "  " * len(marks)
            else:
                blocks.append(said)
    return "\n\n".join(block for block in blocks if block)


def _inline(children: list[Token]) -> str:
    said: list[str] = []
    opened: list[tuple[str, int]] = []
    for token in children:
        if token.type in {"text", "text_special"}:
            said.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            said.append("\n")
        elif token.type == "link_open":
            opened.append((str(token.attrs.get("href", "")), len(said)))
        elif token.type == "link_close" and opened:
            url, start = opened.pop()
            label = "".join(said[start:])
            if url.removeprefix("mailto:") != label:
                said.append(f" <{url}>")
    return "".join(said)
