"""Every event the product knows, loaded from the files of this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

import shared.events
from shared.events.base import CATALOGUE, Event


def load_catalogue() -> Mapping[str, type[Event]]:
    """Topic → event class of every module of `shared.events`; a test's own events, which a process may know
    besides, are none of the product's."""
    modules = [module.name for module in pkgutil.iter_modules(shared.events.__path__, "shared.events.")]
    for module in modules:
        importlib.import_module(module)
    return {topic: event for topic, event in CATALOGUE.items() if event.__module__ in modules}
