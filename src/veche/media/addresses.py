"""Which addresses clients are told: those configured, else those that the sockets really have."""

import ipaddress
from collections.abc import Iterable, Sequence

import ifaddr


def announced(
    bound: Sequence[tuple[str, int]], configured: Sequence[str], own: Iterable[str]
) -> tuple[tuple[str, int], ...]:
    """Candidates, best first: (address, port), each once.

    A socket on a wildcard stands for all own addresses of its family. Loopback is announced only
    where a socket is bound to it or there is nothing else, link-local never: it has no meaning on
    another link.
    """
    found: dict[tuple[str, int], None] = {}
    own_addresses = list(own)
    for host, port in bound:
        address = ipaddress.ip_address(host)
        if configured:
            hosts = [c for c in configured if _version(c) == address.version]
        elif address.is_unspecified:
            of_family = [o for o in own_addresses if _version(o) == address.version]
            hosts = [o for o in of_family if _is_reachable(o)]
            # A machine without any network still talks to itself.
            hosts = hosts or [o for o in of_family if ipaddress.ip_address(o).is_loopback]
        else:
            hosts = [str(address)]
        for name in hosts:
            found.setdefault((name, port))
    return tuple(found)


def own_addresses() -> list[str]:
    """All addresses of this machine's interfaces."""
    found = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            found.append(ip.ip if isinstance(ip.ip, str) else ip.ip[0])
    return found


def _version(text: str) -> int:
    return ipaddress.ip_address(text).version


def _is_reachable(text: str) -> bool:
    address = ipaddress.ip_address(text)
    return not (address.is_loopback or address.is_link_local)
