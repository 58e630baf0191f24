"""One row of cells into one typed line, or the faults that stand against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.models.calendar.hours import parse_hours
from app.models.directory.absences import day_and_time
from app.models.directory.facts import is_mail_address
from app.models.directory.graph import CiGraph
from app.models.directory.lines import (
    AbsenceLine,
    AudienceLine,
    CiLine,
    DirectoryLine,
    Fault,
    LineKind,
    PersonLine,
    ServiceLine,
    StepLine,
)
from app.models.directory.words import CiKind, Criticality, Environment, Role
from app.models.errors import BadInput
from app.models.ids import CiId, key_of
from app.models.runbook.steps import Phase, StepKind
from app.models.times import zone

Word = TypeVar("Word", bound=StrEnum)

MAX_TEXT = 300
MAX_LONG_TEXT = 10_000
MAX_MINUTES = 7 * 24 * 60
MAX_LIST_SIZE = 10_000_000

_CODE = re.compile(r"[\w.-]{1,12}")
_YES = frozenset({"yes", "y", "true", "1", "x", "✓"})
_NO = frozenset({"", "no", "n", "false", "0", "-"})
_SAME: dict[str, str] = {
    "vm": "virtual_machine",
    "switch": "network",
    "router": "network",
    "prod": "production",
    "dev": "development",
    "medium": "normal",
    "backout": "back_out",
    "rollback": "back_out",
    "wrapup": "wrap_up",
}


@dataclass(frozen=True, slots=True)
class Cells:
    """The known cells of one row, by field."""

    line: int
    by_field: Mapping[str, str]


class Reader:
    """Reads the rows of one file and keeps what is needed to compare them with each other."""

    def __init__(self, kind: LineKind, titles: Mapping[str, str]) -> None:
        self.rows: list[DirectoryLine] = []
        self.faults: list[Fault] = []
        self._kind = kind
        self._titles = titles
        self._cells = Cells(0, {})
        self._seen: dict[str, int] = {}

    def fault(self, line: int, field: str, sentence: str) -> None:
        self.faults.append(Fault(line, self._titles.get(field, field).strip(), sentence))

    def read(self, cells: Cells) -> None:
        """Adds the row, or its faults."""
        self._cells = cells
        before = len(self.faults)
        make: dict[LineKind, Callable[[], DirectoryLine]] = {
            LineKind.PEOPLE: self._person,
            LineKind.SERVICES: self._service,
            LineKind.CIS: self._ci,
            LineKind.AUDIENCES: self._audience,
            LineKind.ABSENCES: self._absence,
            LineKind.STEPS: self._step,
        }
        made = make[self._kind]()
        identity = {LineKind.PEOPLE: "email", LineKind.STEPS: "code"}.get(self._kind, "name")
        key = key_of(cells.by_field.get(identity, ""))
        if key and key in self._seen:
            self._bad(identity, f"“{key[:60]}” is already on line {self._seen[key]}.")
        self._seen.setdefault(key, cells.line)
        if len(self.faults) == before:
            self.rows.append(made)

    def finish(self) -> None:
        """What only the whole file shows: rings, and steps that do not exist."""
        cis = [row for row in self.rows if isinstance(row, CiLine)]
        steps = [row for row in self.rows if isinstance(row, StepLine)]
        self._require_no_ring(
            "depends_on", {c.name: c.line for c in cis}, [(c.name, c.depends_on) for c in cis]
        )
        for step in steps:
            for field, codes in (("after", step.after), ("undone_by", step.undone_by)):
                for code in codes:
                    if key_of(code) not in self._seen:
                        self.fault(step.line, field, f"There is no step “{code}” in this file.")
        self._require_no_ring(
            "after", {s.code: s.line for s in steps}, [(s.code, s.after) for s in steps]
        )

    def _require_no_ring(
        self, field: str, lines: Mapping[str, int], edges: list[tuple[str, tuple[str, ...]]]
    ) -> None:
        names = {CiId(key_of(name)): name for name in lines}
        graph = CiGraph(
            (CiId(key_of(name)), CiId(key_of(other))) for name, others in edges for other in others
        )
        try:
            graph.require_no_cycle(names)
        except BadInput as ring:
            first = min(lines[names[ci]] for ci in graph.cycle() if ci in names)
            self.fault(first, field, ring.sentence)

    def _person(self) -> PersonLine:
        roles = [self._word("roles", Role, text) for text in self._list("roles", ",")]
        return PersonLine(
            line=self._cells.line,
            name=self._text("name", required=True),
            email=self._email("email", required=True),
            phone=self._text("phone"),
            zone=self._zone("zone"),
            site=self._text("site"),
            department=self._text("department"),
            roles=tuple(dict.fromkeys(role for role in roles if role is not None)),
        )

    def _service(self) -> ServiceLine:
        return ServiceLine(
            line=self._cells.line,
            name=self._text("name", required=True),
            plain_name=self._text("plain_name"),
            owner=self._owner(),
            criticality=self._word("criticality", Criticality) or Criticality.NORMAL,
            hours=self._hours("hours"),
            zone=self._zone("zone"),
            rests_on=self._list("rests_on"),
            audiences=self._list("audiences"),
        )

    def _ci(self) -> CiLine:
        return CiLine(
            line=self._cells.line,
            name=self._text("name", required=True),
            kind=self._word("kind", CiKind) or CiKind.OTHER,
            environment=self._word("environment", Environment) or Environment.PRODUCTION,
            vendor_circuit=self._text("vendor_circuit"),
            depends_on=self._list("depends_on"),
            needed_by_flight=self._flag("needed_by_flight"),
            maintenance_hours=self._hours("maintenance_hours"),
            zone=self._zone("zone"),
        )

    def _audience(self) -> AudienceLine:
        members = self._list("members", ",")
        for member in members:
            self._require_email("members", member)
        address = self._email("list_address")
        size = self._number("list_size", MAX_LIST_SIZE) if self._raw("list_size") else None
        line = AudienceLine(
            line=self._cells.line,
            name=self._text("name", required=True),
            members=members,
            departments=self._list("departments"),
            list_address=address,
            list_size=size,
            list_zone=self._zone("list_zone"),
            rule_service=self._text("rule_service"),
        )
        if size is not None and not address:
            self._bad("list_size", "A size needs the list's address.")
        if not (members or line.departments or address or line.rule_service):
            self._bad("", "Nobody is in it: give members, departments, a list or a service.")
        return line

    def _absence(self) -> AbsenceLine:
        line = AbsenceLine(
            line=self._cells.line,
            person=self._text("person", required=True),
            first=self._text("first", required=True),
            last=self._text("last"),
            kind=self._text("kind"),
        )
        for field, said in (("first", line.first), ("last", line.last)):
            try:
                if said:
                    day_and_time(said)
            except BadInput as bad:
                self._bad(field, bad.sentence)
        return line

    def _step(self) -> StepLine:
        code = self._text("code", required=True)
        if code and not _CODE.fullmatch(code):
            self._bad("code", f"“{code[:30]}” is no short code: up to 12 letters or digits.")
        undone_by, no_return = self._list("undone_by", ","), self._flag("no_return")
        if undone_by and no_return:
            self._bad("no_return", "It says both how it is undone and that it cannot be.")
        return StepLine(
            line=self._cells.line,
            code=code,
            title=self._text("title", required=True),
            how=self._text("how", long=True),
            phase=self._word("phase", Phase) or Phase.WINDOW,
            kind=self._word("kind", StepKind) or StepKind.WORK,
            owner=self._owner(),
            role=self._text("role"),
            minutes=self._minutes("minutes"),
            after=self._list("after", ","),
            undone_by=undone_by,
            no_return=no_return,
            ci=self._text("ci"),
            setting=self._text("setting"),
            people_notice=self._text("people_notice", long=True),
            do_not_disturb=self._flag("do_not_disturb"),
        )

    def _bad(self, field: str, sentence: str) -> None:
        self.fault(self._cells.line, field, sentence)

    def _raw(self, field: str) -> str:
        return self._cells.by_field.get(field, "").replace("\xa0", " ").strip()

    def _text(self, field: str, *, required: bool = False, long: bool = False) -> str:
        text = self._raw(field).replace("\t", " ").replace("\r\n", "\n")
        most = MAX_LONG_TEXT if long else MAX_TEXT
        if required and not text:
            self._bad(field, "It is empty.")
        elif len(text) > most:
            self._bad(field, f"It has {len(text):,} characters; at most {most:,} are kept.")
        elif not long and "\n" in text:
            self._bad(field, "It holds a line break; write it on one line.")
        elif not all(c.isprintable() or c == "\n" for c in text):
            self._bad(field, "It holds a control character; type it again.")
        return text if long else " ".join(text.split())

    def _list(self, field: str, also: str = "") -> tuple[str, ...]:
        """Parted by `;`, `|` or a line break; each once."""
        raw = self._raw(field)
        if len(raw) > 100_000 or not all(c.isprintable() or c in "\r\n\t" for c in raw):
            self._bad(field, "It is too long or holds a control character.")
            return ()
        parts = (" ".join(part.split()) for part in re.split(f"[;|\r\n{also}]", raw))
        found: dict[str, str] = {}
        for part in filter(None, parts):
            found.setdefault(key_of(part), part)
        if any(len(part) > MAX_TEXT for part in found.values()):
            self._bad(field, f"A name in it is longer than {MAX_TEXT} characters.")
        return tuple(found.values())

    def _email(self, field: str, *, required: bool = False) -> str:
        text = self._text(field, required=required)
        if text:
            self._require_email(field, text)
        return text

    def _require_email(self, field: str, text: str) -> None:
        if len(text) > 254 or not is_mail_address(text):
            self._bad(field, f"“{text[:60]}” is not an email address.")

    def _owner(self) -> str:
        text = self._text("owner")
        if "@" in text:
            self._require_email("owner", text)
        return text

    def _hours(self, field: str) -> str:
        text = self._text(field)
        try:
            parse_hours(text)
        except BadInput as bad:
            self._bad(field, bad.sentence)
        return text

    def _zone(self, field: str) -> str:
        text = self._text(field)
        try:
            if text:
                zone(text)
        except BadInput as bad:
            self._bad(field, bad.sentence)
        return text

    def _word(self, field: str, words: type[Word], text: str | None = None) -> Word | None:
        raw = self._raw(field) if text is None else text
        token = "_".join(re.split(r"[\W_]+", raw.casefold()))
        if not token:
            return None
        try:
            return words(_SAME.get(token, token))
        except ValueError:
            known = ", ".join(word.value for word in words)
            self._bad(field, f"“{raw[:40]}” is not one of: {known}.")
            return None

    def _flag(self, field: str) -> bool:
        raw = self._raw(field).casefold()
        if raw not in _YES | _NO:
            self._bad(field, f"“{raw[:40]}” is neither yes nor no.")
        return raw in _YES

    def _number(self, field: str, most: int) -> int:
        raw = self._raw(field)
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 12 and int(raw) <= most):
            self._bad(field, f"“{raw[:40]}” is not a whole number from 0 to {most:,}.")
            return 0
        return int(raw)

    def _minutes(self, field: str) -> int:
        """`90` or `1:30`."""
        raw = self._raw(field)
        if hours := re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])", raw):
            return int(hours[1]) * 60 + int(hours[2])
        return self._number(field, MAX_MINUTES) if raw else 0
