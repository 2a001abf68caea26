"""Where the program may go by itself: to public addresses, and to those in WEBHOOK_ALLOWED_RANGES.

Without this, whoever names an address could have the program ask what only its own network can reach.
"""

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

Address = IPv4Address | IPv6Address
NAT64 = IPv6Network("64:ff9b::/96")
# Public by number, but answered by a cloud's own host, or set aside for the network that one is in.
INNER = tuple(ip_network(each) for each in ("168.63.129.16/32", "192.0.0.0/24", "64:ff9b:1::/48"))


class Refused(Exception):
    """An address to which nothing is sent; the message says why."""


def parsed(url: str) -> Url:
    """The address in its parts, names in their ASCII form. Raises Refused when it can be no endpoint's."""
    try:
        found = parse_url(url)
        port = urlsplit(url).port
    except (LocationParseError, ValueError) as error:
        raise Refused("This is no web address. Give one such as https://hooks.example.org/slipway.") from error
    if found.scheme not in ("https", "http") or not found.host:
        raise Refused("Give a whole address that starts with https://.")
    if found.auth or found.fragment:
        raise Refused("Leave user name, password and #fragment out of the address; nothing secret belongs there.")
    if port == 0 or any(char.isspace() or not char.isprintable() for char in url):
        raise Refused("The address has a port or a character that no address has.")
    return found


def check(url: str) -> None:
    """What can be said of an address without asking the network. Raises Refused."""
    found = parsed(url)
    try:
        literal = ip_address(bare(found.host))
    except ValueError:
        return
    _judge([literal], found)


def admissible(found: Url) -> list[str]:
    """The addresses of the host at which it may be asked: connect to one of these, not to the name. Raises Refused."""
    port = found.port or (443 if found.scheme == "https" else 80)
    try:
        answers = socket.getaddrinfo(bare(found.host), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"The name {found.host} was not found.") from error
    addresses = [ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    return [str(address) for address in _judge(addresses, found)]


def bare(host: str | None) -> str:
    return (host or "").strip("[]")


def _judge(addresses: list[Address], found: Url) -> list[Address]:
    """Those that may be asked; HTTP without TLS only within the ranges that the operator named."""
    named = [address for address in addresses if _is_named(address)]
    if found.scheme == "http":
        if not named:
            raise Refused("Give an https:// address; without TLS it may only be in WEBHOOK_ALLOWED_RANGES.")
        return named
    good = [address for address in addresses if address in named or is_public(address)]
    if not good:
        raise Refused(f"{found.host} is not a public address, and not in WEBHOOK_ALLOWED_RANGES.")
    return good


def _is_named(address: Address) -> bool:
    return any(address in network for network in settings.WEBHOOK_ALLOWED_RANGES)


def is_public(address: Address) -> bool:
    return all(
        each.is_global
        and not each.is_multicast
        and not each.is_reserved
        and not any(each in network for network in INNER)
        for each in _unwrapped(address)
    )


def _unwrapped(address: Address) -> Iterator[Address]:
    """The address, or the IPv4 address that it carries."""
    if isinstance(address, IPv4Address):
        yield address
    elif inner := address.ipv4_mapped:
        yield inner
    elif address in NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    else:
        yield address
        if address.sixtofour:
            yield address.sixtofour
        if address.teredo:
            yield address.teredo[1]
