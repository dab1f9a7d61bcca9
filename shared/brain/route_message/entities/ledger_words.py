"""Lane, category and direction: how the books are spoken of."""

from __future__ import annotations

import re

LANE_LETTER = re.compile(r"\blanes?\s+([a-d])\b", re.IGNORECASE)
AND = r"\s*(?:,|&|\+|\b(?:and|or|vs\.?|versus|against|with|to|compared (?:to|with))(?!\w))\s*(?:the )?"
MORE_LETTERS = re.compile(
    # "lane b and a summary" names one lane: a bare A counts only where no noun follows it.
    rf"\blanes?\s+[a-d]\b"
    rf"(?:{AND}(?:lanes?\s+[a-d]\b|[b-d]\b|a\b(?=\W*$|,| (?:and|vs|for|in|last|this|by)\b)))+",
    re.IGNORECASE,
)
LANE_NAMES = {
    "A": r"sales|selling|showroom|front end",
    "B": r"service|shop|workshop|fixed ops|repair",
    "C": r"transport(?:ation)?|towing|hauling|logistics",
    "D": r"rentals?|leasing|loaners?",
}
ANY_LANE = "|".join(LANE_NAMES.values())
PLACE = r"(?:lane|side|department|dept|business|division|arm|operation)"
CATEGORIES = {
    "finance_income": r"finance income|f ?& ?i|f and i|reserve income",
    "vehicle_purchase": r"vehicle purchases?|buying (?:cars|vehicles|stock)|auction purchases?",
    "parts": r"parts?",
    "labour": r"labou?r",
    "reconditioning": r"reconditioning|recon|detailing|detail",
    "payroll": r"payroll|wages|salaries|salary",
    "transport": r"transport(?:ation)?|carriers?|hauling|towing|freight|shipping",
    "fuel": r"fuel|gas|gasoline|diesel",
    "rent": r"rent",
    "insurance": r"insurance",
    "utilities": r"utilities|electricity|power bill|water bill",
    "advertising": r"advertising|ads|marketing",
    "maintenance": r"maintenance|upkeep",
    "tax": r"tax(?:es)?",
    "rental": r"rentals?",
    "sales": r"sales",
}
EXPENSE = (
    r"spend|spent|spending|costs?|costing|expenses?|paid|pay|paying|payout|bills?|charged?|charges|invoices?|"
    r"fork(?:ed)? over|owe|fees?|went out"
)
INCOME = (
    r"revenue|income(?! statement)|earn(?:ed|ings)?|made|brought? in|take in|took in|takings|turnover|billed|"
    r"came in"
)
NET = r"net|profits?|profitab\w+|margins?|bottom line|p ?(?:&|and|n) ?l|pnl"
"""Money in less money out: narrowing to one of the two would show something else."""
AS_EXPENSE = {"parts": "parts_purchase"}
AS_INCOME = {"transport": "transport_income"}


def find_lane(text: str) -> str | None:
    """The letter said, or the lane a name such as "rental side" or "service lane" stands for."""
    lanes = find_lanes(text)
    return lanes[0] if len(lanes) == 1 else None


def find_lanes(text: str) -> tuple[str, ...]:
    """Every lane said, in the order of their letters."""
    if letter := LANE_LETTER.search(text):
        more = MORE_LETTERS.search(text)
        letters = re.findall(r"\b[a-d]\b", more.group(), re.IGNORECASE) if more else [letter[1]]
        also = LANE_LETTER.findall(text)
        return tuple(sorted({one.upper() for one in (*letters, *also)}))
    return tuple(
        lane
        for lane, names in LANE_NAMES.items()
        if re.search(rf"\b(?:{names}) {PLACE}\b|\blane (?:for )?(?:{names})\b", text, re.IGNORECASE)
    )


def find_bare_lane(text: str) -> str | None:
    """A lane by its name alone, for messages that are about money anyway."""
    if len(find_bare_lanes(text)) > 1:
        return None
    return next(
        (lane for lane, names in LANE_NAMES.items() if re.search(rf"\b(?:{names})\b", text, re.I)), None
    )


def find_bare_lanes(text: str) -> tuple[str, ...]:
    """Lanes named side by side: "sales versus service"; "service sales" is one."""
    several = re.search(rf"\b(?:{ANY_LANE})(?: {PLACE})?(?:{AND}\b(?:{ANY_LANE})\b)+", text, re.IGNORECASE)
    said = several.group() if several else ""
    return tuple(lane for lane, names in LANE_NAMES.items() if re.search(rf"\b(?:{names})\b", said, re.I))


def find_direction(text: str) -> str | None:
    """None when both, neither or their difference is asked for: "income vs cost", "net income"."""
    if re.search(rf"\b(?:{NET})\b", text, re.IGNORECASE):
        return None
    expense = re.search(rf"\b(?:{EXPENSE})\b", text, re.IGNORECASE)
    income = re.search(rf"\b(?:{INCOME})\b", text, re.IGNORECASE)
    if bool(expense) == bool(income):
        return None
    return "expense" if expense else "income"


def find_category(text: str, direction: str | None) -> str | None:
    """The category as it is booked: what was spent on parts stands under `parts_purchase`."""
    for category, words in CATEGORIES.items():
        if re.search(rf"\b(?:{words})\b(?! {PLACE}\b)", text, re.IGNORECASE):
            special = AS_EXPENSE if direction == "expense" else AS_INCOME if direction == "income" else {}
            return special.get(category, category)
    return None


def find_ledger_words(text: str) -> dict[str, str]:
    """`lane`, `category`, `direction`, each only when said."""
    lane, direction = find_lane(text), find_direction(text)
    category = find_category(text, direction) if direction or lane else None
    if category is None and not find_lanes(text):
        lane = find_bare_lane(text)
    found = {"lane": lane, "category": category, "direction": direction}
    if category in ("sales", "labour", "rental") and not direction:
        found["category"] = None if lane else category
    return {name: value for name, value in found.items() if value}
