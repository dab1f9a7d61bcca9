"""What state of a vehicle or repair order a message asks for: "waiting on parts", "in transit".

Only phrases that ask for a set of records count. "Is it sold yet" asks about one, and narrowing to sold ones
would hide the answer. Apart from the other entities because the training does not rest on it.
"""

from __future__ import annotations

import re

from shared.brain.route_message.intents import Intent

_WHEN = r"today|yesterday|this|last|since|in|on|during|between|over|by"
_JOBS = r"(?:jobs?|repair orders?|ros?|work orders?|orders|tickets|cars?|vehicles?|work|repairs)"
_VEHICLES = r"(?:vehicles?|cars?|units?|trucks?|pickups?|suvs?|vans?|sedans?|hybrids?|stock)"
_DAYTIME = r"(?:in the )?(?:morning|afternoon|evening|night|day)|today|tonight|tomorrow|this"
_PHRASES: dict[Intent, dict[str, str]] = {
    Intent.SERVICE: {
        "waiting_parts": r"(?:waiting|holding|held up|on hold) (?:on|for) parts|parts holds?|needs? parts",
        "waiting_approval": r"(?:waiting|pending) (?:on |for )?(?:\w+ ){0,2}?approvals?|needs? approval",
        "in_progress": r"in progress|being worked on|under way|underway",
        "late": r"overdue|past due|behind(?! (?:the|a|an|us|me|it)\b)|running late|"
        rf"(?<!of )(?<!too )late(?! (?:{_DAYTIME}|model))",
        "done": r"ready for (?:pick ?up|delivery)|ready to (?:go|be picked up)|"
        rf"done (?:{_JOBS}|{_WHEN})(?! the)|"
        rf"{_JOBS} (?:that |which )?(?:are |were |is |got |we have |have been )?done|"
        r"(?:what is|whats|what's|everything|anything|all) done",
        "closed": rf"closed (?:out )?(?:{_JOBS}|{_WHEN})|"
        rf"(?:finished|completed) (?:{_JOBS}|{_WHEN})|"
        rf"{_JOBS} (?:that |which )?(?:are |were |is |got |we |have |have we |did we |been )*"
        r"(?:closed|finished|completed)|(?:we|you|they|shop|workshop|mechanics|technicians|techs) "
        r"(?:close|closed|finish|finished|complete|completed)(?! (?:the|it|that|a|an|on)\b)",
        "cancelled": r"cancell?ed (?:repair orders?|ros?|tickets|jobs)",
    },
    Intent.INVENTORY: {
        "sold": rf"(?<!not )(?<!yet )sold (?:\w+ ){{0,3}}?{_VEHICLES}|sold but|"
        rf"{_VEHICLES}(?: that| which)?(?: have| has)?(?: are| were| been| got| we| we have)* sold|"
        rf"(?<!best )sold (?:{_WHEN})|"
        r"(?:did|have|has) (?:we|you|they|anyone) (?:sell|sold)"
        r"(?! (?:it|the|that|this)\b(?! week| month| year| quarter))|"
        r"we (?:have )?sold(?! (?:it|the|that)\b)",
        "reserved": r"reserved",
        "in_transit": r"in transit|on (?:the|its|their) way|inbound|incoming",
        "in_service": r"in recon(?:ditioning)?|in (?:the )?(?:shop|service)",
        "rental": r"rentals|rental (?:cars|vehicles|fleet|units)|loaners",
    },
}
_ONE = re.compile(
    # "Is it late", "when will it be done"; but "is anything late" asks for a set.
    r"^\W*(?:and )?(?:is|has|was|did|will|when|what time|are we|how long)\b"
    r"(?! (?:any\w*|there|some\w*|we (?:sell|sold|finish|close)))|"
    r"\b(?:be|get|not|isn't|isnt|it) (?:done|finished|closed|late)\b",
    re.IGNORECASE,
)


def find_status(text: str, *, intent: Intent) -> dict[str, str]:
    """`{"status": …}` as the records write it, or nothing."""
    if _ONE.search(text):
        return {}
    for status, words in _PHRASES.get(intent, {}).items():
        if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE):
            return {"status": status}
    return {}


def is_only_status(text: str, *, intent: Intent) -> bool:
    """The whole message is such a phrase ("rentals"): it asks for those records and for nothing else."""
    phrases = "|".join(_PHRASES.get(intent, {}).values())
    return bool(phrases and re.fullmatch(rf"\W*(?:{phrases})\W*", text, re.IGNORECASE))
