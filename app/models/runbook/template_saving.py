"""A template as plain mappings, to be stored and read again by `template_from_mapping`."""

from __future__ import annotations

from app.models.runbook.templates import RunbookTemplate, TemplateStep

_PLAIN = TemplateStep("", "", 0)
_TEXTS = ("how", "role", "ci", "setting", "people_notice", "notice")
_FLAGS = ("no_return", "do_not_disturb")
_CODES = ("after", "undone_by")


def mapping_of(template: RunbookTemplate) -> dict[str, object]:
    """Only what differs from a plain step is written down."""
    return {
        "name": template.name,
        "revision": template.revision,
        "service_kind": template.service_kind,
        "summary": template.summary,
        "steps": [_step(step) for step in template.steps],
    }


def _step(step: TemplateStep) -> dict[str, object]:
    made: dict[str, object] = {"code": step.code, "title": step.title, "minutes": step.minutes}
    for name in (*_TEXTS, *_FLAGS):
        if getattr(step, name):
            made[name] = getattr(step, name)
    for name in _CODES:
        if getattr(step, name):
            made[name] = list(getattr(step, name))
    if step.phase is not _PLAIN.phase:
        made["phase"] = step.phase.value
    if step.kind is not _PLAIN.kind:
        made["kind"] = step.kind.value
    for name in ("not_before", "not_after"):
        if getattr(step, name) is not None:
            made[name] = getattr(step, name)
    if step.bridge is not None:
        made["bridge"] = step.bridge.value
    return made
