"""How much two words look and sound alike."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def similarity(one: str, other: str) -> float:
    """Jaro-Winkler, 0 to 1 (Winkler 1990)."""
    import jellyfish

    return jellyfish.jaro_winkler_similarity(one, other)


@lru_cache(maxsize=65536)
def slips(one: str, other: str) -> int:
    """Inserted, lost, changed and transposed characters (Damerau-Levenshtein)."""
    import jellyfish

    return jellyfish.damerau_levenshtein_distance(one, other)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Metaphone; empty for what has no sound in English, as other scripts."""
    import jellyfish

    return jellyfish.metaphone(word)


def is_transposed(one: str, other: str) -> bool:
    return sorted(one) == sorted(other) and slips(one, other) == 1
