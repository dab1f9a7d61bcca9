"""A client library's errors, said in the product's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from google.api_core import exceptions as api
from google.api_core.retry import Retry, if_transient_error
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError

from shared.errors import InvalidInput, Misconfigured, Unavailable


@contextmanager
def google_errors(what: str) -> Iterator[None]:
    """`what` names the operation and its object, e.g. `Firestore query of [tenants/a/leads]`."""
    try:
        yield
    except api.InvalidArgument as error:
        raise InvalidInput(f"{what} refused: {error.message}") from error
    except (api.Forbidden, api.Unauthorized) as error:  # gRPC and HTTP alike
        raise Misconfigured(f"{what} not allowed: {error.message}; grant the role to this service") from error
    except (api.GoogleAPICallError, api.RetryError) as error:
        raise Unavailable(f"{what} failed: {error}") from error
    except DefaultCredentialsError as error:
        raise Misconfigured(f"{what} has no credentials: {error}") from error
    except GoogleAuthError as error:
        raise Unavailable(f"{what} could not authenticate: {error}") from error


def within(timeout_s: float) -> Retry:
    """Retries what may be repeated, all attempts together within the deadline."""
    return Retry(predicate=if_transient_error, initial=0.05, maximum=1.0, timeout=timeout_s)
