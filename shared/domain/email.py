"""E-mail addresses, checked by their form alone: no name server is asked."""

from __future__ import annotations


def parse_email(text: str) -> str:
    """The address in lower case, e.g. `ann@example.com`. Raises `ValueError` saying what is wrong.

    Reserved names are refused except `.test`, which stands for itself in tests.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f"[{text[:80]}] is no e-mail address: {error}") from error
    return found.normalized.lower()
