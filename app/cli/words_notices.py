"""What stands below the help of commands that write or check a notice."""

_KINDS = """\
Kinds: planned reminder started progress delayed extended all_clear partly_done backed_out
cancelled rescheduled change_summary; internal: kick_off crew_brief service_desk_brief monitoring
executive_digest.
"""
_VALUES = """\
--value gives what only a person knows, again for each: reason, progress, next_update (21:45, or
2025-01-10T21:45), new_date_by (2025-01-17), left_over (several apart by ;), data_loss, user_check,
desk_answer, note (of a reminder). What the console knows for certain stands. --attach may be given
again, too; the files are copied into the data folder. --send-as me: as yourself.

Example:
  flight-console notice OUT-2026-004 extended --value "reason=The vendor is late." --attach map.pdf
"""
NOTICE = (
    _KINDS
    + """\
Many recipients make several drafts: F, F-2 and so on. --dir writes all there is into D: the drafts,
the calendar hold, text and HTML, attached files, and manifest.json, which names them with their
hashes, whom they are for and why, and what the delivery comes to; the last is said on stderr, too.
Nothing is recorded; when it was sent, say so with `sent`, with the same values.
"""
    + _VALUES
)
LINT = (
    _KINDS
    + """\
Every rule of a good notice, worst first. Exits with 1 when one keeps it from leaving.
A FILE may begin with `Subject: ...`; what it is to be is told from its words (planned when
they say nothing), or by --kind. It is checked against the outage as it is now.

JSON (its shape stays; new keys may be added):
  [{"rule": "weekday_date", "severity": "block",
    "text": "“Thursday, January 10th” does not agree: that day is a Friday.",
    "from": 41, "to": 49, "fix": "Friday", "in": "text", "kind": "planned"}]
text is what is wrong; from and to count the characters of FILE, or of what `notice --text F`
writes (of the subject where "in" says so), and are null when something is missing. fix replaces
them, or is a sentence to add; null when only a person can mend it.

Example:
  flight-console lint --text draft.txt --outage OUT-2026-004 --json
"""
)
SENT = _KINDS + _VALUES
