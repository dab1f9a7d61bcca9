"""Lane, category and direction: how the books are spoken of."""

from __future__ import annotations

import re

LANE_LETTER = re.compile(r"\blanes?\s+([a-d])\b", re.IGNORECASE)
LANE_NAMES = {
    "A": r"sales|selling|showroom|front end",
    "B": r"service|shop|workshop|fixed ops|repair",
    "C": r"transport(?:ation)?|towing|hauling|logistics",
    "D": r"rentals?|leasing|loaners?",
}
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
AS_EXPENSE = {"parts": "parts_purchase"}
AS_INCOME = {"transport": "transport_income"}


def find_lane(text: str) -> str | None:
    """The letter said, or the lane a name such as "rental side" or "service lane" stands for."""
    letter = LANE_LETTER.search(text)
    if letter:
        return letter[1].upper()
    named = (
        lane
        for lane, names in LANE_NAMES.items()
        if re.search(rf"\b(?:{names}) {PLACE}\b|\blane (?:for )?(?:{names})\b", text, re.IGNORECASE)
    )
    return next(named, None)


def find_bare_lane(text: str) -> str | None:
    """A lane by its name alone, for messages that are about money anyway."""
    return next(
        (lane for lane, names in LANE_NAMES.items() if re.search(rf"\b(?:{names})\b", text, re.I)), None
    )


def find_direction(text: str) -> str | None:
    """None when both or neither are asked for: "income vs cost" wants both."""
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
    if category is None:
        lane = lane or find_bare_lane(text)
    found = {"lane": lane, "category": category, "direction": direction}
    if category in ("sales", "labour", "rental") and not direction:
        found["category"] = None if lane else category
    return {name: value for name, value in found.items() if value}
