"""Every event the product knows, loaded from the files of this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

import shared.events
from shared.events.base import CATALOGUE, Event


def load_catalogue() -> Mapping[str, type[Event]]:
    """Topic → event class, with every module of `shared.events` imported."""
    for module in pkgutil.iter_modules(shared.events.__path__, "shared.events."):
        importlib.import_module(module.name)
    return CATALOGUE
