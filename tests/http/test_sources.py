"""Who a request comes from, whatever it says of itself."""

from ipaddress import ip_network

import pytest

from doska.http.sources import UNKNOWN, source_of

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("192.0.2.7"), ip_network("fd00::/8")]
CLIENT, PROXY, OTHER_PROXY = "203.0.113.9", "10.0.0.1", "192.0.2.7"

DIRECT = [
    (CLIENT, ""),
    (CLIENT, "198.51.100.1"),
    (CLIENT, "127.0.0.1, 10.0.0.1, 192.0.2.7"),
    (CLIENT, "203.0.113.10"),
    ("::ffff:203.0.113.9", "198.51.100.1"),
]
PROXIED = [
    (PROXY, CLIENT),
    (PROXY, f"198.51.100.1, {CLIENT}"),
    (PROXY, f"198.51.100.1,198.51.100.2,198.51.100.3,{CLIENT}"),
    (PROXY, f"{OTHER_PROXY}, {CLIENT}"),
    (PROXY, f"10.9.9.9, {CLIENT}, {OTHER_PROXY}"),
    (OTHER_PROXY, f"198.51.100.1, {CLIENT}, 10.0.0.3, 10.0.0.2"),
    (PROXY, f"'; drop table users; --, {CLIENT}"),
    (PROXY, f"  {CLIENT}  "),
    (PROXY, f"{CLIENT}:51000"),
    (PROXY, f"::ffff:{CLIENT}"),
    ("::ffff:10.0.0.1", CLIENT),
    ("fd00::1", CLIENT),
]
USELESS = ["", ",", "unknown", "203.0.113.9, _hidden", "203.0.113.9,", "1.2.3", "1.2.3.4.5", "0x7f"]
HOUSEHOLD = [
    "2001:db8:1:2::1",
    "2001:db8:1:2:ffff:ffff:ffff:ffff",
    "[2001:db8:1:2::3]",
    "[2001:db8:1:2::3]:443",
    "2001:0DB8:0001:0002::4%eth0",
]


@pytest.mark.parametrize(("peer", "forwarded"), DIRECT)
def test_what_a_stranger_says_of_itself_changes_nothing(peer: str, forwarded: str) -> None:
    """Seen to fail when the header was read whoever sent it."""
    assert source_of(peer, forwarded, TRUSTED) == CLIENT


@pytest.mark.parametrize(("peer", "forwarded"), PROXIED)
def test_of_trusted_proxies_the_last_word_counts(peer: str, forwarded: str) -> None:
    """Seen to fail with the leftmost address, and with the rightmost one, proxy or not."""
    assert source_of(peer, forwarded, TRUSTED) == CLIENT


@pytest.mark.parametrize("forwarded", USELESS)
def test_a_proxy_that_does_not_tell_is_the_source_itself(forwarded: str) -> None:
    assert source_of(PROXY, forwarded, TRUSTED) == PROXY


def test_where_all_are_trusted_the_first_is_the_source() -> None:
    assert source_of(PROXY, f"10.0.0.5, {OTHER_PROXY}", TRUSTED) == "10.0.0.5"


@pytest.mark.parametrize("forwarded", ["", CLIENT, PROXY])
def test_without_a_list_nobody_is_believed(forwarded: str) -> None:
    assert source_of(PROXY, forwarded, []) == PROXY


@pytest.mark.parametrize("address", HOUSEHOLD)
def test_addresses_of_one_household_are_one_source(address: str) -> None:
    """Else whoever has IPv6 has more sources than anybody could count.

    Seen to fail with whole addresses.
    """
    assert source_of(address, "", TRUSTED) == "2001:db8:1:2::/64"
    assert source_of(PROXY, address, TRUSTED) == "2001:db8:1:2::/64"


def test_neighbours_are_two_sources() -> None:
    assert source_of("2001:db8:1:3::1", "", TRUSTED) != source_of("2001:db8:1:2::1", "", TRUSTED)


@pytest.mark.parametrize("peer", [None, "", "/run/doska.sock"])
def test_a_peer_without_an_address_is_a_source_too(peer: str | None) -> None:
    assert source_of(peer, CLIENT, TRUSTED) == UNKNOWN
