"""From the source of a template to what a person edits: words, chips and kept pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jinja2 import nodes

from app.models.errors import BadInput
from app.models.notices.chips import Chip, Kept, Run, Values, Words, joined, source_of
from app.models.notices.fields import LABELS
from app.services.notices.template import fill, tree_of

_GAP = re.compile(r"\n{3,}")


def runs_of(source: str, values: Values) -> tuple[Run, ...]:
    """Sentences whose value is there come as words and chips, those without as kept pieces; a
    sentence that depends on a yes or no is there or not. Raises BadInput."""
    made = joined(_runs(tree_of(source).body, values))
    return tidy(made)


def draft_source(text: str, values: Values) -> str:
    """What somebody typed as a source that can be filled in: braces that are no template are
    words."""
    try:
        runs_of(text, values)
        fill(text, values, markup=True)
    except BadInput:
        return source_of((Words(text),))
    return text


def _runs(body: Iterable[nodes.Node], values: Values) -> Iterator[Run]:
    for node in body:
        if isinstance(node, nodes.Output):
            yield from (_part(each) for each in node.nodes)
        elif isinstance(node, nodes.If):
            yield from _branch(node, values)
        elif isinstance(node, nodes.For):
            yield _kept(node, _name(node.iter))


def _part(node: nodes.Node) -> Run:
    if isinstance(node, nodes.TemplateData):
        return Words(node.data)
    if isinstance(node, nodes.Const):
        return Words(str(node.value))
    field, _, filters = _said(node).partition(" ")
    if field in LABELS:
        return Chip(field, filters)
    return Kept(_first_field(node), f"{{{{ {_said(node)} }}}}")


def _branch(node: nodes.If, values: Values) -> Iterator[Run]:
    """The branch that holds; of a lone sentence without its value, the sentence kept whole."""
    if _holds(node.test, values):
        yield from _runs(node.body, values)
        return
    for other in node.elif_:
        if _holds(other.test, values):
            yield from _runs(other.body, values)
            return
    if node.else_:
        yield from _runs(node.else_, values)
    elif isinstance(node.test, nodes.Name) and not isinstance(values.get(node.test.name), bool):
        yield _kept(node, node.test.name)


def _holds(test: nodes.Node, values: Values) -> bool:
    if isinstance(test, nodes.Not):
        return not _holds(test.node, values)
    if isinstance(test, nodes.And):
        return _holds(test.left, values) and _holds(test.right, values)
    if isinstance(test, nodes.Or):
        return _holds(test.left, values) or _holds(test.right, values)
    if isinstance(test, nodes.Name):
        value = values.get(test.name, "")
        return bool(value.strip() if isinstance(value, str) else value)
    return True


def _kept(node: nodes.Node, field: str) -> Kept:
    source = _written([node])
    inside = _written(node.body) if isinstance(node, nodes.If | nodes.For) else ""
    return Kept(field, source, block=inside.endswith("\n"))


def _first_field(node: nodes.Node) -> str:
    return next((name.name for name in node.find_all(nodes.Name) if name.name in LABELS), "")


def _name(node: nodes.Node) -> str:
    return node.name if isinstance(node, nodes.Name) else ""


def _written(body: Iterable[nodes.Node]) -> str:
    """The tree as source again; `+` keeps each line break where it is."""
    return "".join(_write(node) for node in body)


def _write(node: nodes.Node) -> str:
    if isinstance(node, nodes.Output):
        return "".join(_write_part(each) for each in node.nodes)
    if isinstance(node, nodes.For):
        head = f"for {_name(node.target)} in {_name(node.iter)}"
        return f"{{%+ {head} +%}}{_written(node.body)}{{%+ endfor +%}}"
    if isinstance(node, nodes.If):
        parts = [f"{{%+ if {_said(node.test)} +%}}{_written(node.body)}"]
        parts += [f"{{%+ elif {_said(e.test)} +%}}{_written(e.body)}" for e in node.elif_]
        if node.else_:
            parts.append(f"{{%+ else +%}}{_written(node.else_)}")
        return "".join((*parts, "{%+ endif +%}"))
    return ""


def _write_part(node: nodes.Node) -> str:
    if isinstance(node, nodes.TemplateData):
        return source_of((Words(node.data),))
    return f"{{{{ {_said(node)} }}}}"


def _said(node: nodes.Node) -> str:
    """An expression of the allow-list, as it is written."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Const):
        said = str(node.value).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{said}"'
    if isinstance(node, nodes.Filter) and node.node is not None:
        given = ", ".join(_said(each) for each in node.args)
        return f"{_said(node.node)} | {node.name}{f'({given})' if given else ''}"
    if isinstance(node, nodes.Not):
        return f"not {_said(node.node)}"
    if isinstance(node, nodes.And | nodes.Or):
        word = "and" if isinstance(node, nodes.And) else "or"
        return f"({_said(node.left)} {word} {_said(node.right)})"
    raise BadInput("This part of the template cannot be edited here.")


def tidy(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """No more than one empty line in a row, none at either end."""
    made = [Words(_GAP.sub("\n\n", r.text)) if isinstance(r, Words) else r for r in runs]
    if made and isinstance(first := made[0], Words):
        made[0] = Words(first.text.lstrip("\n"))
    if made and isinstance(last := made[-1], Words):
        made[-1] = Words(last.text.rstrip("\n"))
    return joined(made)
