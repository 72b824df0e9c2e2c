"""What is asked of every proxy."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Scenario:
    """One kind of load; `streams` is 0 for HTTP/1.1 and the concurrent streams of a connection for HTTP/2 and HTTP/3."""

    name: str
    title: str
    path: str
    body_bytes: int
    connections: int
    tls: bool = False
    streams: int = 0
    connection_per_request: bool = False
    http3: bool = False

    def is_http2(self) -> bool:
        return self.streams > 0 and not self.http3

    def port(self, place) -> int:
        return place.tls_port if self.tls else place.port

    def url(self, place) -> str:
        # A name, not an address: RFC 6066 section 3 allows no IP literal in the SNI that the generators send.
        scheme = "https" if self.tls else "http"
        return f"{scheme}://localhost:{self.port(place)}{self.path}"


SCENARIOS = (
    Scenario("h1", "HTTP/1.1, keep-alive, 64 connections, 1 KiB", "/1k", KIB, 64),
    Scenario("h1-tls", "HTTP/1.1 over TLS, keep-alive, 64 connections, 1 KiB", "/1k", KIB, 64, tls=True),
    Scenario("h2-tls", "HTTP/2 over TLS, 16 connections x 32 streams, 1 KiB", "/1k", KIB, 16, tls=True, streams=32),
    Scenario("big", "HTTP/1.1, keep-alive, 16 connections, 1 MiB", "/1m", MIB, 16),
    Scenario(
        "connect-tls",
        "HTTP/1.1, a new TLS connection per request, 64 at a time, 1 KiB",
        "/1k",
        KIB,
        64,
        tls=True,
        connection_per_request=True,
    ),
    Scenario("h3", "HTTP/3, 16 connections x 32 streams, 1 KiB", "/1k", KIB, 16, tls=True, streams=32, http3=True),
    Scenario("h3-big", "HTTP/3, 16 connections x 1 stream, 1 MiB", "/1m", MIB, 16, tls=True, streams=1, http3=True),
)

# The handshake scenario and those of HTTP/3 are asked for by name.
DEFAULT_NAMES = ("h1", "h1-tls", "h2-tls", "big")


def named(names) -> tuple[Scenario, ...]:
    return tuple(scenario for scenario in SCENARIOS if scenario.name in names)
