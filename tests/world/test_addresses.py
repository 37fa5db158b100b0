"""Where sources and licences stand: an address for each that was published somewhere."""

from urllib.parse import urlparse

from sim.world import load_world
from sim.world.record import addresses, licence_address, sources

UNPUBLISHED = {"huawei_press", "ascend_export", "memory", "rule"}
"""Quoted in the press without a place of its own, or not published at all."""


def test_every_published_source_has_an_address() -> None:
    assert set(addresses()) == set(sources()) - UNPUBLISHED
    for address in addresses().values():
        parts = urlparse(address)
        assert parts.scheme in ("http", "https")
        assert "." in parts.netloc


def test_every_value_of_a_country_leads_to_its_source() -> None:
    world = load_world()
    for column in world.values:
        record = world.provenance("KEN", column)
        assert record.source in addresses() or record.source in UNPUBLISHED, column


def test_known_licences_have_their_text() -> None:
    without = {one.licence for one in sources().values() if not licence_address(one.licence)}
    assert not {licence for licence in without if licence.startswith(("CC", "ODC", "Etalab"))}
    assert licence_address("CC BY-SA 4.0") != licence_address("CC BY 4.0")
    assert licence_address("public domain") == ""
