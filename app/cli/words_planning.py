"""What stands under `--help` of the commands that plan."""

PLAN = """\
It is planned as a draft; `advance OUTAGE planned` takes it through the conflict check. Runbooks:
"Storage firmware", "Network switch", "Application upgrade", "Server restart".
As in the window it is led by who is on duty, and each role falls to the free person with the
fewest off-hours of those who had it; why, and what a flight still lacks, is said on stderr.
"""
SERIES = """\
`series add` takes the options of `plan` and --every: “third Sunday”, “every 2 weeks on Tuesday”,
“last Friday”, “day 15”, or an RRULE such as FREQ=MONTHLY;BYDAY=3SU. The wall time stays when the
clocks change. Each date to come within 400 days becomes an outage, planned where nothing blocks
it; a date in a freeze is left out. `fill` goes on where time has passed (the window does so every
day). One flight is changed, moved or cancelled like any outage. JSON of `list`:
  [{"series": "SER-001", "title": "…", "rule": "third Sunday of the month",
    "dates": [{"due": "2027-01-17T02:00", "outage": "OUT-2027-004", "said": "planned",
               "moved": false, "note": ""}]}]
"""
CHECK = """\
It says by when the planned notice must leave; once that is over, on which date the window could
begin whose notice leaves today. last is null for --class urgent, first while there is time.

JSON:
  {"blocked": true,
   "conflicts": [{"severity": "block", "reason": "freeze", "sentence": "…"}],
   "notice": {"last": "2027-01-05T23:59:00-05:00", "late": true, "first": "2027-01-14"}}
"""
RECHECK = """\
Looks at every window to come as the calendar, the tree of items and the absences are now, and
lists what stands against one and did not when its outage was last changed, until it is gone or
accepted. The open window does so by itself. JSON:
  {"windows": 12, "new": [{"outage": "OUT-2027-004", "severity": "warn", "sentence": "…"}]}
"""
FREE = """\
Only windows without a single conflict, one a day, the nearest to --wish first (default: tomorrow
at 19:00); each says why it ranks where it does. Exits with 1 when there is none. JSON:
  [{"start": "2027-01-15T19:00-05:00", "end": "…", "zone": "America/New_York",
    "reasons": ["the window you asked for", "outside working hours", …]}]
"""
CALENDAR = """\
Those that start in the year where the organisation is; drafts are nobody's word yet and are left
out, cancelled ones say so. Without a file they are listed.
"""
OCCURRENCES = """\
Each time an event happens, between a year back and two years on; outages are not among them. Of a
whole day start and end are its midnights where the organisation is. JSON:
  [{"uid": "…", "title": "Payroll", "layer": "Payroll run", "start": "2027-01-15T00:00:00-05:00",
    "end": "…", "all_day": true}]
"""
ROTA = """\
From this month on. Without an act it is shown; exits with 1 when there are days without a
coordinator, or with two. `rota set "M. Okafor" "K. Ito" --every "every 2 weeks on Monday"`. JSON:
  {"rule": "every month", "until": "2027-12-31",
   "months": [{"month": "2027-01", "coordinator": "M. Okafor"}],
   "turns": [{"person": "M. Okafor", "first": "2027-01-01", "last": "2027-01-31"}],
   "troubles": [{"trouble": "nobody", "first": "2027-02-01", "last": "2027-02-03",
                 "people": [], "sentence": "…"}],
   "load": {"year": 2027, "weights": {"night": 100, "weekend": 125, "holiday": 200},
            "people": [{"person": "M. Okafor", "flights": 9, "quarters": [6.5, 0.0, 2.5, 0.0],
                        "year": 9.0, "planned": 3.0,
                        "hours": {"night": 4.0, "weekend": 4.0, "holiday": 0.0}}]}}
The load is of nights, weekends and public holidays; quarters, year and planned are weighted, hours
are not. --year chooses another. trouble is nobody, away or two; a month's coordinator is null where
nobody is. Both days are included.
"""
ABSENCE = """\
A day is 2027-01-15, included; with a time, 2027-01-15T13:00, by the clocks of the person's zone.
A CSV with the columns person, first, last, kind is read by `import`. Windows to come and the rota
are looked at again. What came from Outlook is listed, and changed there. JSON of `list`:
  [{"id": "…", "person": "K. Ito", "first": "2027-01-18", "last": "2027-01-22", "begins": null,
    "ends": null, "kind": "leave", "from_outlook": false}]
"""
HANDOVER = """\
The pack has the notes of whoever leaves, what is stuck and owed, the open outages and the next 30
days; until whoever comes acknowledges it, Today says so.
`--file F` writes everything (store and evidence) into one file that only its passphrase opens;
from then on this copy is for reading, until `--take-back`. `--open F` puts such a file in the place
of the store here, which is kept; nothing leaves from it until a person releases it. The passphrase
is asked for; without a terminal it is read from --passphrase-fd or FLIGHT_CONSOLE_PASSPHRASE. It is
no option, as everybody on the machine could read it there. No window may be open for `--open` and
`--take-back`.
"""
