"""Reads from an incoming text whether its sender wants no more, wants texts again, or asks for help.

The words every network agrees on are taken alone, whatever stands around them of punctuation and case. A
refusal in somebody's own words is read by `refusals`: rather one too many, for it is honoured at once and a
person can take it back, than one that is passed over.
"""

from __future__ import annotations

import re
import unicodedata

from shared.texting.consent_words import NOTHING_SAID, ConsentKind, ConsentWords
from shared.texting.refusals import refusal_in

STOP = frozenset(
    ["stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel", "opt out", "stop all"]
)
"""Twilio's words, and those 47 CFR 64.1200(a)(10) names; `opt out` is two words there, one with Twilio."""
START = frozenset(["start", "yes", "unstop"])
HELP = frozenset(["help", "info"])

_KINDS = ((ConsentKind.STOP, STOP), (ConsentKind.START, START), (ConsentKind.HELP, HELP))


def read_consent_words(text: str) -> ConsentWords:
    """`none` for everything that says nothing about being texted."""
    said = plain(text)
    for kind, words in _KINDS:
        if said in words:
            return ConsentWords(kind, 1.0, said)
    found = refusal_in(said)
    return ConsentWords(ConsentKind.REFUSAL, found.confidence, found.words) if found else NOTHING_SAID


def plain(text: str) -> str:
    """Lower case, accents and curly quotes gone, one blank between words; signs stay inside a text and go at
    its ends."""
    folded = unicodedata.normalize("NFKD", text).lower()
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    straight = re.sub(r"[\u2018\u2019\u02bc`´]", "'", letters)
    return re.sub(r"\s+", " ", straight).strip(" \t\n.,!?;:\"'()[]-–—…*_~#“”„«»")
