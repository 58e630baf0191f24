"""What `--help` says below the options: the documentation of the commands."""

DESCRIPTION = """\
Lead scheduled IT outages from the annual calendar to the filed change record.
Without a command the console's window opens.

First flight:
  flight-console sample                      a hospital's IT to practise on
  flight-console plan --title "File cluster firmware" --service "File cluster" \\
      --start 2026-01-10T19:00 --end 2026-01-10T22:00 --zone America/New_York \\
      --runbook "Storage firmware"           prints the code, for instance OUT-2026-004
  flight-console check --service "File cluster" --start … --end … --zone …
  flight-console advance OUT-2026-004 planned
  flight-console notice OUT-2026-004 planned --eml planned.eml
  flight-console sent OUT-2026-004 planned --at 2025-12-31T09:00-05:00
  flight-console debt OUT-2026-004           what is still owed
"""
EPILOG = """\
`flight-console COMMAND --help` tells all about one command. --data may stand before or after it.

Times: a window is given in wall times (2026-01-10T19:00) with --zone; every other time, and
every time in JSON, is ISO 8601 with an offset.

JSON (--json): UTF-8 on standard output, its shape stays; new keys may be added. States: draft
planned announced go_no_go hold in_progress verifying backing_out complete partly_done backed_out
cancelled filed. Severities: block warn note.

Exit codes: 0 done; 1 the answer is no (check: blocked; doctor: something is wrong; fly: a stage
failed); 2 it could not be done, and one sentence on standard error says why; 130 stopped by you.
"""
FLY = """\
It is flown through the practice tenant, on a clock that is set on instead of waiting: notices leave
by mail, one is objected to and answered, the crew hears its times, the outage stands in the
calendar and is moved and extended there, the bridge is a Teams meeting. No message leaves this
machine. At the end it looks whether each message is in Sent Items once (sent_once), whether
calendar and store agree (calendar_true) and whether the meeting is locked (meeting_locked).

Prints `ok STAGE SEQ` after each committed stage (SEQ is the newest number of the log). Run again
on the same data it continues where it stopped, also in the middle of sending, and sends nothing
twice. Without --data its store, and what the practice tenant holds, are in DIR/data. Exits with 1
when a stage failed, and says which and why.
"""
DATABASE = """\
database check          where the store is, its version, rows, logs and evidence, each proven
database move URL       from the file in the data folder into that empty database
database move file      from the database back into a file
database use URL        this data folder, which has no store, uses the one that is there

URL is postgresql+psycopg://USER@HOST/DATABASE and never holds a password: --ask-password puts one
into the keyring of this machine, else libpq looks for it (its passfile ~/.pgpass, PGPASSWORD, a
certificate). Which database it is stands in database.json in the data folder. A move compares
every row and each log before it counts, keeps the old store under a name that says so, and is
refused while a window is open. Several consoles then share the store and its evidence. The
server's own backup (pg_dump) takes the place of backups, second folder, restore and sealed
hand-over; `backup FILE` writes a store in a file at any time.

check --json: {"place", "server", "revision", "rows": {table: n}, "logs": [{"organisation",
"entries", "head", "broken"}], "evidence": null or {"files", "bytes", "missing", "changed"}}; exits
with 1 when a log is broken or evidence is not as it was added.
"""
IMPORT = """\
A CSV is taken whole or not at all; each bad line and column is named. Its first line names the
columns: for people name, email, …; for services, CIs and audiences name, …; for absences person,
first, …; for steps code, title, …. An .ics becomes the layer NAME (default: the file's name) and
replaces what that layer held. A vendor's maintenance notice (MAINTNOTE, as .ics or .eml) becomes a
window on the calendar, or changes or cancels the one it is about; what it leaves out is said on
stderr. A URL (http, https, webcal) is read as an .ics and asked for again once a day, or now with
--refresh (of --layer alone).
"""
OUTAGES = """\
JSON:
  [{"code": "OUT-2026-004", "title": "…", "state": "planned",
    "start": "2026-01-10T19:00:00-05:00", "end": "2026-01-10T22:00:00-05:00",
    "zone": "America/New_York", "services": ["File cluster"]}]
"""
RUNBOOK = """\
runbook export NAME F [--revision N]    or: runbook export OUTAGE F --outage
runbook import F [--preview]            each bad line is named; exit 1: nothing was imported
runbook diff NAME [OLD [NEW]]           steps added, taken away, changed, moved

What was exported comes back exactly. Locks (not before, not after) are minutes from the window's
start. A file is a whole runbook, never a part: steps it does not name are taken away. The end of
F's name says which form: .yaml, .csv or .md.

Example:
  flight-console runbook export "Storage firmware" storage.yaml
"""
STEP = """\
`done` on a verify step means that it passed; `failed` and `not-tested` (with --note) leave it in
the way of the all-clear. A step that is an act (gate, notice, bridge,
all-clear) is done by doing the act: `advance`, `sent`, `bridge`.

`reason` with --note says afterwards why a step is blocked, or began after its lock.

A start too late to turn back, or of a step that cannot be undone, is a named decision:
--decided-by NAME --why TEXT. Another than the decision card names needs --instead T (or --why), and
log, report and Live mark it.

Example:
  flight-console step OUT-2026-004 8 start --decided-by "R. Vance" --why "the vendor is here"
"""
FORECAST = """\
end_high is kept in four of five flights (80 %), end_low in one of five. They come from the last
five flights of the same runbook; a step never flown is taken to need from a fifth less to half as
much again as planned.

JSON:
  {"outage": "OUT-2026-004", "state": "in_progress", "promised_end": "…", "end_low": "…",
   "end_likely": "…", "end_high": "…", "backout_moment": "2026-01-10T21:05:00-05:00",
   "backout_reason": null,
   "critical": ["7", "8"], "over_plan": [{"step": "7", "minutes": 12}],
   "steps": [{"code": "8", "title": "…", "state": "todo", "start": "…", "end": "…",
              "slack_minutes": 15, "late": false}]}
backout_moment is null once a step that cannot be undone is begun; backout_reason then says since
when and which: "past no return since 20:14 (step 7)". It is null as long as there is a moment.
slack_minutes is null once a step is done; late: it cannot start by its lock. Its shape stays; new
keys may be added.

Example:
  flight-console forecast OUT-2026-004 --json
"""
BRIDGE = """\
open   Where no line is noted (or with --teams) and there is an account, a Teams meeting is asked
       for; it is opened once it is there, else asked for again by the next `open`. A meeting that
       was closed is never opened again: a new one is. --line notes a conference line and opens it.
close  A line: --proof says how it was seen that it is closed. A Teams meeting is closed in five
       steps, in this order; the third, its calendar entry, the console settles with the lock:
         --farewell T     what was said in the meeting; then the console locks the lobby
         --locked T       only where it could not: locked by hand, and how that was seen
         --ended-by NAME  the organiser pressed "End meeting"; nothing else removes those inside
         --proof T        the link was tried, or the attendance report read, or it stays in use
       One command may give several. As long as one lacks, the next is named and the exit is 1.

The bridge step of the runbook is done with it.
"""
ADVANCE = """\
States and what their gates ask for:
  planned      no blocking conflict, or --waive REASON=T (the reasons are those of `check --json`)
  announced    is what `sent OUTAGE planned` makes it
  go_no_go     opens the go/no-go
  hold         waits, until the latest start
  in_progress  every criterion met, or --waive CRITERION=T (steps_done backup_verified
               undo_ready owners_reached checker_reached desk_briefed monitoring_briefed
               bridge_open packet_current vendor_case objections_decided new_time_told); also
               back from verifying
  verifying    every step of the window done; with --why the rest is left out
  complete     the all-clear: every check passed or --waive STEP=T; --user-check T, or
               --user-check-due ISO; --data-loss T (or: none)
  partly_done  the same, with --why: what is done and what is not
  backing_out  --why; once a step that cannot be undone is begun also --decided-by
  backed_out   every step undone and checked, or --waive STEP=T; --user-check, --data-loss
  cancelled    --why: "postponed, new date by January 17th" or "dropped"
  filed        nothing owed (`debt`); --user-check T settles a check promised for later
Where the decision card names somebody, --decided-by NAME says who decided (a part of the name will
do). Another than the card names needs --instead T, why they; log, report and Live mark it.

Example:
  flight-console advance OUT-2026-004 in_progress --waive packet_current="printer is broken"
"""
MOVE = """\
Who was told is said first. Confirmations, checker, roll call, packet and waiting notices are void
and asked again; the rescheduled notice is owed to everyone ever told. Wall times count in --zone.

Example:
  flight-console move OUT-2026-004 --start 2026-01-17T19:00-05:00 --end 2026-01-17T22:00-05:00 \\
      --why "the vendor is late"
"""
CANCEL = """\
Who was told is said first. What waits does not leave; the cancelled notice is owed to everyone ever
told. Within four hours of the start a call list opens (`called`). People read "postponed, new date
by …" with --new-date-by, else "dropped".

Example:
  flight-console cancel OUT-2026-004 --why "the vendor is late" --new-date-by 2026-01-17
"""
OBJECTION = """\
With --why it is noted and blocks GO. --decide keep, move or exclude needs --answer; talk leaves it
open. The answer goes to who wrote, or to the person of the directory called NAME; of anybody else a
call is owed (`called`). --told: they were told by phone, and no mail is sent.
Exclude leaves them out of whom it is told to, or --without WHO, a department or an address; whoever
was told already still hears of every change.

Example:
  flight-console objection OUT-2026-004 --from Moreau --why "we run CT scans that night"
  flight-console objection OUT-2026-004 --from Moreau --decide keep --answer "CT goes on"
"""
NEW_DATE = """\
“We will announce a new date by …” is owed until a flight that flies it again is announced. Where
none does, as it was dropped or told by phone, this says what people heard in its place.

Example:
  flight-console new-date OUT-2026-004 --told "dropped: the vendor mends it remotely"
"""
ROLLCALL = """\
Called are those who own a step, the coordinator, the deputy and the checker, from the time the
outage is announced; --add takes somebody who came late. A NO-GO needs --why. The last answer of a
name counts; a GO against a NO is a named decision (`advance OUTAGE in_progress --decided-by NAME`).

Example:
  flight-console rollcall OUT-2026-004 ito no-go --why "no spare disk"
"""
TIMES = """\
Everybody with a step but the coordinator, as forecast now: ready–free, what is to be said (times,
moved, free; later: not to be disturbed now; nothing), and what they were told last.

JSON: code, moved_by_minutes (the policy's), saved_minutes (null before the start), people
[{"name", "be_ready", "free" (null: nothing is left for them), "say", "told", "told_at"}].
"""
CREW = """\
--serve, the first time, makes a link for everybody with a step; it prints them all and serves the
board at an address of this computer (127.0.0.1: this computer only) until Ctrl+C; the links stand
until then and after. Without --certificate it shows one made here, whose SHA-256 fingerprint
stands on stderr; with --public it answers a reverse proxy on 127.0.0.1, unencrypted.

list  who has which link, and who opened it       revoke NAME  it opens nothing from now on
off   every link is revoked                       renew NAME   another in its place, or a first
by-phone, by-mail NAME  they report so, and the GO does not wait for them; on-board NAME: it does
NAME is a person’s, or observers, or “people who are told” (the status page).

JSON: code, on, served, links [{"kind" (crew, observer, status), "name", "steps", "link",
"opened_at", "heard_at", "reports_by" (phone, mail, null), "missing" (red at the GO), "ends_at"}],
without (people with a step and no link).
"""
EXTEND = """\
The extended notice is then owed to everyone told. Where the decision card names somebody for an
extension of that length, --decided-by NAME says who decided; another than the card names needs
--instead T, and is marked.
--preview says what the new end would mean, and changes nothing: forecast, back-out moment, who
decides, conflicts, rest, the morning after, what to say; without --end, of the end to propose.

Example:
  flight-console extend OUT-2026-004 --end 2026-01-10T22:30-05:00 --why "the disk is slow"
"""
PAPER = """\
A line a step: code, start, end, initials, then what else was noted:
  7 1954 2012 ki
  8 20:15 - ki            still running
  9 2040 2055 ki failed: nobody can log in
What contradicts the board, or the order of steps, is shown and left out; --take CODE says that the
paper is right about that step. The rest is entered as one act. Exit 1: some lines were left out.
A late start on it is a named decision: --decided-by NAME (and --instead T, as with `step`).

Example:
  flight-console paper OUT-2026-004 ticks.txt --preview
"""
CALLED = """\
Cancelling less than four hours ahead opens a call list, and who objected and has no address is told
by phone how it was decided; `debt` names who is still to be called.
NAME may be a part of it.
"""
AUDIENCE = """\
Without an option it lists everyone who would be told, with the reason that stands in the notice.
--opt-out is for all outages; --add for this one also tells who opted out. Who was told already
hears how it goes on, whatever is said here. What is not to be read by everybody, such as a security
patch, is kept off the status page and the calendar for others.

JSON:
  {"outage": "OUT-2026-004", "dependents": false, "on_status_page": true, "people": 1240,
    "recipients": [{"name": "…", "email": "…", "list": true, "size": 1240,
      "why": "because you use PACS"}],
    "without": [{"name": "…", "email": "…", "why": "…"}], "faults": ["…"]}
"""
DEBT = """\
Exits with 0 also when something is owed.

JSON:
  [{"outage": "OUT-2026-004", "kind": "planned", "audience": ["users@hospital.example"],
    "count": 1, "since": "2025-12-19T09:00:00-05:00", "due": "2025-12-19T09:00:00-05:00",
    "last_possible": "2025-12-31T09:00:00-05:00", "sentence": "…", "why": "…"}]
kind is that of a notice, or one of bridge packet change_record user_check step reply decision
call; due and last_possible may be null; audience is empty when it counts more than 50.
"""
OUTBOX = """\
JSON:
  [{"id": "…", "kind": "notice", "notice": "planned", "outage": "OUT-2026-004", "subject": "…",
    "state": "waiting", "standing": "to_leave", "attempts": 0,
    "not_before": "2025-12-31T14:00:00.000000Z", "last_answer": "", "sender": "…",
    "recipients": 1240, "messages": 3, "left": 0}]
kind: notice answer event meeting; state: waiting held leaving attention exported drafted deferred
sent void; standing: attention leaving to_leave left.
"""
SYNC = """\
One process sends at a time: an open window does it by itself. Exits with 1 when somebody has to
sign in, the network is away, or something needs attention (`outbox` says what).
"""
STATUS_PAGE = """\
Planned outages to come, in progress and of the last 90 days, as notices that left told people of
them: index.html, status.json, rss.xml and atom.xml, only those that changed. No draft, title or
code is on it, no name of a person or a machine. A folder chosen in Settings is kept so by itself.

Example:
  flight-console status-page /srv/status --address https://status.example/
"""
CHANGES = """\
`changes OUTAGE` lists those of an outage, `changes --ci NAME` those of a CI. With NUMBER that
record of the outage is reviewed: what is not given stays as it was drafted from the step.

Example:
  flight-console changes --ci SAN-01 --json

JSON (its shape stays; new keys may be added):
  [{"outage": "OUT-2026-004", "number": 1, "ci": "SAN-01", "step": "8 …", "setting": "…",
    "before": "…", "after": "…", "evidence": "…",
    "files": [{"name": "shot.png", "sha256": "32 digits of it"}],
    "by": "…", "at": "2026-01-10T20:10:00-05:00",
    "external_number": "", "people_notice": "", "reviewed": false}]
"""
REPORT = """\
Drafted from the log: planned against actual, decisions, notices with their lead times, who was
called up, changes, the morning list. Several forms may be asked for at once. --lessons lists how
long steps really took and which were missing; --carry-back makes that the runbook's next revision.

Example:
  flight-console report OUT-2026-004 --html report.html --pdf report.pdf --md report.md
"""
KPI = """\
Example:
  flight-console kpi --from 2026-01-01 --to 2026-03-31 --pdf quarter.pdf

Counts the outages whose window began in the period and that have ended. On time: by the end first
announced. Estimates count the steps whose start and end were noted; off-hours are counted as `rota`
does (nights, weekends, public holidays), in minutes and unweighted.

JSON (its shape stays; new keys may be added): from, to, flown, cancelled, on_time promise_kept
change_success notices_in_time (each {"good": 9, "of": 10, "share": 0.9}, share null where there was
nothing to count), extensions, backed_out, standby_saved {minutes, of}, called_up,
days_since_called_up (null: nobody ever was),
months [the same per month],
estimates [{runbook, flights, steps, taken_over_planned, mean_error}],
off_hours [{who, flights, minutes}].
"""
DIGEST = """\
The outages whose window begins in the period, how they went, and those of the next four weeks. It
goes to the audience “IT leaders”, else to those with that role; nothing is sent by itself.

Example:
  flight-console digest --from 2026-01-01 --to 2026-01-31 --dir digest
"""
LOG = """\
JSON:
  [{"number": 12, "at": "2026-01-11T00:00:00.000000Z", "who": "…", "via": "", "what": "…",
    "kind": "…", "strikes": null, "previous_hash": "…", "hash": "…", "entry": {…}}]
hash is the SHA-256, in hexadecimal, of previous_hash, a line feed and entry written as JSON with
sorted keys and no spare blanks, all in UTF-8.
"""
RESTORE = """\
The old store is kept aside, and its new name printed. A restored store starts with nothing
leaving. Close the window and end `crew --serve` first.
"""
ACCOUNT = """\
Profiles: none (notices leave as files), practice (a Microsoft 365 of our own on this machine),
microsoft (needs --tenant and --client-id; README says how to register the app). Another profile,
tenant or app signs you out. --calendar looks for the calendar in Outlook, so sign in first.

JSON: profile, cloud, tenant, client_id, shared_mailbox, calendar, signed_in_as (empty: nobody),
scopes [{name, purpose, granted}], missing [{feature, words, scopes, without}],
tokens {kept, place}, notes.
"""
PRACTICE = """\
Only this machine reaches it. What is in it stays in the data folder for the next time.

SPEC is a list of faults parted by commas: KIND[=VALUE][:ROUTE][#NTH][@SHARE]
  429:send              the next send is throttled, once
  503=2.5@0.05          five in a hundred requests fail, try again after 2.5 s
  reset-after:create    the draft is made, then the connection is cut
  latency=200ms:*#*     every request waits
Kinds: 429 503 504 401 claims 410 html reset-before reset-after half trickle latency hint.
"""
TAKEOVER = """\
The copy in FOLDER becomes the store here; a store that is here is kept beside it. It says up to
which minute it knows, raises the epoch, and holds what waited to leave until you release it.

Without FOLDER it lists what the other console recorded after that, to be typed in here, and exits
with 1 when there is something. It is never merged.

JSON:
  [{"number": 412, "at": "2025-01-11T00:14:00.000000Z", "outage": "OUT-2025-004",
   "who": "…", "what": "…"}]
"""
REHEARSE = """\
The store is copied into a data folder of its own, in which the clock begins 35 minutes before the
window and runs N times as fast, for the window and for every command with that --data. Nothing
leaves this machine: what waited is held, and notices, calendar and bridge go through the practice
tenant. An outage that is over begins anew there. By default it begins at the gate: what was due
before is taken as told and printed. With --begin plan all of that is still to do.

With --learnt it lists how long steps really took and which were missing, and exits with 1 when
there is something; --carry-back makes it the next revision of the runbook.

Example:
  flight-console rehearse OUT-2026-004 --speed 60
"""
