"""The model registry: providers by profile, their order and their prices."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.errors import Misconfigured
from shared.settings import Settings
from shared.yaml_file import read_yaml

REGISTRY_FILE = Path(__file__).parent / "registry.yaml"
MILLION = Decimal(1_000_000)


class Provider(BaseModel):
    """`kind` embedded runs the task's own implementation, generate asks the Models port."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["embedded", "generate"]
    provider_name: str
    operation: str
    model: str | None
    timeout_s: float = Field(gt=0)

    def model_for(self, settings: Settings) -> str:
        return self.model or settings.gemini_model


class Price(BaseModel):
    """US dollars for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Decimal
    output: Decimal


class Registry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    profiles: dict[str, tuple[str, ...]]
    providers: dict[str, Provider]
    prices: dict[str, Price]

    @model_validator(mode="after")
    def _known_providers(self) -> Registry:
        for profile, names in self.profiles.items():
            unknown = [name for name in names if name not in self.providers]
            if unknown:
                raise ValueError(f"profile [{profile}] names the unknown provider [{unknown[0]}]")
        return self

    def order(self, profile: str) -> tuple[Provider, ...]:
        """The providers of a profile, first choice first."""
        return tuple(self.providers[name] for name in self.profiles[profile])

    def cost_usd(self, model: str, *, input_tokens: int, output_tokens: int) -> Decimal | None:
        """None when the model has no price here."""
        price = self.prices.get(model)
        if price is None:
            return None
        return (price.input * input_tokens + price.output * output_tokens) / MILLION


@lru_cache(maxsize=2)
def load_registry(path: Path = REGISTRY_FILE) -> Registry:
    """Raises `Misconfigured` naming the field."""
    try:
        return Registry.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"{path.name} field [{field}]: {first['msg']}") from error
