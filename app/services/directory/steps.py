"""The steps of a CSV file onto a flight that has not begun."""

from __future__ import annotations

from sqlmodel import col

from app.models.directory.lines import StepLine
from app.models.errors import BadInput, NotAllowed
from app.models.ids import key_of, new_id
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import BEFORE_START
from app.models.runbook import StepKind, StepState, in_order
from app.models.tables.directory import ConfigurationItem, Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepDependency, StepUndo
from app.services.events import StepsChanged
from app.services.runbook.editing import is_frozen, require_reason
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork

DEFAULT_MINUTES = 5


def put_steps(
    uow: UnitOfWork,
    outage_id: str,
    lines: list[StepLine],
    columns: frozenset[str],
    why: str = "",
) -> tuple[tuple[int, int, int], tuple[str, ...]]:
    """(added, changed, unchanged), and the CIs that are not in the directory: they are kept as
    words on their steps. A step of the same code is changed in what the file has `columns` for;
    those the file does not name stay, behind those it does. After the runbook freeze it
    has its reason, `why`, as any edit. Raises BadInput naming the lines,
    NotAllowed, NotFound."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state not in BEFORE_START:
        raise NotAllowed(
            f"{outage.code} is {outage.state.words.lower()}; steps are imported only before it "
            "starts. Add what is missing on the board."
        )
    require_reason(uow, outage, why)
    have = {key_of(row.code): row for row in load_steps(uow, outage_id).rows}
    known = _Known(uow)
    counts = [0, 0, 0]
    rows: dict[str, Step] = {}
    for position, line in enumerate(lines):
        row = have.get(key_of(line.code))
        if row is not None and row.state is not StepState.TODO:
            known.faults.append(f"Line {line.line}: step {line.code} is begun or done already.")
        values = known.values(line, None if row is None else columns)
        new = row is None
        if row is None:
            row = Step(
                id=new_id(),
                organisation_id=uow.organisation_id,
                outage_id=outage_id,
                code=line.code,
                title=line.title,
            )
        changed = any(getattr(row, name) != value for name, value in values.items())
        for name, value in values.items():
            setattr(row, name, value)
        row.position = position
        rows[key_of(line.code)] = uow.add(row)
        counts[0 if new else 1 if changed else 2] += 1
    if known.faults:
        more = f" And {len(known.faults) - 3} more." if len(known.faults) > 3 else ""
        raise BadInput(f"{' '.join(known.faults[:3])}{more} Nothing was imported.")
    others = [row for key, row in have.items() if key not in rows]
    for position, row in enumerate(others, len(lines)):
        row.position = position
    uow.session.flush()
    for line in lines:
        owner = {"step_id": rows[key_of(line.code)].id, "outage_id": outage_id}
        if "after" in columns:
            after = [rows[key_of(code)].id for code in line.after]
            uow.set_links(StepDependency, owner, "after_id", after)
        if "undone_by" in columns:
            undone = [rows[key_of(code)].id for code in line.undone_by]
            uow.set_links(StepUndo, owner, "back_out_id", undone)
    uow.session.flush()
    in_order(load_steps(uow, outage_id).known)
    outage.runbook_revision += 1
    frozen = " after the freeze" if is_frozen(uow, outage) else ""
    reason = f": {why}" if why else ""
    steps = "1 step" if len(lines) == 1 else f"{len(lines)} steps"
    uow.log(f"imported {steps} onto {outage.code}{frozen}{reason}", outage)
    uow.emit(StepsChanged(outage_id))
    return (counts[0], counts[1], counts[2]), tuple(dict.fromkeys(known.unknown_cis))


class _Known:
    """People and CIs by the names a file uses, and what it names that is not there."""

    def __init__(self, uow: UnitOfWork) -> None:
        people = uow.all(Person, order=(col(Person.id),))
        self._people = {p.key: p.id for p in people} | {p.email_key: p.id for p in people}
        self._cis = {ci.key: ci.id for ci in uow.all(ConfigurationItem)}
        self.faults: list[str] = []
        self.unknown_cis: list[str] = []

    def values(self, line: StepLine, columns: frozenset[str] | None) -> dict[str, object]:
        """What the line says of its step: of one that is there only what has a column, and no
        duration where the cell is empty."""
        whole: dict[str, dict[str, object]] = {
            "title": {"title": line.title},
            "how": {"how": line.how},
            "phase": {"phase": line.phase},
            "kind": {
                "kind": line.kind,
                "notice_kind": self._notice(line),
                "bridge_act": self._bridge(line),
            },
            "role": {"role": line.role},
            "owner": {"owner_id": self._person(line)},
            "minutes": (
                {"minutes": line.minutes or DEFAULT_MINUTES}
                if line.minutes or columns is None
                else {}
            ),
            "ci": self._ci(line),
            "setting": {"setting": line.setting},
            "people_notice": {"people_notice": line.people_notice},
            "no_return": {"no_return": line.no_return},
            "do_not_disturb": {"do_not_disturb": line.do_not_disturb},
        }
        said = [part for name, part in whole.items() if columns is None or name in columns]
        return {name: value for part in said for name, value in part.items()}

    def _person(self, line: StepLine) -> str | None:
        found = self._people.get(key_of(line.owner)) if line.owner else None
        if line.owner and found is None:
            self.faults.append(f"Line {line.line}: there is no person “{line.owner[:60]}”.")
        return found

    def _ci(self, line: StepLine) -> dict[str, object]:
        found = self._cis.get(key_of(line.ci)) if line.ci else None
        if line.ci and found is None:
            self.unknown_cis.append(line.ci)
            return {"ci_id": None, "ci_role": line.ci}
        return {"ci_id": found}

    def _notice(self, line: StepLine) -> str:
        """A notice step is that notice: its title must say which (“Started notice”)."""
        if line.kind is not StepKind.NOTICE:
            return ""
        said = line.title.casefold().replace("-", " ")
        for kind in NoticeKind:
            words = (kind.words.casefold().replace("-", " "), kind.value.replace("_", " "))
            if any(word.removesuffix(" notice") in said for word in words):
                return kind.value
        self.faults.append(
            f"Line {line.line}: name the notice in the title, such as “Started notice”."
        )
        return ""

    def _bridge(self, line: StepLine) -> str:
        if line.kind is not StepKind.BRIDGE:
            return ""
        return "close" if "close" in line.title.casefold() else "open"
