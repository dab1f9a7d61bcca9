"""`docs/settings.md`: every setting with its variable, default and meaning."""

from __future__ import annotations

from pydantic_core import PydanticUndefined

from shared.settings import Settings, variable

HEAD = """# Settings

Derived from `shared/settings.py` by `make docs`; do not edit. A setting is an environment variable, read once
at the start. An unknown `COS_…` variable or a wrong value stops the start and is named.

| Variable | Default | Meaning |
|---|---|---|
"""


def settings_page() -> str:
    return HEAD + "".join(
        f"| `{variable(name)}` | {_default(field.default)} | {field.description or ''} |\n"
        for name, field in Settings.model_fields.items()
    )


def _default(value: object) -> str:
    if value is PydanticUndefined:
        return "*needed*"
    return f"`{value}`" if str(value) else "empty"
