"""GoogleSQL's own analyser, run in this process as WebAssembly.

Compiling it takes ten seconds, so the compiled form is kept under `build/` by the content it was made from.
"""

from __future__ import annotations

import ctypes
import hashlib
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from wasmtime import Config, Engine, Instance, Linker, Module, Store, WasiConfig
from zetasql.wasi import get_wasm_path

COMPILED = Path(__file__).resolve().parents[3] / "build" / "googlesql"
_WORD = 4


class StatementError(Exception):
    """The analyser's own words on a statement, with line and column."""


class GoogleSqlEngine:
    """Calls of the local service: protobuf bytes in, protobuf bytes out."""

    def __init__(self, compiled: Path = COMPILED) -> None:
        self._compiled = compiled

    def call(self, method: str, request: Message, response: Message) -> None:
        """Fills `response`. Raises `StatementError` with the analyser's message."""
        data = request.SerializeToString()
        place, size_place = self._allocate(len(data)), self._allocate(_WORD)
        try:
            ctypes.memmove(self._address + place, data, len(data))
            answer = self._exports[f"ZetaSqlLocalService_{method}"](self._store, place, len(data), size_place)
            if answer == 0:
                raise StatementError(self._last_error())
            size = int.from_bytes(self._read(size_place, _WORD), "little")
            response.ParseFromString(self._read(answer, size))
            self._free(answer)
        finally:
            self._free(place)
            self._free(size_place)

    def _last_error(self) -> str:
        size = self._exports["wasm_get_last_error_size"](self._store)
        return self._read(self._exports["wasm_get_last_error"](self._store), size).decode()

    def _allocate(self, size: int) -> int:
        return int(self._exports["wasm_malloc"](self._store, size))

    def _free(self, place: int) -> None:
        self._exports["wasm_free"](self._store, place)

    def _read(self, place: int, size: int) -> bytes:
        return ctypes.string_at(self._address + place, size)

    @property
    def _address(self) -> int:
        # Asked for each time: memory that grew has moved.
        pointer = self._exports["memory"].data_ptr()
        return ctypes.addressof(pointer.contents)

    @cached_property
    def _exports(self) -> Any:
        return self._instance.exports(self._store)

    @cached_property
    def _store(self) -> Store:
        config = Config()
        config.shared_memory = True  # the analyser is built with threads
        store = Store(Engine(config))
        wasi = WasiConfig()
        wasi.inherit_stderr()
        # Without its default time zone the analyser aborts.
        wasi.preopen_dir(str(files("tzdata") / "zoneinfo"), "/usr/share/zoneinfo")
        store.set_wasi(wasi)
        return store

    @cached_property
    def _instance(self) -> Instance:
        linker = Linker(self._store.engine)
        linker.define_wasi()
        instance = linker.instantiate(self._store, self._module())
        exports: Any = instance.exports(self._store)
        exports["_initialize"](self._store)
        return instance

    def _module(self) -> Module:
        source = Path(get_wasm_path()).read_bytes()
        key = hashlib.sha256(source + version("wasmtime").encode()).hexdigest()[:32]
        path = self._compiled / f"{key}.cwasm"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(f".{id(self)}.part")
            unfinished.write_bytes(Module(self._store.engine, source).serialize())
            unfinished.replace(path)
        return Module.deserialize_file(self._store.engine, str(path))
