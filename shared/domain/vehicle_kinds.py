"""Body and fuel of a vehicle as people and inventory exports write them, in one word each."""

from __future__ import annotations

import re
from typing import Any

from shared.domain.written_values import read_line

_BODIES = {
    "convertible": r"convertible|cabriolet|roadster|spyder",
    "wagon": r"wagon|estate",
    "hatchback": r"hatch(?:back)?",
    "coupe": r"coup[eé]",
    "van": r"(?:mini|cargo |passenger )?vans?",
    "suv": r"suv|sport utility(?: vehicle)?|crossover|cuv",
    "truck": r"trucks?|pick-?up|(?:crew|double|quad|regular|extended|super) cab",
    "sedan": r"sedan|saloon",
}
_FUELS = {
    "hybrid": r"(?:plug-?in )?hybrid|phev|hev",
    "electric": r"electric|b?ev",
    "diesel": r"diesel|tdi",
    "gasoline": r"gas(?:oline)?|petrol|unleaded|flex(?: fuel)?",
}


def read_body(value: Any) -> Any:
    """`4dr Sport Utility` → `suv`; words that name none of the bodies stay, in lower case."""
    return _kind(value, _BODIES)


def read_fuel(value: Any) -> Any:
    """`Gasoline/Electric Hybrid` → `hybrid`; words that name none of the fuels stay, in lower case."""
    return _kind(value, _FUELS)


def _kind(value: Any, kinds: dict[str, str]) -> Any:
    line = read_line(value)
    if not isinstance(line, str):
        return line
    written = line.lower()
    return next((kind for kind, words in kinds.items() if re.search(rf"\b(?:{words})\b", written)), written)
