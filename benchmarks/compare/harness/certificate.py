"""The one certificate that every proxy serves, made anew for each run."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

# The same for all clients: TLS 1.3 and AES-128-GCM, on the curve that all servers know. wrk has no options for these.
CLIENT_POLICY = """\
openssl_conf = library
[library]
ssl_conf = tls
[tls]
system_default = pinned
[pinned]
MinProtocol = TLSv1.3
Ciphersuites = TLS_AES_128_GCM_SHA256
Groups = X25519
"""


@dataclass(frozen=True)
class Certificate:
    """PEM files: the chain, the key (PKCS #8), both in one, and the OpenSSL configuration of the clients."""

    chain: Path
    key: Path
    bundle: Path
    client_policy: Path


def create(directory: Path) -> Certificate:
    chain, key, bundle = (directory / name for name in ("chain.pem", "key.pem", "bundle.pem"))
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-sha256", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-out", str(chain), "-keyout", str(key)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    bundle.write_bytes(chain.read_bytes() + key.read_bytes())
    policy = directory / "client-openssl.cnf"
    policy.write_text(CLIENT_POLICY)
    return Certificate(chain, key, bundle, policy)
