"""Gemini and Vertex embeddings through google-genai; the aiplatform SDK takes 1.5 s and 200 MB to import."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

import httpx
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.genai import Client, errors, types

from shared.errors import Misconfigured, Unavailable, UnsupportedMedia
from shared.ports import Data, Embedding, Generation, MediaPart, Observation
from shared.vector_records import VERTEX_DIMENSIONS

T = TypeVar("T")

_EMBED_TIMEOUT_S = 10.0
_ATTEMPTS = 3
_FIRST_PAUSE_S = 0.2
_RETRIED = (429, 503)
"""Over quota and overloaded."""

_NOT_ALLOWED = (401, 403)

_LENGTHS = frozenset({"minItems", "maxItems", "minLength", "maxLength"})
"""Gemini unrolls limits of length into its grammar and refuses a schema, without a word why, whose lists may
have some 960 entries together. Whoever asks checks the answer against the whole schema anyway."""

_CALLED = {"audio/aac": "audio/x-aac"}
"""Types Vertex knows by another name."""
_NOT_HEARD = frozenset({"audio/amr"})
"""Types it refuses each time, so asking again is in vain."""


class VertexModels:
    """Gemini is asked at `location` (`global`, `us`, `eu`), since its models from the third generation on are
    in no single region; embeddings are made in `region`. `base_url` is another address for a proxy or a stub,
    then without credentials of our own."""

    def __init__(
        self,
        *,
        project: str,
        region: str,
        embedding_model: str,
        location: str = "global",
        base_url: str = "",
        bucket: str = "",
    ) -> None:
        self._project, self._region, self._base_url, self._bucket = project, region, base_url, bucket
        self._embedding_model = embedding_model
        # Kept for the life of the process: a client that is collected closes its connections.
        self._client = self._connected(location)

    def generate(
        self, *, model: str, prompt: str, schema: Data, timeout_s: float, media: Sequence[MediaPart] = ()
    ) -> Generation:
        """One JSON answer. An answer cut short or blocked is `Unavailable`, as is one that is no JSON.

        Raises `UnsupportedMedia` for a file Gemini never reads."""
        contents: list[Any] = [*(self._file(part) for part in media), prompt]

        def ask(options: types.HttpOptions) -> types.GenerateContentResponse:
            config = types.GenerateContentConfig(
                temperature=0,
                response_mime_type="application/json",
                response_json_schema=_without_lengths(schema),
                http_options=options,
            )
            return self._client.models.generate_content(model=model, contents=contents, config=config)

        with _genai_errors(f"Gemini [{model}]"):
            response = _within(timeout_s, ask)
            value = _json_object(response.text, model)
        usage = response.usage_metadata
        return Generation(
            value=value,
            model=response.model_version or model,
            input_tokens=(usage.prompt_token_count if usage else None) or 0,
            output_tokens=_output_tokens(usage),
        )

    def observe(self, part: MediaPart, *, vocabulary: str) -> Observation:
        raise Unavailable(
            f"no function listens to [{part.content_type}] by itself here: Gemini is handed the file with "
            "the question; the embedded profile has ears and eyes of its own"
        )

    def embed(self, texts: Sequence[str]) -> Embedding:
        """One call a text: the Gemini embedding models take no more than one. The space is named by the model
        and the length, for the same model cut to another length is another space."""
        vectors = [self._vector(text) for text in texts]
        length = len(vectors[0]) if vectors else VERTEX_DIMENSIONS
        return Embedding(f"{self._embedding_model}@{length}", vectors)

    def close(self) -> None:
        self._client.close()
        if "_embedding_client" in self.__dict__:
            self._embedding_client.close()

    def _file(self, part: MediaPart) -> types.Part:
        """Gemini reads the file from the bucket itself: no byte of it passes through here."""
        if part.content_type in _NOT_HEARD:
            raise UnsupportedMedia(f"Gemini reads no [{part.content_type}]")
        mime_type = _CALLED.get(part.content_type, part.content_type)
        return types.Part.from_uri(file_uri=f"gs://{self._bucket}/{part.key}", mime_type=mime_type)

    @cached_property
    def _embedding_client(self) -> Client:
        return self._connected(self._region)

    def _connected(self, location: str) -> Client:
        with _genai_errors("Vertex client"):
            return Client(
                vertexai=True,
                project=self._project,
                location=location,
                credentials=_stub_credentials() if self._base_url else None,
                http_options=types.HttpOptions(base_url=self._base_url or None),
            )

    def _vector(self, text: str) -> list[float]:
        def ask(options: types.HttpOptions) -> types.EmbedContentResponse:
            config = types.EmbedContentConfig(http_options=options, output_dimensionality=VERTEX_DIMENSIONS)
            return self._embedding_client.models.embed_content(
                model=self._embedding_model, contents=text, config=config
            )

        with _genai_errors(f"embedding [{self._embedding_model}]"):
            response = _within(_EMBED_TIMEOUT_S, ask)
        embeddings = response.embeddings or []
        if len(embeddings) != 1 or not embeddings[0].values:
            raise Unavailable(f"embedding [{self._embedding_model}] answered without a vector")
        return _normalised(embeddings[0].values)


def _without_lengths(schema: Any) -> Any:
    """The schema without its limits of length, at every depth; fields that bear such a name stay."""
    if isinstance(schema, list):
        return [_without_lengths(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: {name: _without_lengths(one) for name, one in value.items()}
        if key in ("properties", "$defs")
        else _without_lengths(value)
        for key, value in schema.items()
        if key not in _LENGTHS
    }


def _normalised(values: Sequence[float]) -> list[float]:
    # Shortened Gemini vectors come back with another length than 1.
    length = sum(value * value for value in values) ** 0.5
    return [value / length for value in values] if length else list(values)


def _output_tokens(usage: types.GenerateContentResponseUsageMetadata | None) -> int:
    """Thinking is billed as output."""
    return (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0) if usage else 0


def _within(timeout_s: float, call: Callable[[types.HttpOptions], T]) -> T:
    """Repeats an overloaded call while its time lasts.

    The library's own retry also repeats timeouts, each with the whole timeout again, so a slow model would
    hold up the answer for three of them; here all attempts together keep to `timeout_s`.
    """
    deadline, pause = time.monotonic() + timeout_s, _FIRST_PAUSE_S
    for _ in range(_ATTEMPTS - 1):
        try:
            return call(_http_options(deadline - time.monotonic()))
        except errors.APIError as error:
            if error.code not in _RETRIED or time.monotonic() + pause >= deadline:
                raise
        time.sleep(random.uniform(pause / 2, pause))
        pause *= 2
    return call(_http_options(deadline - time.monotonic()))


def _http_options(timeout_s: float) -> types.HttpOptions:
    """The library counts in milliseconds; 1 attempt is no retry."""
    return types.HttpOptions(
        timeout=max(1, int(timeout_s * 1000)), retry_options=types.HttpRetryOptions(attempts=1)
    )


def _json_object(text: str | None, model: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "")
    except ValueError as error:
        raise Unavailable(f"Gemini [{model}] answered no JSON") from error
    if not isinstance(value, dict):
        raise Unavailable(f"Gemini [{model}] answered JSON that is no object")
    return value


def _stub_credentials() -> Any:
    # Anonymous credentials are refused by the library.
    from google.oauth2.credentials import Credentials

    return Credentials(token="stub")  # type: ignore[no-untyped-call,unused-ignore]  # no types in the library


@contextmanager
def _genai_errors(what: str) -> Iterator[None]:
    try:
        yield
    except errors.APIError as error:
        if error.code in _NOT_ALLOWED:
            raise Misconfigured(
                f"{what} not allowed; grant the role aiplatform.user to this service"
            ) from error
        raise Unavailable(f"{what} answered {error.code}") from error
    except httpx.HTTPError as error:
        raise Unavailable(f"{what} did not answer: {type(error).__name__}") from error
    except DefaultCredentialsError as error:
        raise Misconfigured(f"{what} has no credentials: {error}") from error
    except GoogleAuthError as error:
        raise Unavailable(f"{what} could not authenticate: {error}") from error
    except ValueError as error:
        # The library's own refusals, e.g. of an answer that does not fit its types.
        raise Unavailable(f"{what} failed: {type(error).__name__}") from error
