"""`docs/settings.md`: every setting with its variable, default and meaning."""

from __future__ import annotations

from pydantic_core import PydanticUndefined

from shared.settings import GIVEN, TUNABLE, Settings, variable

HEAD = """# Settings

Derived from `shared/settings.py` by `make docs`; do not edit. A setting is an environment variable, read once
at the start. An unknown `COS_…` variable or a wrong value stops the start and is named. In the cloud
Terraform sets them: some it computes, some hold their default unless `settings` of terraform/product says
otherwise, and those of the embedded profile, of emulators and stubs are never set.

| Variable | Default | In the cloud | Meaning |
|---|---|---|---|
"""


def settings_page() -> str:
    return HEAD + "".join(
        f"| {' | '.join((f'`{variable(name)}`', _default(field.default), _in_the_cloud(name)))} "
        f"| {field.description or ''} |\n"
        for name, field in Settings.model_fields.items()
    )


def _in_the_cloud(name: str) -> str:
    return "computed" if name in GIVEN else "may be chosen" if name in TUNABLE else "never set"


def _default(value: object) -> str:
    if value is PydanticUndefined:
        return "*needed*"
    return f"`{value}`" if str(value) else "empty"
