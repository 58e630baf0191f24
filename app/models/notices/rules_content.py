"""Lint rules about what: audience, service, impact, what to do, whom to tell, plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.models.notices import wording
from app.models.notices.fields import LABELS
from app.models.notices.forwarding import FORWARD_LINE, NOTE_WORDS
from app.models.notices.kinds import NoticeKind
from app.models.notices.reading import Finding, Reading
from app.models.severity import Severity

K = NoticeKind
_ANNOUNCES = {K.PLANNED, K.RESCHEDULED}
_NAMES_ALSO = {*_ANNOUNCES, K.CANCELLED, K.STARTED, K.DELAYED, K.EXTENDED, K.PROGRESS}
_ENDED = {K.ALL_CLEAR, K.PARTLY_DONE, K.BACKED_OUT}
# every repetition is bounded: the lint runs at each keystroke, over whatever was pasted
_PLACEHOLDER = re.compile(
    r"\[[^\]\n\d][^\]\n]{1,60}\]|\{\{.*?\}\}|\{%.*?%\}|\b(?:TBD|TBC|TBA|TODO|N\.N\.)\b"
    r"|\bX{3,}\b|_{3,}|\?{3,}|\blorem ipsum\b|<(?!https?:|mailto:|tel:)[A-Za-z][\w ]{1,40}>"
)
_IMPACT = re.compile(
    r"off-?line|unavailable|not (?:be )?(?:available|reachable|work)|cannot|can['’]t|no access"
    r"|will not|won['’]t|interrupt|slow|lose|\bdown\b|disconnect|read-only",
    re.IGNORECASE,
)
_ACT = re.compile(
    r"\b(?:save|close|log (?:out|off)|sign (?:out|off)|finish|print|download|copy|send|submit"
    r"|switch|shut|stop|back up|complete|leave|do)\b[^.!?]{0,200}\b(?:before|by|until|first)\b"
    r"|\bbefore\b[^.!?]{0,200}\b(?:save|close|log|sign|finish|print|download|copy|send|stop)\b",
    re.IGNORECASE,
)
_LOSS = re.compile(
    r"\bdata\b[^.!?\n]{0,120}\blo(?:st|ss)\b|\blo(?:st|ss)\b[^.!?\n]{0,120}\bdata\b"
    r"|\bnothing (?:was|has been|is) lost\b",
    re.IGNORECASE,
)
_NO_LOSS = re.compile(
    r"\bno data\b[^.!?\n]{0,120}\blost\b|\bno data loss\b|\bnothing (?:was|has been|is) lost\b"
    r"|\bdata loss: none\b|\bno loss of data\b",
    re.IGNORECASE,
)
_NOT_HAD = re.compile(
    r"\b(?:not|n['’]t|without|later|another time)\b[^.!?]{0,80}\b(?:have|get|see|yet|done|new)\b"
    r"|\bnot (?:done|in place) (?:this time|yet)\b|\bkeeps? the old\b|\bnothing new\b",
    re.IGNORECASE,
)
_AS_BEFORE = re.compile(
    r"(?<!not )\b(?:everything|all|nothing) is (?:as (?:it was )?before|different)\b", re.IGNORECASE
)
_NOTHING_CHANGED = re.compile(
    r"\bnothing (?:(?:has|is|was) )?(?:changed|different)\b|\bas (?:it was )?before\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w.-]+")
_DIGIT, _NUMBERS = re.compile(r"\d"), re.compile(r"[\d.]+")
_HOST = re.compile(  # an address, a name with two dots, or letters that end in a number
    r"(?:\d{1,3}\.){3}\d{1,3}|[\w-]+(?:\.[\w-]+){2,}"
    r"|[a-z]{2,}[a-z0-9]*(?:[-_][a-z0-9]+)*[-_]?\d{1,4}[a-z]?",
    re.IGNORECASE,
)
_HOST_LENGTH = 80  # longer runs are no names, and slow to look at
_DEAD_END = re.compile(r"^(?:no-?reply|do-?not-?reply)@", re.IGNORECASE)
_MAIL = re.compile(r"^[^@\s]+@(?:[\w-]+\.)+[\w-]{2,}$")


def filled_in(r: Reading) -> Iterator[Finding]:
    for text, in_subject in ((r.text, False), (r.subject, True)):
        for match in _PLACEHOLDER.finditer(text):
            if r.kind in _ENDED and match.group() == f"[{LABELS['data_loss']}]":
                continue  # said once, by its own rule
            sentence = f"“{match.group()}” is not filled in."
            fix, span = _given(r, match.group()), match.span()
            yield Finding("placeholder", Severity.BLOCK, sentence, span, fix, in_subject)


def _given(r: Reading, placeholder: str) -> str | None:
    """What the facts say of the field whose label it is."""
    label = placeholder.strip("[]").casefold()
    said = [value for name, value in r.values.items() if LABELS[name].casefold() == label]
    return next((v for v in reversed(said) if isinstance(v, str) and v.strip()), None)


def subject_said(r: Reading) -> Iterator[Finding]:
    if not r.subject.strip():
        yield Finding("subject", Severity.BLOCK, "The subject is empty.", in_subject=True)
        return
    folded = r.subject.casefold()
    names = [wording.in_sentence(s).casefold() for s in r.facts.services]
    if r.kind.to_people and names and not any(name in folded for name in names):
        sentence = "The subject does not name the service."
        yield Finding("subject", Severity.WARN, sentence, in_subject=True)


def audience_said(r: Reading) -> Iterator[Finding]:
    if r.kind.internal or r.kind is K.REMINDER:
        return
    if not r.facts.audiences:
        sentence = "Nobody is told: give the service an audience."
        yield Finding("audience", Severity.BLOCK, sentence)
        return
    missing = [a for a in r.facts.audiences if not r.says(wording.in_sentence(a))]
    if missing:
        severity = Severity.BLOCK if r.kind in _ANNOUNCES else Severity.WARN
        fix = f"{r.values['audience_line']},"
        sentence = f"It does not say whom it is for: {wording.say_list(missing)}."
        yield Finding("audience", severity, sentence, fix=fix)


def service_said(r: Reading) -> Iterator[Finding]:
    if r.kind in {K.CREW_BRIEF, K.MONITORING}:
        return
    if not r.facts.services:
        yield Finding("service", Severity.BLOCK, "No service is named in this outage.")
    elif r.missing_services:
        every = len(r.missing_services) == len(r.facts.services)
        names = wording.say_list(r.missing_services)
        severity = Severity.BLOCK if every or r.kind is K.REMINDER else Severity.WARN
        fix = f"Affected: {names}."
        yield Finding("service", severity, f"It does not name {names}.", fix=fix)


def also_said(r: Reading) -> Iterator[Finding]:
    """Who is told because their service rests on it reads that it is affected."""
    also = r.facts.also_affected
    if r.kind not in _NAMES_ALSO | _ENDED or not also:
        return
    if not any(r.says(wording.in_sentence(name)) for name in also):
        names = r.values["also_affected"]
        sentence = f"Users of {names} read this, too, and it does not name what they lose."
        yield Finding("also", Severity.WARN, sentence, fix=f"Also affected: {names}.")


def impact_said(r: Reading) -> Iterator[Finding]:
    if r.kind not in _ANNOUNCES:
        return
    given = r.facts.impact.strip()
    if given and r.says(given):
        return
    if not _IMPACT.search(r.text):
        sentence = "It does not say what people will be without."
        yield Finding("impact", Severity.BLOCK, sentence, fix=given or None)


def before_said(r: Reading) -> Iterator[Finding]:
    if r.kind not in _ANNOUNCES:
        return
    given = r.facts.before.strip()
    if (given and r.says(given)) or _ACT.search(r.text):
        return
    if given:
        fix = f"{given} before {r.values['start']}."
        sentence = f"It does not say what to do before: {given.lower()}."
        yield Finding("before", Severity.BLOCK, sentence, fix=fix)
    else:
        yield Finding("before", Severity.NOTE, "“What to do before” is empty.")


def meanwhile_said(r: Reading) -> Iterator[Finding]:
    if r.kind not in {*_ANNOUNCES, K.STARTED, K.EXTENDED}:
        return
    given = r.facts.workaround.strip()
    if not given:
        if "meanwhile" not in r.folded:
            sentence = "“What you can do meanwhile” is empty, so its sentence is left out."
            yield Finding("meanwhile", Severity.NOTE, sentence)
    elif not r.says(given) and "meanwhile" not in r.folded:
        sentence = "It does not say what people can do meanwhile."
        fix = f"What you can do meanwhile: {given}"
        yield Finding("meanwhile", Severity.WARN, sentence, fix=fix)


def objection_route(r: Reading) -> Iterator[Finding]:
    """A way to object that works: an address that is read, a number, a page."""
    if r.kind not in {*_ANNOUNCES, K.EXTENDED}:
        return
    severity = Severity.WARN if r.kind is K.EXTENDED else Severity.BLOCK
    working = 0
    for contact in r.contacts:
        dead = _DEAD_END.match(contact) is not None
        broken = "@" in contact and _MAIL.match(contact) is None
        if dead or broken:
            why = "nobody reads it" if dead else "it is no whole mail address"
            at = r.text.find(contact)
            sentence = f"“{contact}” is no route to object: {why}."
            yield Finding("objection", severity, sentence, (at, at + len(contact)))
        else:
            working += 1
    given = r.facts.objection_route.strip()
    if not working and not r.contacts and not (given and r.says(given)):
        sentence = "It does not say how to object: give an address or a number."
        yield Finding("objection", severity, sentence, fix=given or None)


def plain_words(r: Reading) -> Iterator[Finding]:
    """No host names and no configuration item names in what people outside IT read."""
    if r.kind.internal:
        return
    f = r.facts
    allowed = " ".join(
        (*f.services, *f.also_affected, *f.audiences, f.code, f.organisation)
    ).casefold()
    text = r.without_addresses
    folded = text.casefold()
    taken: set[tuple[int, int]] = set()
    for name in f.cis:
        if (said := name.casefold()) not in folded or said in allowed:
            continue  # of hundreds hardly one is named
        if re.search(r"[\d._-]", name):
            whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
            taken |= {match.span() for match in re.finditer(whole, text, re.IGNORECASE)}
    items = tuple(taken)
    for match in _WORD.finditer(text):
        word = match.group().rstrip(".-")
        if len(word) > _HOST_LENGTH or not (_DIGIT.search(word) or word.count(".") > 1):
            continue
        dated = _NUMBERS.fullmatch(word) and word.count(".") < 3  # 10.01.2025, 2.4.1
        named = any(start <= match.start() < end for start, end in items)
        known = named or word.casefold() in allowed
        if not (dated or known) and _HOST.fullmatch(word):
            taken.add((match.start(), match.start() + len(word)))
    instead = wording.say_list(wording.with_the(s) for s in f.services)
    for span in sorted(taken):
        word = text[span[0] : span[1]]
        sentence = f"“{word}” looks like a host name; people know it as {instead}."
        yield Finding("host_name", Severity.WARN, sentence, span, instead or None)


def reminder_note(r: Reading) -> Iterator[Finding]:
    if r.kind is not K.REMINDER:
        return
    count = len(r.text.split())
    if count > NOTE_WORDS:
        sentence = f"The note has {count} words; at most {NOTE_WORDS} are read."
        start = [m.start() for m in re.finditer(r"\S+", r.text)][NOTE_WORDS]
        yield Finding("note_length", Severity.BLOCK, sentence, (start, len(r.text.rstrip())))
    if FORWARD_LINE not in r.whole:
        sentence = "A reminder is the original notice forwarded with the note on top."
        yield Finding("forwarded", Severity.WARN, sentence)


def data_loss_said(r: Reading) -> Iterator[Finding]:
    if r.kind not in _ENDED:
        return
    values = r.values
    given = str(values["data_loss"])
    fix = "No data was lost." if values["no_data_loss"] else f"Data loss: {given}."
    no_loss = _NO_LOSS.search(r.text)
    if not given:
        sentence = "State the data loss, or “none”."
        yield Finding("data_loss", Severity.BLOCK, sentence)
    elif not _LOSS.search(r.text) and no_loss is None:
        sentence = "It does not say whether data was lost."
        yield Finding("data_loss", Severity.BLOCK, sentence, fix=fix)
    elif no_loss is not None and not values["no_data_loss"]:
        sentence = f"It says that nothing was lost, but the record says: {given}."
        yield Finding("data_loss", Severity.BLOCK, sentence, no_loss.span(), fix)


def stays_said(r: Reading) -> Iterator[Finding]:
    """Turned back, what could not be put back is named, and nobody reads that all is as before."""
    if r.kind is not K.BACKED_OUT:
        return
    for line in r.facts.stays_changed:
        if not r.says(line):
            sentence = f"It does not say what stays changed: {line}."
            yield Finding("stays_changed", Severity.BLOCK, sentence, fix=f"- {line}")
    if r.facts.stays_changed and (match := _AS_BEFORE.search(r.text)):
        sentence = "It says that all is as before, but something stays changed."
        yield Finding("stays_changed", Severity.BLOCK, sentence, match.span())


def not_had_said(r: Reading) -> Iterator[Finding]:
    """What people were to have and do not have yet: no step says so, only who flew it can."""
    if r.kind not in (K.PARTLY_DONE, K.BACKED_OUT):
        return
    for line in r.facts.left_over:
        if not r.says(line):
            yield Finding("left_over", Severity.WARN, f"It leaves out: {line}", fix=f"- {line}")
    if not r.facts.left_over and not _NOT_HAD.search(r.text):
        sentence = "It does not say what people will not have yet."
        yield Finding("left_over", Severity.WARN, sentence)


def summary_lists(r: Reading) -> Iterator[Finding]:
    if r.kind is not K.CHANGE_SUMMARY:
        return
    lines = [line for line in r.text.splitlines() if re.match(r"\s*(?:[-•*]|\d+\.)\s+\S", line)]
    said = bool(lines) or (r.facts.as_before and _NOTHING_CHANGED.search(r.text) is not None)
    if not r.facts.changes and not said:
        sentence = "It lists nothing that people will notice."
        yield Finding("changes", Severity.BLOCK, sentence)
    if many := r.facts.unreviewed:
        records = "1 change record is" if many == 1 else f"{many} change records are"
        sentence = f"{records} not reviewed yet; what people will notice is told from them."
        yield Finding("unreviewed", Severity.WARN, sentence)
    for change in r.facts.changes:
        if not r.says(change):
            sentence = f"It leaves out: {change}"
            yield Finding("changes", Severity.WARN, sentence, fix=f"- {change}")


def cancelled_says_next(r: Reading) -> Iterator[Finding]:
    if r.kind is not K.CANCELLED:
        return
    f = r.facts
    if f.postponed and f.new_date_by is None:
        yield Finding("new_date", Severity.BLOCK, "Say by when the new date will be announced.")
    elif f.new_date_by is not None and f.postponed and not r.says_date(f.new_date_by):
        words = wording.say_date(f.new_date_by)
        fix = f"We will announce a new date by {words}."
        yield Finding(
            "new_date", Severity.BLOCK, "It does not say by when a new date comes.", fix=fix
        )
    elif not f.postponed and not re.search(r"dropped|no new date|for good|not be held", r.folded):
        fix = "It is dropped; no new date is planned."
        sentence = "It does not say whether it is postponed or dropped."
        yield Finding("new_date", Severity.BLOCK, sentence, fix=fix)


def brief_complete(r: Reading) -> Iterator[Finding]:
    """Internal notices: what each reader cannot do without."""
    f = r.facts
    wanted: dict[NoticeKind, tuple[tuple[object, str, Severity], ...]] = {
        K.KICK_OFF: (
            (f.confirm_by, "Say by when to confirm.", Severity.BLOCK),
            (f.confirm_to, "There is no address to confirm to.", Severity.BLOCK),
        ),
        K.CREW_BRIEF: (
            (f.crew_steps, "It lists no steps.", Severity.BLOCK),
            (f.bridge, "It does not say which bridge to join.", Severity.BLOCK),
            (f.be_ready, "It does not say when to be ready.", Severity.WARN),
            (f.coordinator_phone, "It gives no phone of the coordinator.", Severity.WARN),
        ),
    }
    if f.ended_at is None and not f.not_held:
        wanted[K.DIGEST] = ((f.decides, "It does not say who decides.", Severity.WARN),)
        wanted[K.MONITORING] = (
            (f.suppress_from, "It does not say from when to suppress.", Severity.BLOCK),
            (f.suppress_to, "It does not say when to switch on again.", Severity.BLOCK),
            (f.suppress_cis, "It does not say what to suppress.", Severity.BLOCK),
        )
        wanted[K.SERVICE_DESK_BRIEF] = (
            (f.callers_say, "It does not say what callers will say.", Severity.BLOCK),
            (f.desk_answer, "It does not say what to answer.", Severity.BLOCK),
        )
    for value, sentence, severity in wanted.get(r.kind, ()):
        if not value:
            yield Finding("brief", severity, sentence)


RULES = (
    subject_said,
    filled_in,
    audience_said,
    service_said,
    also_said,
    impact_said,
    before_said,
    meanwhile_said,
    objection_route,
    plain_words,
    reminder_note,
    data_loss_said,
    stays_said,
    not_had_said,
    summary_lists,
    cancelled_says_next,
    brief_complete,
)
