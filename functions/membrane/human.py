"""When somebody asks for a person instead of this software."""

from __future__ import annotations

import re

HUMAN = (
    r"(?:an? |the |some )?(?:real |actual |live |other )?"
    r"(?:human(?: being)?|person|people|someone|somebody|operator|agent|representative|rep|colleague)"
)
REQUEST = (
    r"(?:i(?:'d|’d| would)? (?:just )?(?:want|wanna|need|like|prefer|rather)|"
    r"(?:can|could|may) (?:i|we)|let me|please|rather)"
)
ASKS = re.compile(
    rf"\b{REQUEST}\b(?: \w+){{0,3}}? (?:talk|speak|chat)(?:ing)? (?:to|with) {HUMAN}\b"
    r"(?! (?:named|called)\b)|"
    rf"^\W*(?:talk|speak|chat) (?:to|with) {HUMAN}\b|"
    rf"\b(?:connect|transfer|put|pass|hand|get) me (?:over |through |on )?(?:to |with )?{HUMAN}\b|"
    rf"\b(?:i (?:want|need|would like)|i['’]d like|give me) {HUMAN}\W*(?:please|now|here)?\W*$|"
    rf"\bis there (?:any )?{HUMAN}\W*(?:here|there|available|around|i can \w+ (?:to|with))\b|"
    rf"^\W*{HUMAN}\W*(?:please|now)\W*$|^\W*(?:human|operator|agent|representative)\W*$",
    re.IGNORECASE,
)


def asks_for_a_person(text: str) -> bool:
    """ "Let me talk to a human", at any time; "who did you talk to" asks for no one."""
    return bool(ASKS.search(text))
