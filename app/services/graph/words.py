"""What the person reads when Graph does not do as asked. The service's own messages are not
shown: they change, and they speak to programmers."""

from __future__ import annotations

PORTAL = (
    "Something else answered in Microsoft 365’s place, perhaps a sign-in page of the network. "
    "Nothing was sent; open any web page to get through, then try again."
)
NOT_BELIEVED = (
    "The answer did not come whole, or not from Microsoft 365. What was asked may have been "
    "done; the console looks before it tries again."
)
NO_ANSWER = (
    "The connection broke before the answer came. What was asked may have been done; the console "
    "looks before it tries again."
)
READ_BROKE = "The connection to Microsoft 365 broke while reading. Nothing was changed."
OFFLINE = "Microsoft 365 cannot be reached from here. Nothing was sent."
PRACTICE_AWAY = "The practice tenant does not answer. Nothing was sent."
NOT_TRUSTED = (
    "What answers in Microsoft 365’s place cannot prove who it is (its certificate is not "
    "trusted): perhaps a sign-in page of the network. Nothing was sent."
)
SIGN_IN = "Microsoft 365 does not accept the sign-in any more. Sign in again."
SLOW_DOWN = "Microsoft 365 asks to go slower. It is tried again when it may be."
SYNC_LOST = "Microsoft 365 forgot where we were in its list of changes; it is read anew."
LOCK_UNSEEN = "The bridge was told to lock, but it could not be read again. Look once more."
GONE = "There is no such thing in Microsoft 365 any more."
ELSEWHERE = "Microsoft 365 pointed to another machine, which the console does not follow."
PRACTICE_ONLY = "Practice talks to this machine only; a request to another one was stopped."

_ACCESS = (
    "Microsoft 365 does not let this account do that. Ask whoever owns the mailbox, calendar or "
    "meeting for access, or look at the permissions on the account page."
)
_REFUSALS = {
    "erroraccessdenied": _ACCESS,
    "accessdenied": _ACCESS,
    "forbidden": _ACCESS,
    "authorization_requestdenied": _ACCESS,
    "errorsendasdenied": "This account may not send in that mailbox’s name. Ask its owner.",
    "errornonexistentmailbox": "There is no such mailbox in Microsoft 365. Check the address.",
    "mailboxnotenabledforrestapi": "This account has no mailbox in Exchange Online.",
    "errormessagesizeexceeded": "The message is larger than the mailbox allows; leave files out.",
    "errorquotaexceeded": "The mailbox is full. Make room in Outlook, then try again.",
    "errorinvalidrecipients": "Outlook does not take one of the addresses. Check them.",
    "errormailboxdataarraytoobig": "Too many people were asked about at once.",
    "errortimeintervaltoobig": "The time asked about is too long.",
}


def refusal(reason: str, status: int) -> str:
    known = _REFUSALS.get(reason.casefold())
    if known:
        return known
    if status == 403:
        return _ACCESS
    if status == 413:
        return "What was to be sent is larger than Microsoft 365 takes. Leave files out."
    if status in (409, 412):
        return "It was changed in Outlook meanwhile, so nothing was overwritten. Look at it first."
    return f"Microsoft 365 declined this ({reason or status}). Trying again will not help."


def no_good_answer(status: int) -> str:
    return (
        f"Microsoft 365 had trouble of its own ({status}). What was asked may have been done; the "
        "console looks before it tries again."
    )


def read_trouble(sentence: str) -> str:
    """The same for a read, which cannot have changed anything."""
    if sentence in (NOT_BELIEVED, NO_ANSWER):
        return READ_BROKE
    return "Microsoft 365 does not answer just now. Nothing was changed."
