"""What stands under `--help` of the commands that ask people and note what they say."""

EVENT = """\
Times are wall times where the organisation is; of days both are included. What is typed lies in a
layer of its own, which no import replaces. JSON of `list`:
  [{"id": "…", "title": "Payroll", "layer": "Business events", "first": "2027-03-03",
    "last": "2027-03-03", "all_day": true, "repeats": "", "who": "R. Vance", "asked": "…"}]

Example:
  flight-console event add "Accreditation audit" --from 2027-03-03 --to 2027-03-05 --who "R. Vance"
"""
OUTREACH = """\
Once a year, and before each quarter, each department head is asked once what must not be disturbed.
`send` puts a mail to each into the outbox, which the open window or `sync` sends; whoever is asked
otherwise is noted with `asked`. `put-off` has Today ask for a round later, or not at all. `event`
needs --from where their answer does not name one day or one span that leaves nothing to guess.
JSON of `list`:
  [{"period": "2027", "answers_by": "2026-12-14",
    "asks": [{"name": "R. Vance", "department": "Payroll", "state": "answered",
              "asked_on": "2026-11-30", "answer": "Audit 3 to 5 March"}]}]
States: not_sent leaving waiting overdue answered event.

Example:
  flight-console outreach start 2027 --by 2026-12-14
  flight-console outreach answer 2027 Vance "Audit 3 to 5 March"
  flight-console outreach event 2027 Vance
"""
KICK_OFF = """\
Without a name: who was asked and what they answered, and whose mails wait. With a name alone the
mail of that person is recorded. JSON:
  {"asked": [{"person": "K. Ito", "what": "crew", "answer": "yes", "why": "", "voided": false}],
   "by_mail": [{"person": "R. Vance", "answer": "cannot", "why": "on leave"}]}
answer is yes, no, cannot, or null while there is none.

Example:
  flight-console kickoff OUT-2026-004 Ito cant --why "on leave"
"""
