"""Why each kind of conflict matters, in a few words under its sentence."""

from __future__ import annotations

from app.models.calendar.facts import Reason

_CAUSES = {
    Reason.SAME_CI: "the same item in two windows at once",
    Reason.CI_ABOVE: "something that rests on it is in another window",
    Reason.CI_BELOW: "something it rests on is in another window",
    Reason.FREEZE: "no changes are wanted then",
    Reason.BUSINESS_EVENT: "the people affected need it then",
    Reason.HOURS_OF_USE: "it is used at that hour",
    Reason.HOLIDAY: "a holiday or closing day: people are away",
    Reason.OWNER_ABSENT: "who does the step is not there",
    Reason.OWNER_DOUBLE_BOOKED: "one person in two flights",
    Reason.OWNER_WORKED_NIGHT: "too little rest between two flights",
    Reason.CI_HOURS: "outside its own maintenance hours",
    Reason.COORDINATOR_OFF: "somebody else is on duty then",
    Reason.NOTICE_TOO_LATE: "people would hear of it too late",
    Reason.TOO_MANY_THAT_NIGHT: "more flights than one night should have",
    Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS: "the flight itself needs it",
}


def cause_words(reason: Reason) -> str:
    return _CAUSES[reason]
