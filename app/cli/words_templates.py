"""What stands below `template --help`."""

TEMPLATE = """\
template list                             whose words each kind begins with
template show KIND [--outage OUTAGE]      the source; or what would leave of that outage
template save KIND F                      the file (or -) becomes the next revision
template history KIND                     who saved what, newest first
template diff KIND [OLD [NEW]]            line by line; 0 is the built-in
template restore KIND NUMBER              the words of that revision again

`template list` names the kinds. With --service NAME it is the template of that service alone, which
comes before the organisation's, as that comes before the built-in. A file is `Subject: ...`, an
empty line, and the text. A notice that was edited, waits or has left keeps its words.

JSON of list:    [{"kind": "planned", "own": true, "revision": 3, "saved_at": "…", "saved_by": "…",
                   "services": 0}]
JSON of history: [{"revision": 3, "saved_at": "…", "saved_by": "…", "built_in": false,
                   "subject": "…", "body": "…"}]
"""
