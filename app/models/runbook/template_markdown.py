"""A runbook template as Markdown: a chapter a step, to be read on a wiki and read back.

# Runbook: Storage firmware

- Revision: 3

## 8 Flash controller B

- Minutes: 30
- After: 7

How:

```
fwctl flash --controller B
```
"""

from __future__ import annotations

import re

from app.models.runbook.template_csv import CODES, FLAGS, NUMBERS, as_flag, as_number
from app.models.runbook.template_reading import Read, read_template
from app.models.runbook.template_saving import mapping_of
from app.models.runbook.templates import RunbookTemplate

HEAD = {"Revision": "revision", "Service kind": "service_kind", "Summary": "summary"}
FIELDS = {
    "Phase": "phase",
    "Kind": "kind",
    "Role": "role",
    "Minutes": "minutes",
    "After": "after",
    "Undone by": "undone_by",
    "Cannot be undone": "no_return",
    "Do not disturb": "do_not_disturb",
    "CI": "ci",
    "Setting": "setting",
    "Notice": "notice",
    "Bridge": "bridge",
    "Not before": "not_before",
    "Not after": "not_after",
    "People will notice": "people_notice",
    "How": "how",
}
BLOCKS = ("summary", "people_notice", "how")
_ITEM = re.compile(r"- ([^:]+):(.*)")
_BLOCK = re.compile(r"([A-Z][^:]*):\s*")
_FENCE = re.compile(r"(`{3,})\s*\w*\s*")
_CHAPTER = re.compile(r"## (\S+)\s+(.*)")


def write_markdown(template: RunbookTemplate) -> str:
    data = mapping_of(template)
    steps = data["steps"]
    assert isinstance(steps, list)
    lines = [f"# Runbook: {template.name}", ""]
    lines += _written(data, HEAD)
    for step in steps:
        lines += [f"## {step['code']} {step['title']}", "", *_written(step, FIELDS)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _written(values: dict[str, object], names: dict[str, str]) -> list[str]:
    """The short fields as a list, then the long ones, each in a fence no text of it can end."""
    items, blocks = [], []
    for words, name in names.items():
        value = values.get(name, "")
        if value is False or value in ("", []):  # a lock of 0 minutes is one, too
            continue
        if name in BLOCKS:
            runs = re.findall(r"`+", str(value))
            fence = "`" * max(3, *(len(run) + 1 for run in runs), 3)
            blocks += [f"{words}:", "", fence, str(value), fence, ""]
        else:
            shown = ", ".join(value) if isinstance(value, list) else value
            items.append(f"- {words}: {'yes' if value is True else shown}")
    return [*items, *([""] if items else []), *blocks]


class _Reading:
    """Line by line; what belongs to no field is a fault, so that nothing is lost in silence."""

    def __init__(self) -> None:
        self.head: dict[str, object] = {"revision": 1}
        self.steps: list[dict[str, object]] = []
        self.where: list[str] = []
        self.faults: list[str] = []
        self._fence = ""
        self._block: list[str] | None = None
        self._field = ""

    @property
    def _into(self) -> dict[str, object]:
        return self.steps[-1] if self.steps else self.head

    def line(self, number: int, text: str) -> None:
        if self._block is not None:
            if text.strip() == self._fence:
                self._put(number, self._field, "\n".join(self._block))
                self._block, self._field = None, ""
            else:
                self._block.append(text)
            return
        bare = text.strip()
        fence = _FENCE.fullmatch(bare)
        if fence and self._field:
            self._fence, self._block = fence[1], []
        elif not bare:
            return
        elif chapter := _CHAPTER.fullmatch(bare):
            self.steps.append({"code": chapter[1], "title": chapter[2]})
            self.where.append(f"Line {number}")
        elif bare.startswith("# ") and not self.steps and "name" not in self.head:
            self.head["name"] = bare.removeprefix("# ").removeprefix("Runbook:").strip()
        elif item := _ITEM.fullmatch(bare):
            self._item(number, item[1], item[2])
        elif (block := _BLOCK.fullmatch(bare)) and self._named(block[1]) in BLOCKS:
            self._field = self._named(block[1])
        else:
            self.faults.append(f"Line {number}: “{bare[:40]}” belongs to no field of a runbook.")

    def _named(self, words: str) -> str:
        names = FIELDS if self.steps else HEAD
        folded = {known.casefold(): name for known, name in names.items()}
        return folded.get(words.strip().casefold(), "")

    def _item(self, number: int, words: str, text: str) -> None:
        name, value = self._named(words), text.strip()
        if not name:
            self.faults.append(f"Line {number}: “{words[:40]}” is not a field we know.")
        elif name in NUMBERS:
            self._put(number, name, as_number(value))
        elif name in FLAGS:
            self._put(number, name, as_flag(value))
        elif name in CODES:
            self._put(number, name, value.replace(",", " ").split())
        else:
            self._put(number, name, value)

    def _put(self, number: int, name: str, value: object) -> None:
        if name in self._into and not (name == "revision" and not self.steps):
            self.faults.append(f"Line {number}: “{name}” is given twice; keep one.")
        self._into[name] = value

    def end(self) -> None:
        if self._block is not None:
            self.faults.append(f"The text of “{self._field}” is not closed by {self._fence}.")


def read_markdown(text: str) -> Read:
    """Every bad line is named."""
    reading = _Reading()
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    for number, line in enumerate(plain.split("\n"), 1):
        reading.line(number, line)
    reading.end()
    data = {**reading.head, "steps": reading.steps}
    read = read_template(data, where=reading.where, top="The runbook")
    faults = (*reading.faults, *read.faults)
    return Read(None, faults) if faults else read
