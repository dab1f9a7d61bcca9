"""ADF 1.0 as it occurs: odd case, malformed dates, missing pieces; and what must never be parsed."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.crm_intake.lead import Lead
from shared.errors import Rejected

SPEC = """<?xml version="1.0" encoding="UTF-8"?>
<?ADF VERSION="1.0"?>
<adf><prospect status="new">
  <id sequence="1" source="Autoweb">L-77</id>
  <requestdate>2026-11-19T08:15:00-05:00</requestdate>
  <vehicle interest="trade-in"><year>2001</year><make>Ford</make></vehicle>
  <vehicle interest="buy" status="used">
    <year>2003</year><make>Honda</make><model>Accord</model><vin>1HGCM82633A004352</vin>
  </vehicle>
  <customer>
    <contact>
      <name part="first">Jane</name><name part="last">Roe</name>
      <email>jane@example.com</email><email>j.roe@example.com</email>
      <phone type="voice" time="day">312-555-0142</phone><phone type="cellphone">312-555-0143</phone>
      <address><street line="1">45 McCulloch St</street><street line="2">Apt 3</street>
        <city>Austin</city><regioncode>TX</regioncode><postalcode>78701</postalcode><country>US</country></address>
    </contact>
    <comments>Is it still there?</comments>
  </customer>
  <vendor><contact><name part="full">AutoHaus</name></contact></vendor>
  <provider><name part="full">Autoweb Leads</name></provider>
</prospect></adf>"""


def read(xml: str) -> Lead:
    return Lead.read_body("application/xml", xml.encode())


def test_a_complete_prospect_is_read_whole() -> None:
    lead = read(SPEC)
    assert (lead.source, lead.external_id, lead.display_name) == ("Autoweb Leads", "L-77", "Jane Roe")
    assert lead.all_emails == ("jane@example.com", "j.roe@example.com")
    assert lead.all_phones == ("+13125550142", "+13125550143")
    assert lead.address is not None
    assert lead.address.street == "45 McCulloch St Apt 3"
    assert lead.vehicle is not None
    assert (lead.vehicle.year, lead.vehicle.make, lead.vehicle.interest) == (2003, "Honda", "buy")
    assert lead.comments == "Is it still there?"


@pytest.mark.parametrize(
    "change",
    [
        ('<?ADF VERSION="1.0"?>', '<?adf version="1.0"?>'),
        ("2026-11-19T08:15:00-05:00", "2008-06-25T8:47:50"),
        ("2026-11-19T08:15:00-05:00", "2008-06-25T08:47:50-08:0"),
        ("<requestdate>2026-11-19T08:15:00-05:00</requestdate>", ""),
        ("<year>2003</year>", "<year>03?</year>"),
        ("<regioncode>TX</regioncode>", ""),
        ("<adf>", "<ADF>\n<!-- a comment -->"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "\n "),
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n<?ADF VERSION="1.0"?>',
            '<?ADF VERSION "1.0"?> <?XML VERSION "1.0"?>',
        ),
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n<?ADF VERSION="1.0"?>',
            '<?adf version="1.0"?>\n<?xml version="1.0"?>',
        ),
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '\ufeff<?xml version="1.0" encoding="utf-8" standalone="yes"?>',
        ),
        ("2026-11-19T08:15:00-05:00", "0001-01-01T00:00:00"),
        ("2026-11-19T08:15:00-05:00", "9999-12-31T23:59:59"),
    ],
)
def test_what_varies_in_the_wild_is_forgiven(change: tuple[str, str]) -> None:
    xml = SPEC.replace(*change)
    xml = xml.replace("</adf>", "</ADF>") if "<ADF>" in change[1] else xml
    assert read(xml).display_name == "Jane Roe"


def test_the_declared_encoding_holds_wherever_it_stands() -> None:
    xml = SPEC.replace("Jane", "José").replace('<?xml version="1.0" encoding="UTF-8"?>', "")
    declared = f"<?ADF VERSION '1.0'?><?xml version='1.0' encoding='ISO-8859-1'?>{xml}"
    assert Lead.read_body("text/xml", declared.encode("latin-1")).first_name == "José"
    assert Lead.read_body("text/xml", xml.encode("utf-16")).first_name == "José"


def test_one_name_with_or_without_a_part_is_the_whole_name() -> None:
    parts = '<name part="first">Jane</name><name part="last">Roe</name>'
    assert read(SPEC.replace(parts, '<name part="FULL">Jane Roe</name>')).name == "Jane Roe"
    assert read(SPEC.replace(parts, "<name>Jane Roe</name>")).name == "Jane Roe"


def test_an_adf_lead_and_a_json_lead_of_one_person_are_one_person(desk: Any) -> None:
    status, first = desk.send_xml(SPEC, "application/x-adf+xml")
    assert status == 201
    again = desk.take(name="Jane Roe", phone="(312) 555-0143")
    assert again["master_person_id"] == first["master_person_id"]


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        ("<adf><prospect>", 400),
        (" ", 400),
        ("<adf></adf>", 422),
        ("<html><p>hello</p></html>", 422),
        ("<adf><prospect/><prospect/></adf>", 422),
        (
            "<adf><prospect><customer><contact><email>nobody</email></contact></customer></prospect></adf>",
            422,
        ),
        ("<adf><prospect/></adf>", 422),
        ('<?xml version="1.0" encoding="klingon"?><adf/>', 400),
    ],
)
def test_what_is_no_prospect_is_refused(desk: Any, xml: str, status: int) -> None:
    assert desk.send_xml(xml)[0] == status
    assert desk.stored("leads") == []


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY e0 "ha">{ENTITIES}]><adf>&e9;</adf>'
FILE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><adf>&x;</adf>'
REMOTE = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><adf/>'


@pytest.mark.parametrize("xml", [BOMB, FILE, REMOTE])
def test_an_xml_bomb_and_foreign_entities_are_refused_at_once(desk: Any, xml: str) -> None:
    started = time.perf_counter()
    status, answer = desk.send_xml(xml)
    assert status == 400
    assert "DTD" in answer["detail"]
    assert time.perf_counter() - started < 1


@given(st.binary(max_size=300))
def test_no_bytes_make_the_parser_fail_in_another_way_than_by_refusing(body: bytes) -> None:
    with suppress(Rejected, ValueError):
        Lead.read_body("application/xml", body)
    with suppress(Rejected, ValueError):
        Lead.read_body("application/xml", b"<adf><prospect>" + body + b"</prospect></adf>")


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_text_in_a_field_makes_the_parser_fail_in_another_way(name: str, number: str) -> None:
    with suppress(Rejected, ValueError):
        Lead.model_validate({"source": "x", "name": name, "email": "a@example.com", "phone": number})
