"""Checks before any figure is taken that a proxy does the same work as the others."""

import os
import re
import ssl
import subprocess
from http.client import HTTPConnection, HTTPSConnection

from harness.scenario import Scenario

TIMEOUT_SECONDS = 10
CLOSING_REQUEST = "GET /1k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class ProbeFailure(Exception):
    """A proxy that answers differently from what the scenario asks."""


def check(scenario: Scenario, place) -> None:
    """Raises ProbeFailure, or OSError where the proxy does not even answer."""
    _check_body(scenario, place)
    if scenario.tls:
        _check_tls(scenario, place)


def _check_body(scenario: Scenario, place) -> None:
    connection = _connection(scenario, place)
    try:
        # Twice on one connection: keep-alive is part of what is compared.
        for _ in range(2):
            connection.request("GET", scenario.path)
            response = connection.getresponse()
            body = response.read()
            _expect("status", response.status, 200)
            _expect("body bytes", len(body), scenario.body_bytes)
            _expect("connection kept", not response.will_close, True)
    finally:
        connection.close()


def _connection(scenario: Scenario, place) -> HTTPConnection:
    if not scenario.tls:
        return HTTPConnection("localhost", place.port, timeout=TIMEOUT_SECONDS)
    context = ssl.create_default_context(cafile=str(place.certificate.chain))
    return HTTPSConnection("localhost", place.tls_port, timeout=TIMEOUT_SECONDS, context=context)


def _check_tls(scenario: Scenario, place) -> None:
    protocol = "h2" if scenario.is_http2() else "http/1.1"
    seen = _handshake(place, "", "-alpn", protocol, "-verify_return_error")
    _expect("TLS version", _find(r"^New, (\S+), Cipher is", seen), "TLSv1.3")
    _expect("cipher", _find(r"^New, \S+, Cipher is (\S+)", seen), "TLS_AES_128_GCM_SHA256")
    # OpenSSL 3.5 says it in the second way.
    group = _find(r"^(?:Server Temp Key|Peer Temp Key|Negotiated TLS1.3 group): (\w+)", seen)
    _expect("key exchange", group, "X25519")
    _expect("ALPN", _find(r"^ALPN protocol: (\S+)", seen), protocol)
    if scenario.connection_per_request:
        _check_no_resumption(place)


def _check_no_resumption(place) -> None:
    ticket = place.directory / "ticket.pem"
    # To the end of an answer, for a ticket comes behind the handshake.
    _handshake(place, CLOSING_REQUEST, "-ign_eof", "-sess_out", str(ticket))
    # A server need not send a ticket at all; one that it sends may still be of no use.
    if ticket.exists():
        second = _handshake(place, "", "-sess_in", str(ticket))
        _expect("second handshake", _find(r"^(New|Reused), ", second), "New")


def _handshake(place, request: str, *arguments: str) -> str:
    command = ["openssl", "s_client", "-connect", f"localhost:{place.tls_port}", "-servername", "localhost"]
    command += ["-CAfile", str(place.certificate.chain), *arguments]
    try:
        done = subprocess.run(
            command,
            # The policy of the load generators: a server may well choose otherwise for a client that offers more.
            env={**os.environ, "OPENSSL_CONF": str(place.certificate.client_policy)},
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as e:
        raise ProbeFailure(f"openssl s_client: still running after {TIMEOUT_SECONDS} s") from e
    return done.stdout


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1) if found else "none"


def _expect(what: str, seen, expected) -> None:
    if seen != expected:
        raise ProbeFailure(f"{what}: {seen} (expected: {expected})")
