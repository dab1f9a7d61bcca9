"""A receipt on paper: the same content as its JSON, in the same bytes whenever it is drawn.

It names the receipt's id and number, not its hash: the hash is of a content that names this file's SHA-256.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from shared.quotes.wording import dollars, vehicle_words

_WIDTH, _HEIGHT = 612, 792
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 558, 738, 60
_FONT, _BOLD = "Vera", "VeraBd"
_SAYS = {"approve": "APPROVED", "decline": "DECLINED", "defer": "PUT OFF"}
_LONGEST_WORD = 64
"""A hash in hex, at the size it is written in."""
_DRAWING = Lock()
_INK = 180
"""Points wide that the pad of the signature is on paper."""


def draw(content: Mapping[str, Any], *, zone: tzinfo) -> bytes:
    """The PDF; times are shown in `zone`."""
    # The library keeps its fonts for the whole process: two documents at once would share their subsets.
    with _DRAWING:
        return _drawn(content, zone)


def _drawn(content: Mapping[str, Any], zone: tzinfo) -> bytes:
    page = _Page(f"Receipt {content['sequence']} of {content['dealership']['name']}")
    _head(page, content, zone)
    for line in content["lines"]:
        _line(page, line)
    _totals(page, content["approved"])
    _refusals(page, content["refusals"])
    _signature(page, content["signature"], zone)
    _proof(page, content)
    return page.finished()


class _Page:
    """A pen that goes down the page and on to the next."""

    def __init__(self, title: str) -> None:
        # Takes 50 ms to import, which only who signs waits for.
        from reportlab.pdfbase.pdfmetrics import stringWidth
        from reportlab.pdfgen.canvas import Canvas

        self._known, self._width_of = _shapes(), stringWidth
        self._file = BytesIO()
        # Invariant: no clock and no chance in the file.
        self.canvas = Canvas(self._file, pagesize=(_WIDTH, _HEIGHT), invariant=1)
        self.canvas.setTitle(self._printable(title))
        self.y = float(_TOP)

    def text(
        self, words: str, *, size: float = 9, bold: bool = False, indent: float = 0, right: str = ""
    ) -> None:
        """Wrapped words, with `right` at the right edge of their first line."""
        font = _BOLD if bold else _FONT
        space = _RIGHT - _LEFT - indent - (110 if right else 0)
        for place, row in enumerate(self._wrapped(self._printable(words), font, size, space)):
            self.down(size * 1.4)
            self.canvas.setFont(font, size)
            self.canvas.drawString(_LEFT + indent, self.y, row)
            if right and place == 0:
                self.canvas.drawRightString(_RIGHT, self.y, self._printable(right))

    def down(self, points: float) -> None:
        """Makes room, on the next page when this one is full."""
        if self.y - points < _BOTTOM:
            self.canvas.showPage()
            self.y = float(_TOP)
        self.y -= points

    def rule(self) -> None:
        self.down(8)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(_LEFT, self.y, _RIGHT, self.y)

    def finished(self) -> bytes:
        self.canvas.save()
        return self._file.getvalue()

    def _printable(self, words: str) -> str:
        """What the font has no shape for loses its marks, or is a question mark; the JSON has it whole."""
        return "".join(char if ord(char) in self._known else self._plain(char) for char in words)

    def _plain(self, char: str) -> str:
        base = unicodedata.normalize("NFKD", char)[:1]
        return base if base and ord(base) in self._known else "?"

    def _wrapped(self, words: str, font: str, size: float, space: float) -> list[str]:
        rows: list[str] = []
        row = ""
        for word in _breakable(words):
            longer = f"{row} {word}".strip()
            if row and self._width_of(longer, font, size) > space:
                rows.append(row)
                longer = word
            row = longer
        return [*rows, row] if row else rows


@lru_cache(maxsize=1)
def _shapes() -> frozenset[int]:
    """Registers the fonts once a process; answers the characters they have."""
    import reportlab
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(reportlab.__file__).parent / "fonts"
    faces = [TTFont(name, str(folder / f"{name}.ttf")) for name in (_FONT, _BOLD)]
    for face in faces:
        registerFont(face)
    return frozenset.intersection(*(frozenset(face.face.charToGlyph) for face in faces))


def _breakable(words: str) -> Iterator[str]:
    """Words, and those nobody writes in pieces that fit."""
    for word in words.split():
        yield from (word[start : start + _LONGEST_WORD] for start in range(0, len(word), _LONGEST_WORD))


def _head(page: _Page, content: Mapping[str, Any], zone: tzinfo) -> None:
    vehicle, quote = content["vehicle"], content["quote"]
    page.text(content["dealership"]["name"], size=16, bold=True)
    page.text(f"Receipt {content['sequence']} of {_local(content['issued_at'], zone)}", size=11, bold=True)
    page.text(f"{vehicle_words(vehicle, vehicle['vin'])}, VIN {vehicle['vin']}")
    order = f"repair order {content['repair_order']}, " if content["repair_order"] else ""
    page.text(f"{order}quote {quote['quote_id']}, version {quote['version']}")
    page.text(f"quoted {_local(quote['made_at'], zone)}, valid until {_local(quote['valid_until'], zone)}")
    page.rule()


def _line(page: _Page, line: Mapping[str, Any]) -> None:
    page.text(f"{_SAYS[line['decision']]}: {line['title']}", bold=True, right=dollars(line["price_usd"]))
    rate, labour = dollars(line["labour_rate_usd"]), dollars(line["labour_usd"])
    work = f"labour {line['labour_hours']} h at {rate}: {labour}, parts {dollars(line['parts_usd'])}"
    page.text(f"{line['severity'].upper()}; {work}", size=8, indent=12)
    page.text(f"price item {line['operation']}, flag {line['flag_id']}", size=7, indent=12)
    if line["reason"]:
        page.text(f"Reason: {line['reason']}", size=8, indent=12)
    page.down(4)


def _totals(page: _Page, approved: Mapping[str, Any]) -> None:
    page.rule()
    rows = [("Labour", "labour_usd"), ("Parts", "parts_usd"), ("Shop supplies", "shop_supplies_usd")]
    for words, name in rows:
        page.text(words, right=dollars(approved[name]))
    for tax in approved["taxes"]:
        page.text(
            f"{tax['name']}, {tax['percent']} % of {dollars(tax['base_usd'])}",
            right=dollars(tax["amount_usd"]),
        )
    page.text("Approved in total", bold=True, right=dollars(approved["total_usd"]))


def _refusals(page: _Page, refusals: Sequence[Mapping[str, Any]]) -> None:
    for refusal in refusals:
        page.rule()
        page.text("Not repaired although red", bold=True)
        page.text(refusal["statement"])


def _signature(page: _Page, signature: Mapping[str, Any], zone: tzinfo) -> None:
    page.rule()
    page.text(f"Signed by {signature['name']} on {_local(signature['signed_at'], zone)}", bold=True)
    page.text(f"with a code texted to the {signature['code_texted_to']}", size=8)
    page.text(f"address digest {signature['address_digest'] or 'none'}; {signature['user_agent']}", size=7)
    lowest = max(y for points in signature["strokes"] for y in points[1::2])
    scale = _INK / 1000
    page.down(lowest * scale + 6)
    path = page.canvas.beginPath()
    for points in signature["strokes"]:
        pairs = [
            (_LEFT + x * scale, page.y + (lowest - y) * scale)
            for x, y in zip(points[::2], points[1::2], strict=True)
        ]
        path.moveTo(*pairs[0])
        for pair in pairs[1:]:
            path.lineTo(*pair)
    page.canvas.setLineWidth(1)
    page.canvas.drawPath(path, stroke=1, fill=0)


def _proof(page: _Page, content: Mapping[str, Any]) -> None:
    page.rule()
    page.text(f"Receipt {content['receipt_id']}", size=7)
    page.text(f"follows the receipt with hash {content['previous']}", size=7)
    page.text(f"signed with the key {content['key']['public_key']}", size=7)
    page.text(
        "The JSON of this receipt bears its hash and signature and names the SHA-256 of this file. "
        "Check both with verify_receipt.py, offline, or at /api/public/receipt/verify.",
        size=7,
    )


def _local(moment: str, zone: tzinfo) -> str:
    local = datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M %Z}"
