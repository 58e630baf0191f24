"""A runbook template as YAML text, hostile text included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.errors import BadInput
from app.models.runbook.template_reading import Read, read_template, template_from_mapping
from app.models.runbook.template_saving import mapping_of
from app.models.runbook.templates import RunbookTemplate

if TYPE_CHECKING:
    import yaml

MAX_CHARACTERS = 300_000
MAX_DEPTH = 8


def parse_template(text: str) -> RunbookTemplate:
    """The template in `text`. Raises BadInput naming the line: not YAML, too big, a reference
    (`&`, `*`) or deep nesting, which could swell without bound, or a rule of a template broken.
    """
    data, where = _loaded(text)
    return template_from_mapping(data, where=where, top="The runbook")


def read_yaml(text: str) -> Read:
    """As `parse_template`, with everything that is wrong."""
    try:
        data, where = _loaded(text)
    except BadInput as fault:
        return Read(None, (fault.sentence.removesuffix(" Nothing was taken over."),))
    return read_template(data, where=where, top="The runbook")


def write_yaml(template: RunbookTemplate) -> str:
    import yaml

    class Writer(yaml.SafeDumper):
        """Texts of several lines as blocks, which people can read and edit."""

    def as_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        style = "|" if "\n" in text else None
        return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def as_list(writer: yaml.SafeDumper, items: list[object]) -> yaml.SequenceNode:
        codes = all(isinstance(item, str) for item in items)
        return writer.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=codes)

    Writer.add_representer(str, as_text)
    Writer.add_representer(list, as_list)
    return yaml.dump(
        mapping_of(template), Dumper=Writer, sort_keys=False, allow_unicode=True, width=98
    )


def _loaded(text: str) -> tuple[object, list[str]]:
    """What the text holds, and the place of each step."""
    import yaml  # here, so that opening a store does not wait for it

    if len(text) > MAX_CHARACTERS:
        raise BadInput(
            f"This runbook has {len(text):,} characters; {MAX_CHARACTERS:,} is the most we take. "
            "Nothing was taken over."
        )
    try:
        _refuse_swelling(text)
        node = yaml.compose(text, Loader=_loader())
        data: object = yaml.load(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadInput(
            f"Line {line} cannot be read as YAML: {error.problem or 'it is not complete'}. "
            "Nothing was taken over.",
            where=f"Line {line}",
        ) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else "unreadable"
        raise BadInput(
            f"This is not a runbook we can read: {reason}. Nothing was taken over."
        ) from None
    return data, _step_lines(node)


def _loader() -> type[yaml.SafeLoader]:
    """libyaml's, where it is there: the same, and 1,000 steps in a tenth of the time."""
    import yaml

    loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return loader


def _refuse_swelling(text: str) -> None:
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadInput(
                f"Line {line}: references (& and *) are not taken in a runbook; write the text "
                "out. Nothing was taken over.",
                where=f"Line {line}",
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise BadInput(
                    f"Line {line}: this is nested too deep for a runbook. Nothing was taken over.",
                    where=f"Line {line}",
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _step_lines(node: yaml.Node | None) -> list[str]:
    """`Line 12` for each item of the top mapping's `steps`. Raises BadInput for a key given
    twice, of which YAML would silently keep the last."""
    import yaml

    lines: list[str] = []
    if not isinstance(node, yaml.MappingNode):
        return lines
    _refuse_double_keys(node)
    for key, value in node.value:
        if key.value == "steps" and isinstance(value, yaml.SequenceNode):
            for item in value.value:
                lines.append(f"Line {item.start_mark.line + 1}")
                if isinstance(item, yaml.MappingNode):
                    _refuse_double_keys(item)
    return lines


def _refuse_double_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in seen:
            line = key.start_mark.line + 1
            raise BadInput(
                f"Line {line}: “{name[:40]}” is given twice; keep one. Nothing was taken over.",
                where=f"Line {line}",
            )
        seen.add(name)
