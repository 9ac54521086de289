"""What a certificate file really offers: read by showing it to ourselves.

A handshake in memory between a server with the files and a client that trusts nothing else
tells validity and names exactly as a browser would see them, by OpenSSL and nothing of ours.
"""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


class CertificateUnusable(Exception):
    """In words, why no browser would take it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    names: tuple[str, ...]
    expires_at: datetime

    def covers(self, host: str) -> bool:
        """Whether a browser that was asked for this host accepts it (RFC 6125, section 6.4)."""
        _, _, parent = host.partition(".")
        return host in self.names or f"*.{parent}" in self.names


def read_certificate(chain: Path, key: Path) -> Certificate:
    """Raises `CertificateUnusable`: not there, not PEM, key of another, expired."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_side.check_hostname = False
    client_side.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        server_side.load_cert_chain(chain, key)
        client_side.load_verify_locations(chain)
        seen = _shake_hands(server_side, client_side)
    except ssl.SSLCertVerificationError as error:
        raise CertificateUnusable(error.verify_message) from None
    except OSError as error:  # ssl.SSLError is one too
        raise CertificateUnusable(error.strerror or str(error)) from None
    names = tuple(str(alternative[1]) for alternative in seen.get("subjectAltName", ()))
    expires = ssl.cert_time_to_seconds(str(seen["notAfter"]))
    return Certificate(names, datetime.fromtimestamp(expires, UTC))


def _shake_hands(
    server_side: ssl.SSLContext, client_side: ssl.SSLContext
) -> "ssl._PeerCertRetDictType":
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = server_side.wrap_bio(to_server, to_client, server_side=True)
    client = client_side.wrap_bio(to_client, to_server)
    # A full handshake needs two turns of each side; it is done or has failed long before eight.
    for _ in range(8):
        is_done = True
        for end in (client, server):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                is_done = False
        if is_done:
            break
    seen = client.getpeercert()
    assert seen, "a verified certificate is shown"
    return seen
