"""Change the facts of a step: minutes, owner, CI, and by their codes what it waits for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QWidget

from app.models.errors import BadInput, ConsoleError
from app.models.live.clocks import as_of_the_night, of_the_night
from app.services.runbook.editing import edit_step
from app.services.runbook.step_detail import StepDetail
from app.services.uow import Undo
from app.views.ops import Ops
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

_LOCK = "19:30; empty: no lock"


def edit_sheet(
    parent: QWidget, ops: Ops, detail: StepDetail, on_undo: Callable[[Undo], object]
) -> Sheet:
    """Opens the sheet; it closes once the change is on disk."""
    nobody = ("", "nobody yet")
    sheet = Sheet(
        parent,
        f"Edit {detail.label}",
        "",
        (
            Ask("title", "Title", value=detail.title, needed="A step needs a title."),
            Ask("minutes", "Minutes", Kind.NUMBER, str(detail.minutes)),
            Ask(
                "owner_id",
                "Owner",
                Kind.FOUND,
                detail.owner.id if detail.owner else "",
                choices=(nobody, *((p.id, p.name) for p in detail.people)),
            ),
            Ask(
                "ci_id",
                f"Configuration item ({detail.ci_text})"
                if detail.ci_text
                else "Configuration item",
                Kind.FOUND,
                detail.ci.id if detail.ci else "",
                choices=(("", "none"), *((c.id, c.name) for c in detail.cis)),
            ),
            Ask("setting", "Setting changed on it", value=detail.setting),
            Ask("how", "How", Kind.TEXT, detail.how),
            Ask("people_notice", "What people will notice", value=detail.people_notice),
            Ask("after", "After (codes)", value=", ".join(detail.after), hint="7, 8"),
            Ask("undone_by", "Undone by (codes)", value=", ".join(detail.undone_by), hint="B8"),
            Ask("not_before", "Not before", value=_lock(detail, detail.not_before), hint=_LOCK),
            Ask("not_after", "Not after", value=_lock(detail, detail.not_after), hint=_LOCK),
            Ask("no_return", "Cannot be undone", Kind.TICK, "yes" if detail.no_return else ""),
            Ask(
                "do_not_disturb",
                "Do not disturb the owner meanwhile",
                Kind.TICK,
                "yes" if detail.do_not_disturb else "",
            ),
            Ask("why", "Why it is changed"),
        ),
        "Change it",
    )

    def answered(answers: Answers) -> None:
        def changed(undo: Undo) -> None:
            sheet.accept()
            on_undo(undo)

        try:
            changes = _changes(detail, answers)
        except BadInput as error:
            sheet.refuse(error.sentence)
            return
        if not changes:
            sheet.reject()
            return
        ops.run(
            edit_step,
            detail.step_id,
            changes,
            seen=detail.version,
            why=answers["why"],
            then=changed,
            failed=lambda error: refuse_in(sheet, error),
            owner=sheet,
        )

    sheet.answered.connect(answered)
    sheet.open()
    return sheet


def is_freeze(error: ConsoleError) -> bool:
    """It was refused only because the runbook is frozen and no reason was given."""
    return bool(error.about.get("frozen"))


def refuse_in(sheet: Sheet, error: ConsoleError) -> None:
    """Keeps what was typed; a freeze puts the cursor where the reason goes."""
    sheet.refuse(error.sentence)
    if is_freeze(error):
        sheet.turn_to("why")


def codes_in(text: str) -> list[str]:
    """`7, 8  B8` as codes, in the order typed."""
    return text.replace(",", " ").split()


def _lock(detail: StepDetail, moment: datetime | None) -> str:
    return as_of_the_night(moment, detail.flight_start, detail.zone) if moment else ""


def _moment(detail: StepDetail, text: str) -> datetime | None:
    return of_the_night(text, detail.flight_start, detail.zone) if text.strip() else None


def _changes(detail: StepDetail, answers: Answers) -> dict[str, object]:
    """Only what was really changed, so that the log says no more. Raises BadInput."""
    typed: dict[str, object] = {
        "title": answers["title"],
        "how": answers["how"],
        "people_notice": answers["people_notice"],
        "minutes": int(answers["minutes"]),
        "owner_id": answers["owner_id"],
        "ci_id": answers["ci_id"],
        "setting": answers["setting"],
        "after": codes_in(answers["after"]),
        "undone_by": codes_in(answers["undone_by"]),
        "not_before": _moment(detail, answers["not_before"]),
        "not_after": _moment(detail, answers["not_after"]),
        "no_return": bool(answers["no_return"]),
        "do_not_disturb": bool(answers["do_not_disturb"]),
    }
    was: dict[str, object] = {
        "title": detail.title,
        "how": detail.how.strip(),
        "people_notice": detail.people_notice.strip(),
        "minutes": detail.minutes,
        "owner_id": detail.owner.id if detail.owner else "",
        "ci_id": detail.ci.id if detail.ci else "",
        "setting": detail.setting.strip(),
        "after": list(detail.after),
        "undone_by": list(detail.undone_by),
        "not_before": detail.not_before,
        "not_after": detail.not_after,
        "no_return": detail.no_return,
        "do_not_disturb": detail.do_not_disturb,
    }
    return {name: value for name, value in typed.items() if value != was[name]}
