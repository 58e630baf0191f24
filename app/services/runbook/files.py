"""Runbooks to files and back: YAML, CSV or Markdown, by the file's ending."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.models.errors import BadInput, NotFound
from app.models.ids import key_of
from app.models.runbook import RunbookTemplate
from app.models.runbook.comparing import Change, changes_between
from app.models.runbook.template_csv import read_csv, write_csv
from app.models.runbook.template_files import read_yaml, write_yaml
from app.models.runbook.template_markdown import read_markdown, write_markdown
from app.models.runbook.template_reading import Read
from app.models.tables.directory import ConfigurationItem
from app.services.runbook.applying import templates
from app.services.runbook.templates import keep_template, revisions_of
from app.services.uow import Undo, UnitOfWork

Form = TypeVar("Form")

MAX_BYTES = 5_000_000
_WRITE = {
    ".yaml": write_yaml,
    ".yml": write_yaml,
    ".csv": write_csv,
    ".md": write_markdown,
    ".markdown": write_markdown,
}
_READ = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".csv": read_csv,
    ".md": read_markdown,
    ".markdown": read_markdown,
}


@dataclass(frozen=True, slots=True)
class RunbookPreview:
    """What importing a file would do; `faults` stand in its way. `latest` is the revision there
    is (0: the runbook is new), `changes` how the file differs from it. `unknown_cis`, new in the
    file, are kept as words."""

    template: RunbookTemplate | None
    faults: tuple[str, ...] = ()
    latest: int = 0
    changes: tuple[Change, ...] = ()
    unknown_cis: tuple[str, ...] = ()

    @property
    def cis_words(self) -> str:
        """What no CI of the directory is called; empty when there is none."""
        if not self.unknown_cis:
            return ""
        named = ", ".join(f"“{name}”" for name in self.unknown_cis)
        return (
            f"No CI in the directory is called {named}: the words are kept, and each flight "
            "chooses its CI for them."
        )


def find_runbook(uow: UnitOfWork, name: str, revision: int | None = None) -> RunbookTemplate:
    """The latest revision, unless another is asked for. Raises NotFound naming those there are."""
    found = revisions_of(uow, name)
    if not found:
        names = ", ".join(template.name for template in templates(uow))
        raise NotFound(f"There is no runbook “{name}”. There are: {names}.")
    if revision is None:
        return found[-1]
    for template in found:
        if template.revision == revision:
            return template
    there = ", ".join(str(template.revision) for template in found)
    raise NotFound(f"“{found[-1].name}” has no revision {revision}; it has {there}.")


def runbook_text(template: RunbookTemplate, path: Path) -> str:
    """In the form the file's ending asks for. Raises BadInput for an ending we do not know."""
    return _by_ending(_WRITE, path)(template)


def read_runbook(path: Path) -> Read:
    """Every bad line of the file. Raises BadInput when it cannot be read at all."""
    reader = _by_ending(_READ, path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path.name} has over {MAX_BYTES // 1_000_000} MB; nothing was read.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as trouble:
        raise BadInput(f"{path.name} cannot be read ({trouble.strerror}).") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} is not UTF-8 text; save it as that. Nothing was read.") from (
            None
        )
    return reader(text)


def preview_runbook(uow: UnitOfWork, read: Read) -> RunbookPreview:
    if read.template is None:
        return RunbookPreview(None, read.faults)
    there = revisions_of(uow, read.template.name)
    known = {ci.key for ci in uow.all(ConfigurationItem)}
    known |= {key_of(part) for part in there[-1].ci_roles} if there else set()
    unknown = tuple(part for part in read.template.ci_roles if key_of(part) not in known)
    if not there:
        return RunbookPreview(read.template, unknown_cis=unknown)
    changes = changes_between(there[-1], read.template)
    return RunbookPreview(read.template, (), there[-1].revision, changes, unknown)


def import_runbook(uow: UnitOfWork, template: RunbookTemplate) -> Undo | None:
    """As the next revision of the organisation's runbook of that name; None when it differs in
    nothing from the latest. Raises BadInput."""
    there = revisions_of(uow, template.name)
    if there and not changes_between(there[-1], template):
        return None
    saved = keep_template(uow, template)
    uow.log(f"imported the runbook “{saved.name}”, revision {saved.revision}", saved)
    return uow.undo(f"importing the runbook “{saved.name}”")


def _by_ending(forms: dict[str, Form], path: Path) -> Form:
    found = forms.get(path.suffix.casefold())
    if found is None:
        raise BadInput(f"{path.name}: a runbook is a .yaml, .csv or .md file; nothing was done.")
    return found
