"""A certificate for tests, made on the spot: no private key is kept in the repository."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TestCertificate:
    __test__ = False

    chain: Path
    key: Path

    def trust(self) -> ssl.SSLContext:
        """A client that trusts this certificate and nothing else."""
        return ssl.create_default_context(cafile=self.chain)


def make_certificate(
    folder: Path, *names: str, days: int = 90, name: str = "server"
) -> TestCertificate:
    """Signed by itself, for these subject alternative names (`DNS:host`, `IP:address`)."""
    made = TestCertificate(folder / f"{name}.pem", folder / f"{name}-key.pem")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-newkey", "ec"),
            *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=veche test"),
            *("-addext", f"subjectAltName={','.join(names)}", "-days", str(days)),
            *("-keyout", str(made.key), "-out", str(made.chain)),
        ],
        check=True,
        capture_output=True,
    )
    return made
