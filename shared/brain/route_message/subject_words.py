"""Which list of records a message asks for: deals and their stage, leads, appointments.

Apart from the other entities because the training does not rest on it.
"""

from __future__ import annotations

import re

from shared.brain.route_message.intents import Intent

DEALS = re.compile(r"\bdeals\b(?! with\b)|\b(?:deal|sales) pipeline\b", re.IGNORECASE)
_LEADS = re.compile(r"\b(?:leads|prospects)\b", re.IGNORECASE)
_MINE = re.compile(r"\b(?:my|mine)\b", re.IGNORECASE)
_OF_THE_BOOKS = re.compile(
    r"\b(?:profit|revenue|income|gross|margin|cost|costs|spen[dt]|commissions?|lane|ledger|posted)\b",
    re.IGNORECASE,
)

# In this order: "not contacted" is no "contacted", and "closing" says more than "open".
_STAGES: dict[str, str] = {
    "stalled": r"stalled|stalling|stale|stuck|dormant|inactive|neglected|untouched|"
    r"(?:gone|went|going) (?:quiet|cold|stale)|not (?:been )?(?:touched|moving)|"
    r"(?:no|without) (?:\w+ )?(?:activity|contact|movement|follow.?up)",
    "closing": r"closing|(?:expected|due|supposed|going) to close|will close|should close",
    "new": r"new|not (?:yet )?contacted",
    "contacted": r"contacted",
    "appointment": r"(?:with|at|in) (?:an )?appointments?|appointment stage",
    "test_drive": r"test.?drives?",
    "negotiation": r"negotiat(?:ion|ions|ing|ed)",
    "financing": r"(?:in|at|awaiting|waiting (?:on|for)|pending) (?:the )?(?:financing|finance|f&i)|"
    r"financing stage",
    "lost": r"lost|dead|fell through|lose",
    "won": r"won|signed|win",
    "closed": r"closed?|done|finished",
    "open": r"open|active|ongoing|live|current|pending|in progress|pipeline|in the works",
}
_UNSURE = {"new", "contacted", "appointment"}
"""Said of too much else to settle what a message is about."""

_APPOINTMENTS = r"appointments?|bookings?|booked|schedule[ds]?|calendar"
_SHOP = r"in the (?:shop|bays?|workshop)|on (?:the )?(?:board|lifts?)|right now|at the moment|currently"
_OPENED = r"opened|checked in|came in|come in|written up|dropped off|started"


def find_subject(text: str, *, intent: Intent) -> dict[str, str]:
    """CRM: `subject` deals or leads, `stage`, `owner`; SERVICE: `subject` appointments or shop, or `date_of`.

    `stage` is one of a deal's, or `open`, `closed`, `closing`, `stalled`. `owner` is `me` for "my deals".
    `date_of` is `opened` where a time is that of the opening and not of the promise.
    """
    if intent is Intent.CRM:
        return _of_customers(text)
    if intent is Intent.SERVICE:
        return _of_the_workshop(text)
    return {}


def is_about_deals(text: str, *, person: str | None) -> bool:
    """Deals are named with their stage or with whose they are: nothing else can be meant.

    "Deals this week" may be bargains in stock, and "deals for lane A" figures.
    """
    if not DEALS.search(text) or _OF_THE_BOOKS.search(text):
        return False
    stage = _stage(text)
    return bool(person) or (stage is not None and stage not in _UNSURE)


def _of_customers(text: str) -> dict[str, str]:
    if DEALS.search(text):
        stage = _stage(text)
        found = {"subject": "deals", **({"stage": stage} if stage else {})}
    elif _LEADS.search(text):
        found = {"subject": "leads"}
    else:
        return {}
    return {**found, **({"owner": "me"} if _MINE.search(text) else {})}


def _of_the_workshop(text: str) -> dict[str, str]:
    if _says(_APPOINTMENTS, text):
        return {"subject": "appointments"}
    if _says(_OPENED, text):
        return {"date_of": "opened"}
    return {"subject": "shop"} if _says(_SHOP, text) else {}


def _stage(text: str) -> str | None:
    return next((stage for stage, said in _STAGES.items() if _says(said, text)), None)


def _says(words: str, text: str) -> bool:
    return re.search(rf"\b(?:{words})\b", text, re.IGNORECASE) is not None
