"""What state of a vehicle or repair order a message asks for: "waiting on parts", "in transit".

Only phrases that ask for a set of records count. "Is it sold yet" asks about one, and narrowing to sold ones
would hide the answer. Apart from the other entities because the training does not rest on it.
"""

from __future__ import annotations

import re

from shared.brain.route_message.intents import Intent

_PHRASES: dict[Intent, dict[str, str]] = {
    Intent.SERVICE: {
        "waiting_parts": r"(?:waiting|holding|held up|on hold) (?:on|for) parts|parts holds?|needs? parts",
        "waiting_approval": r"(?:waiting|pending) (?:on |for )?(?:\w+ ){0,2}?approvals?|needs? approval",
        "in_progress": r"in progress|being worked on|under way|underway",
        "done": r"ready for (?:pick ?up|delivery)|ready to (?:go|be picked up)",
        "closed": r"closed (?:repair orders?|ros?|tickets|jobs)",
        "cancelled": r"cancell?ed (?:repair orders?|ros?|tickets|jobs)",
    },
    Intent.INVENTORY: {
        "sold": r"sold (?:vehicles|cars|units|but)|(?:vehicles|cars|units)(?: that)? (?:are|were) sold",
        "reserved": r"reserved",
        "in_transit": r"in transit|on (?:the|its|their) way|inbound|incoming",
        "in_service": r"in recon(?:ditioning)?|in (?:the )?(?:shop|service)",
        "rental": r"rentals|rental (?:cars|vehicles|fleet|units)|loaners",
    },
}
_ONE = re.compile(r"^\W*(?:is|has|was|did|will)\b", re.IGNORECASE)


def find_status(text: str, *, intent: Intent) -> dict[str, str]:
    """`{"status": …}` as the records write it, or nothing."""
    if _ONE.search(text):
        return {}
    for status, words in _PHRASES.get(intent, {}).items():
        if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE):
            return {"status": status}
    return {}
