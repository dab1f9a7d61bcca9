"""Who brings texts in, on both profiles: proof of a webhook, and files from nowhere but the provider."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from shared.adapters.embedded.text_provider import LocalTextProvider
from shared.adapters.google.text_provider import TwilioTextProvider
from shared.adapters.twilio_signature import signature
from shared.errors import Forbidden, NotFound, TooLarge, Unavailable
from shared.ports import TextProvider
from shared.testing.emulators import free_port
from shared.testing.http_stub import Reply, Request, serve

ACCOUNT, TOKEN = "AC" + "1" * 32, "token"
MEDIA = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
API = f"https://api.twilio.com{MEDIA}"
URL, FORM = "https://cos.example.com/api/webhooks/twilio/sms", [("From", "+1"), ("Body", "hi")]


class Host:
    url: str
    reply = Reply(200, b"file", {"Content-Type": "image/jpeg"})

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(200, b"moved", {"Content-Type": "text/plain"}) if request.path == "/cdn" else self.reply


@pytest.fixture
def host() -> Iterator[Host]:
    found = Host()
    with serve(found.answer) as found.url:
        yield found


@pytest.fixture(params=["embedded", "google"])
def provider(request: pytest.FixtureRequest, host: Host) -> TextProvider:
    if request.param == "embedded":
        return LocalTextProvider(auth_token=TOKEN)
    return TwilioTextProvider(account_sid=ACCOUNT, auth_token=TOKEN, api_url=host.url)


@pytest.fixture
def address(provider: TextProvider, host: Host) -> str:
    """Of a file, as a text names it."""
    return API if isinstance(provider, TwilioTextProvider) else f"{host.url}{MEDIA}"


def test_a_webhook_is_its_own_when_signed_with_the_account_s_token(provider: TextProvider) -> None:
    good = signature(TOKEN, URL, FORM)
    assert provider.is_its_own(urls=["https://other.example/", URL], form=FORM, body=b"x", signature=good)
    for wrong in ("", good[:-2], signature("other", URL, FORM)):
        assert not provider.is_its_own(urls=[URL], form=FORM, body=b"x", signature=wrong)


def test_a_file_comes_with_what_its_host_calls_it(provider: TextProvider, address: str) -> None:
    found = provider.media(address, limit=100)
    assert (found.content, found.content_type) == (b"file", "image/jpeg")


def test_a_file_over_the_limit_is_not_read_on(provider: TextProvider, host: Host, address: str) -> None:
    host.reply = Reply(200, b"x" * 101)
    with pytest.raises(TooLarge):
        provider.media(address, limit=100)


@pytest.mark.parametrize(
    ("status", "error"), [(404, NotFound), (403, NotFound), (429, Unavailable), (503, Unavailable)]
)
def test_what_its_host_says(
    provider: TextProvider, host: Host, address: str, status: int, error: type[Exception]
) -> None:
    host.reply = Reply(status)
    with pytest.raises(error):
        provider.media(address, limit=100)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://192.0.2.1/x",
        "https://api.twilio.com.evil.example/x",
        "http://198.51.100.7/latest",
        "ftp://a/b",
        "https://[::1",
        "",
    ],
)
def test_no_file_is_fetched_from_elsewhere(provider: TextProvider, host: Host, elsewhere: str) -> None:
    with pytest.raises(Forbidden):
        provider.media(elsewhere, limit=100)
    assert host.asked == []


@pytest.mark.parametrize("elsewhere", ["http://192.0.2.1/x", "http://a:99999999/x"])
def test_an_address_that_leads_elsewhere_is_not_followed(
    provider: TextProvider, host: Host, address: str, elsewhere: str
) -> None:
    host.reply = Reply(302, b"", {"Location": elsewhere})
    with pytest.raises(Forbidden):
        provider.media(address, limit=100)


def test_one_that_leads_to_the_provider_s_own_is_and_the_password_stays_behind(
    provider: TextProvider, host: Host, address: str
) -> None:
    host.reply = Reply(307, b"", {"Location": f"{host.url}/cdn"})
    assert provider.media(address, limit=100).content == b"moved"
    assert "authorization" not in {name.lower() for name in host.asked[-1].headers}


def test_one_that_leads_round_in_a_circle_ends(provider: TextProvider, host: Host, address: str) -> None:
    host.reply = Reply(302, b"", {"Location": MEDIA})
    with pytest.raises(NotFound):
        provider.media(address, limit=100)
    assert len(host.asked) <= 5


def test_twilio_is_asked_with_the_account_s_credentials(host: Host) -> None:
    TwilioTextProvider(account_sid=ACCOUNT, auth_token=TOKEN, api_url=host.url).media(API, limit=100)
    wanted = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert host.asked[0].headers["authorization"] == wanted


def test_a_host_that_is_away_may_be_asked_again() -> None:
    away = TwilioTextProvider(
        account_sid=ACCOUNT, auth_token=TOKEN, api_url=f"http://127.0.0.1:{free_port()}"
    )
    with pytest.raises(Unavailable):
        away.media(API, limit=100)
