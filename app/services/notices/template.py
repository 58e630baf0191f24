"""Notice templates are data: what they may contain, and filling them in.

The sandbox alone does not stop nested loops, so a template is read as a syntax tree first and
refused unless every node of it is on the list: known fields, the filters below, if, and one
unnested for over a list field. Sizes and time are bounded as well.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from jinja2 import Template, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from app.models.errors import BadInput
from app.models.notices import wording
from app.models.notices.fields import BAR, LABELS, LISTS, Value

SOURCE_LIMIT = 20_000  # characters of a template
OUTPUT_LIMIT = 200_000  # characters of a filled-in body
LIST_LIMIT = 500  # entries of a list field
CONST_LIMIT = 80  # characters of a text given to a filter
PARTS_LIMIT = 1_000  # fields, filters, conditions and pieces of text
DEPTH_LIMIT = 8  # conditions within conditions
SECONDS = 1.0
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.Filter,
    nodes.Not,
    nodes.And,
    nodes.Or,
)


_WRITTEN: dict[type[nodes.Node], str] = {
    nodes.Getattr: "A dot within a field",
    nodes.Getitem: "A bracket behind a field",
    nodes.Call: "A call",
    nodes.Assign: "“set”",
    nodes.CondExpr: "“if” within a field",
    nodes.Concat: "“~”",
    nodes.Test: "“is”",
    nodes.Compare: "A comparison",
}
"""As people wrote what is not allowed."""


class Markup(str):
    """Mark-up made by a filter: the one thing that reaches the body unescaped."""


class Missing(str):
    """An empty field: false in an if, and a visible placeholder where it is printed."""

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """A template as people edit it; the body is in the simple mark-up of rendering.py."""

    subject: str
    body: str

    @classmethod
    def parse(cls, text: str) -> TemplateSource:
        """From a file: `Subject: …` on the first line, then a blank line, then the body.
        Raises BadInput."""
        head, _, body = text.replace("\r\n", "\n").partition("\n")
        if not head.startswith("Subject:"):
            raise BadInput("The template must begin with a line “Subject: …”.")
        return cls(head.removeprefix("Subject:").strip(), body.strip("\n"))

    def __str__(self) -> str:
        """As a file holds it."""
        return f"Subject: {self.subject}\n\n{self.body}"

    @classmethod
    def read(cls, path: Path) -> TemplateSource:
        return cls.parse(path.read_text(encoding="utf-8"))


def check(source: str) -> None:
    """Raises BadInput with a sentence naming the first thing a template may not contain."""
    _compiled(source)


def tree_of(source: str) -> nodes.Template:
    """The syntax tree of a template that is allowed. Raises BadInput."""
    _compiled(source)
    return _MARKED_UP.parse(source)


def fill(source: str, values: Mapping[str, Value], *, markup: bool) -> str:
    """The template with its fields filled in; with `markup`, what users wrote is escaped so that
    it stays text. Raises BadInput for a template that is not allowed or grows too large."""
    template = _compiled(source, markup)
    context = {name: _value(name, value, markup) for name, value in values.items()}
    until = time.monotonic() + SECONDS
    parts: list[str] = []
    size = 0
    try:
        for part in template.generate(context):
            parts.append(part)
            size += len(part)
            if size > OUTPUT_LIMIT:
                raise BadInput("The notice grows too long; shorten the template or its lists.")
            if time.monotonic() > until:
                raise BadInput("The template takes too long to fill in; make it simpler.")
    except (TemplateError, TypeError, ValueError) as trouble:
        raise BadInput(f"The template cannot be filled in: {trouble}.") from trouble
    return "".join(parts)


@lru_cache(maxsize=64)
def _compiled(source: str, markup: bool = True) -> Template:
    if len(source) > SOURCE_LIMIT:
        raise BadInput(f"A template has at most {SOURCE_LIMIT:,} characters; this one is longer.")
    try:
        environment = _MARKED_UP if markup else _PLAIN
        _check_tree(environment.parse(source))
        return environment.from_string(source)
    except TemplateError as trouble:
        said = str(trouble).rstrip(".")
        line = getattr(trouble, "lineno", 0) or 0
        where = f"Line {line}: the" if line else "The"
        raise BadInput(f"{where} template cannot be read: {said}.", line=line) from trouble
    except (RecursionError, SyntaxError):  # Python's own limits, met before ours
        raise BadInput("The template is nested too deeply to be read.") from None
    except ValueError as trouble:  # a number of thousands of digits
        raise BadInput("The template cannot be read: a number in it is too long.") from trouble


def _check_tree(tree: nodes.Template) -> None:
    loops = {name.name for loop in tree.find_all(nodes.For) for name in _targets(loop)}
    for number, node in enumerate(_walk(tree)):
        if number == PARTS_LIMIT:
            raise _at(node, "the template has too many fields and conditions; make it simpler.")
        if isinstance(node, nodes.For):
            _check_loop(node)
        elif isinstance(node, nodes.Filter):
            _check_filter(node)
        elif isinstance(node, nodes.Name) and node.name not in LABELS.keys() | loops:
            raise _at(node, _no_such_field(node.name))
        if not isinstance(node, _ALLOWED):
            what = _WRITTEN.get(type(node), f"“{type(node).__name__.lower()}”")
            raise _at(
                node,
                f"{what} is not allowed in a notice; it may name fields, use the listed filters, "
                "and use if and for.",
            )
    _check_depth(tree)


def _check_depth(tree: nodes.Template) -> None:
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        depth += isinstance(node, nodes.If | nodes.For)
        if depth > DEPTH_LIMIT:
            raise _at(node, f"more than {DEPTH_LIMIT} conditions stand within one another.")
        waiting.extend((child, depth) for child in node.iter_child_nodes())


def _no_such_field(name: str) -> str:
    meant = get_close_matches(name, LABELS, n=1)
    more = f" Did you mean “{meant[0]}”?" if meant else ""
    return f"there is no field called “{name}”.{more}"


def _at(node: nodes.Node, said: str) -> BadInput:
    line = node.lineno or 1
    return BadInput(f"Line {line}: {said}", line=line)


def _walk(tree: nodes.Node) -> Iterable[nodes.Node]:
    """In the order in which it is written."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(node.iter_child_nodes())))


def _check_loop(loop: nodes.For) -> None:
    simple = isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name)
    over_list = isinstance(loop.iter, nodes.Name) and loop.iter.name in LISTS
    if not simple or not over_list or loop.recursive or loop.test or loop.else_:
        raise _at(loop, "a loop may only read “for entry in a list field”.")
    inside = (node for part in loop.body for node in _walk(part))
    if any(isinstance(node, nodes.For) for node in inside):
        raise _at(loop, "a loop within a loop is not allowed in a notice.")
    (target,) = _targets(loop)
    if target.name in LABELS:
        raise _at(loop, f"“{target.name}” is a field; name the entry otherwise.")


def _targets(loop: nodes.For) -> tuple[nodes.Name, ...]:
    return (loop.target,) if isinstance(loop.target, nodes.Name) else ()


def _check_filter(node: nodes.Filter) -> None:
    if node.name not in _FILTERS:
        may = ", ".join(sorted(_FILTERS))
        raise _at(node, f"there is no filter “{node.name}”; there are {may}.")
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise _at(node, f"the filter “{node.name}” is not used like this.")
    for argument in node.args:
        value = argument.value if isinstance(argument, nodes.Const) else None
        if not isinstance(value, str) or len(value) > CONST_LIMIT:
            raise _at(node, f"give “{node.name}” a short text in quotes.")


def _value(name: str, value: Value, markup: bool) -> Value:
    if isinstance(value, bool):
        return value
    clean = wording.clean_text if markup else wording.clean_line
    if isinstance(value, tuple):
        return tuple(wording.clean_line(v) for v in value[:LIST_LIMIT] if v.strip())
    kept = clean(value).strip()
    return kept or Missing(f"[{LABELS[name]}]")


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def _capital(value: object) -> str:
    return wording.capital(_text(value))


def _default(value: object, instead: str = "") -> object:
    return value or instead


def _join(value: object, separator: str = ", ") -> str:
    if not isinstance(value, tuple):
        raise BadInput("Only a list field can be joined.")
    return separator.join(value)


def _listed(value: object) -> str:
    if not isinstance(value, tuple):
        raise BadInput("Only a list field can be listed.")
    return wording.say_list(value)


def _link(value: object, label: str) -> str:
    """A link with a label; anything but http, https, mailto and tel stays plain text."""
    url = "".join(_text(value).split())
    if isinstance(value, Missing) or not url.casefold().startswith(_SCHEMES):
        return _text(value)
    target = url.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
    return Markup(f"[{escape_markup(label)}](<{target}>)")


def _buttons(value: object) -> str:
    """Label and link in turn, parted by bars: each a link, a dot between them."""
    parts = _text(value).split(BAR)
    return Markup(
        " · ".join(_link(url, label) for label, url in zip(parts[::2], parts[1::2], strict=False))
    )


def escape_markup(text: str) -> str:
    """Every punctuation mark escaped and every line flush, so that nothing is mark-up: no blank
    line within, no indent, no bullet, no tag."""
    lines = (line.strip() for line in text.split("\n"))
    return _MARKUP.sub(r"\\\1", "\n".join(line for line in lines if line))


def _spoken(value: object) -> str:
    return _listed(value) if isinstance(value, tuple) else _text(value)


def _escaped(value: object) -> str:
    return value if isinstance(value, Markup) else escape_markup(_spoken(value))


_FILTERS = {
    "capital": _capital,
    "upper": lambda value: _text(value).upper(),
    "default": _default,
    "join": _join,
    "listed": _listed,
    "link": _link,
    "buttons": _buttons,
}


def _environment(finalise: Callable[[object], str]) -> SandboxedEnvironment:
    made = SandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, finalize=finalise)
    made.filters.clear()
    made.filters.update(_FILTERS)
    made.tests.clear()
    made.globals.clear()
    return made


_MARKED_UP = _environment(_escaped)
_PLAIN = _environment(_spoken)
