"""The sentences by which somebody states a preference, as patterns. Pure; questions are let through first.

A false find is worse than a miss: who is not understood says it again, who is wrongly remembered is misled by
every later chart. So every pattern is tied to the beginning of the sentence or to its end.
"""

from __future__ import annotations

import re

from shared.memory.preferences import preference_kinds


def _at_start(pattern: str) -> re.Pattern[str]:
    return re.compile(LEAD_IN + pattern, re.IGNORECASE)


LEAD_IN = (
    r"^\W*(?:(?:ok(?:ay)?|so|and|but|also|hey|hi|hello|well|please|just|thanks|for me|btw|by the way|then)"
    r"\b\W*)*"
)
WE = r"(?:i|we)"
WOULD = r"(?:['’]d| would)?"
NOT = r"(?:do not|don['’]t)"
ASKING = r"(?:ask|say|want|need|mention|request|look)"
NO_LONGER = r"(?:any ?more|any longer)"
REPORTS = r"(?:reports?|charts?|figures|numbers|financials|summar(?:y|ies)|breakdowns?|p ?& ?l)"

ASKED = re.compile(
    r"\?\s*$|"
    + LEAD_IN
    + r"(?:what|which|who|whom|whose|how|when(?!ever)(?! i (?:ask|say|want|need|mention))|"
    r"where|why|is|are|was|were|am|do(?! not)(?!n['’]t)|does|did|has|have|had|can|could|would(?! like)|"
    r"should|will|may|might|shall|(?:is|are|does|did|has|have|could|would|ca)n['’]t|"
    r"don['’]?t (?:we|you|they|i)|any|anything|anyone)\b|"
    + LEAD_IN
    + r"(?:show|tell|give) (?:me |us )?(?:what|which|who|whose|where|when|how|why)\b|"
    r"[,;:-]\s*(?:and |but )?(?:how|what|which|where|why|whose|is (?:it|there|that)|are (?:they|there)|"
    r"do (?:we|you)|does|did|(?:can|could) (?:i|you|we))\b",
    re.IGNORECASE,
)
"""A question, whatever else it says."""

LASTING = (
    r"(?:from (?:now|here|today|this (?:day|point)) on(?:wards?)?(?: out)?|from here on out|going forward|"
    r"in (?:the )?future|henceforth|by default|as (?:a|the|my) default|"
    r"until (?:further notice|i say otherwise)|for future reference|"
    rf"(?:every ?time|each time|whenever|any ?time) {WE} {ASKING}\w*)"
)
IMPERATIVES = (
    "show|give|group|chart|list|sort|put|send|call|text|email|mail|use|start|include|exclude|order|break|sum|"
    "split|total|display|assign|schedule|notify|alert|tell|ask|address|assume|treat|round|default|report|make|"
    "keep|aggregate|combine|count|book|contact|ping|message|page|add|hide|skip|remind|let|mention|open|"
    "present|summari[sz]e"
)

STATED = (
    # "From now on show me …", "by default …"
    _at_start(
        rf"{LASTING}\b\W+(?:i|we|you|my|our|please|the|all|every|each|never|always|only|{NOT}|"
        rf"(?:{IMPERATIVES})|(?-i:[A-Z][a-z]+)|let['’]s)\b"
    ),
    # "Always show …", "please never call …", "you should always …"
    _at_start(
        r"(?:you (?:should|must|can) )?(?:always|never|don['’]t ever|do not ever) (?:ever )?(?:please )?"
        rf"(?:{IMPERATIVES})\b"
    ),
    # "I prefer …", "I always want …"
    _at_start(
        rf"(?:{WE}{WOULD}(?: really| generally| usually)? (?:prefer|rather|sooner)\b(?! not say)|"
        r"my (?:own |personal )?preference (?:is|would be)|my preferred\b|"
        rf"{WE} (?:always|never|generally|usually) (?:want|prefer|need|like)\b)"
    ),
    # "Remember that …", "note that …", "keep in mind …"
    _at_start(
        r"(?:(?:do )?(?:remember|note)(?: (?:that|this)\b|\s*:)|"
        r"remember,? (?:i|we|my|our|to|the) (?!deal|customer|lead|car|truck|one)|"
        r"remember (?-i:[A-Z][a-z]+ )|(?:keep|bear) in mind\b|"
        r"don['’]t forget (?:that|to|about|i|we|my|our)\b|make a (?:mental )?note (?:that|of)\b|"
        r"take note that\b)"
    ),
    # "I like my summaries short"
    _at_start(
        rf"{WE}(?:['’]d)? (?:like|love)(?: to (?:see|have|get))? (?:my|our|the \w+est)\b \w+(?: \w+)+$"
    ),
    # "My reports should always be …"
    _at_start(r"(?:my|our|all(?: the| my)?|the) (?:\w+ ){1,4}?(?:should|must) (?:always|never)\b"),
    # "whenever I ask for numbers …", "when I ask for numbers, always use …"
    _at_start(rf"(?:whenever|every ?time|each time|any ?time) {WE} {ASKING}\b \w+ \w+"),
    _at_start(r"when i (?:ask|say|want|need|mention)\b.*(?:,|\balways\b|\bnever\b)"),
    # "I don't want to see … any more"
    _at_start(
        rf"(?:{WE} (?:{NOT}|no longer)|{NOT}) (?:want|need|like|send|show|give|call|text|email|group|break|"
        rf"include)\b.*\b(?:{NO_LONGER}|ever again)\b"
    ),
)
"""Each says of itself that it holds for later, too."""

AT_THE_END = re.compile(rf"\b{LASTING}\W*(?:please|thanks|thank you)?\W*$", re.IGNORECASE)
"""Of a wish or an order: "show me the financials by week from now on"."""

ORDERED = _at_start(
    rf"(?:(?:{IMPERATIVES})\b|{WE}{WOULD} (?:like|want|need|prefer)\b|(?:no|never|always|only)\b)"
)
REQUESTED = _at_start(r"(?:show|give|get|list|pull|display|open|chart|tell)\b")
"""It also asks for something now."""

GENERIC_REPORTS = _at_start(
    rf"{WE}{WOULD} (?:like|want|prefer)(?: to (?:see|have|get))? (?:the |all |those )?(?:\w+ ){{0,2}}?"
    r"(?:reports|charts|breakdowns|summaries)\b"
)
"""Reports as such, in the plural: "I want margin reports grouped by week" is no question for one of them."""

OWN_REPORTS = _at_start(
    rf"{WE}{WOULD} (?:like|love|want|need|prefer)(?: to (?:see|have|get))? (?:all (?:of )?)?"
    rf"(?:my|our|every)\b (?:\w+ ){{0,3}}?{REPORTS}\b"
)
"""Somebody's own, as they always get them: "I like my charts weekly"."""

OWN_GROUPED = _at_start(
    r"(?:group|bucket|summari[sz]e|aggregate|split|total|keep|make|break (?:down )?)\b ?(?:all (?:of )?)?"
    rf"(?:my|our|all)\b (?:\w+ ){{0,3}}?{REPORTS}\b"
)
"""An order about all of somebody's own: "group my charts weekly"."""

ONE_THING = re.compile(r"\b(?:this|that|the) (?:\w+ )?ones?\b", re.IGNORECASE)
"""One of what is on the screen: "I prefer the blue one" is a choice, made once."""

A_TIME = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|20\d\d|today|"
    r"yesterday|(?:this|last|next|past|previous|current) (?:\w+ )?(?:days?|weeks?|months?|quarters?|years?)|"
    r"q[1-4])\b",
    re.IGNORECASE,
)
"""Reports of a certain time are asked for, not preferred."""

STOPPED = _at_start(
    rf"(?:(?:i want you to |you (?:can|should|may) )?(?:stop|quit|cease)\b|no more\b|"
    rf"{WE} no longer (?:want|need|like)\b|no longer\b|(?:{WE} )?{NOT}\b.*\b{NO_LONGER}\b)"
)

ASKED_BACK = _at_start(
    r"(?:what (?:do|did|have) (?:you|i) (?:still )?(?:remember(?:ed)?|know|noted?|kept|"
    r"(?:ask(?:ed)?|told?) you to remember)(?: (?:about|of) (?P<about>[^?!]+))?|what are my preferences|"
    r"(?:list|show)(?: me)? (?:all )?my (?:memories|preferences))\W*$"
)
"""What we remember is asked for; nothing is kept of it."""

FORGET_ALL = _at_start(
    r"(?:forget|delete|erase) (?:everything|all)(?: that)? (?:about (?:me|us)|"
    r"(?:you (?:know|remember)|i(?:['’]ve)?(?: ever)? (?:said|told you))(?: about (?:me|us))?)\W*$"
)

FORGET_LAST = _at_start(
    r"(?:forget (?:that|it|what i (?:just )?said)|scratch that|undo that(?: preference)?|take that back|"
    r"don['’]t remember that)\W*(?:please)?\W*$"
)
FORGET_ABOUT = _at_start(
    r"(?:forget|delete|erase|remove) (?:about )?"
    r"(?:(?:what|everything|all) i(?:['’]ve)? (?:said|told you|mentioned) about |"
    r"(?:that )?(?:i|we) (?=prefer|like|want|always|never|rather)|"
    r"my (?:\w+ ){0,2}?preferences? (?:for |about |of |to |on )?|my (?=\w+ preference)|"
    r"that (?=my|our|the)|the (?:memory|note) (?:about|that|of) )(?P<about>.*)$"
)


def is_question(sentence: str) -> bool:
    return bool(ASKED.search(sentence))


def states_something(sentence: str) -> bool:
    """It says that it holds for later, too, or is about reports as such."""
    if ONE_THING.search(sentence):
        return False
    if any(pattern.search(sentence) for pattern in STATED):
        return True
    if AT_THE_END.search(sentence) and ORDERED.search(sentence):
        return True
    return is_generic_wish(sentence)


def is_generic_wish(sentence: str) -> bool:
    """ "I want margin reports grouped by week": reports as such, of no time, and a way to make them."""
    if A_TIME.search(sentence):
        return False
    is_way = any(kind.is_valued(sentence) for kind in preference_kinds().values())
    wishes = (GENERIC_REPORTS, OWN_REPORTS, OWN_GROUPED)
    return is_way and any(pattern.search(sentence) for pattern in wishes)
