"""A handler's parameters are its dependencies: they are filled by their types and names."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel

from shared.errors import Misconfigured
from shared.events.base import Event

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Signature:
    """What a handler asks for: parameter name → type, and which one is the body or query."""

    handler: Callable[..., Any]
    parameters: Mapping[str, type]
    answer: Any
    """The return type, with what `Annotated` says beside it."""

    def body_model(self) -> type[BaseModel] | None:
        return self._model(BaseModel, but=(QueryModel, Event))

    def query_model(self) -> type[QueryModel] | None:
        return self._model(QueryModel)

    def event_type(self) -> type[Event]:
        found = self._model(Event)
        if found is None:
            raise Misconfigured(f"handler [{self.handler.__name__}] takes no event")
        return found

    def _model(self, base: type[M], but: tuple[type, ...] = ()) -> type[M] | None:
        for kind in self.parameters.values():
            if isinstance(kind, type) and issubclass(kind, base) and not issubclass(kind, but):
                return kind
        return None

    def call(self, by_type: Mapping[type, Any], by_name: Mapping[str, Any]) -> Any:
        """Calls the handler with what it asks for, by exact type first, then by name."""
        return self.handler(
            **{
                name: by_type[kind] if kind in by_type else by_name[name]
                for name, kind in self.parameters.items()
            }
        )


class QueryModel(BaseModel):
    """Base of models filled from the query string."""


def read_signature(handler: Callable[..., Any]) -> Signature:
    hints = get_type_hints(handler)
    names = inspect.signature(handler).parameters
    missing = [name for name in names if name not in hints]
    if missing:
        raise Misconfigured(f"handler [{handler.__name__}] parameter [{missing[0]}] has no type")
    answer = get_type_hints(handler, include_extras=True).get("return")
    return Signature(handler, {name: hints[name] for name in names}, answer)
