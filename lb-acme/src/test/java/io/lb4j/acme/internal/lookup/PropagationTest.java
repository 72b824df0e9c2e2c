package io.lb4j.acme.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.server.Bind;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether all of a zone's own servers show a record, asked of a real BIND. */
final class PropagationTest {
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final Duration LONG = Duration.ofSeconds(30); // where it is found; the servers may stand still

    private final Bind dns = Bind.start(
            "a 1 A 127.0.0.1",
            "_acme-challenge.a 1 TXT \"one\"",
            "_acme-challenge.a 1 TXT \"two\"",
            "_acme-challenge.b 1 CNAME c",
            "c 1 CNAME d",
            "loop 1 CNAME pool",
            "pool 1 CNAME loop");
    private final Lookup lookup = new Lookup();

    @AfterEach
    void close() {
        lookup.close();
        dns.close();
    }

    private InetSocketAddress server() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), dns.port());
    }

    private Propagation authoritative() {
        return authoritative(LONG);
    }

    private Propagation authoritative(Duration patience) {
        return new Propagation(lookup, List.of(server()), new Propagation.Check(true, dns.port(), patience));
    }

    @Test
    void theServersOfTheZoneAreFoundAndAsked() throws Exception {
        authoritative().await("_acme-challenge.a.test", "two");
        assertThat(lookup.texts(server(), "_acme-challenge.a.test")).containsExactlyInAnyOrder("one", "two");
        assertThat(lookup.texts(server(), "nothing.test")).isEmpty();
    }

    @Test
    void aServerThatOnlyIpv6LeadsToIsAskedThere() throws Exception {
        assumeThat(Collections.list(NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                        .getInetAddresses()))
                .as("addresses of the loopback interface")
                .anyMatch(Inet6Address.class::isInstance);
        try (Bind resolver = Bind.start();
                Bind authority = Bind.start("_acme-challenge.a 1 TXT \"one\"")) {
            resolver.replace("ns", "A", "60 AAAA ::1");
            Propagation propagation = new Propagation(
                    lookup,
                    List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), resolver.port())),
                    new Propagation.Check(true, authority.port(), LONG));
            propagation.await("_acme-challenge.a.test", "one");
        }
    }

    @Test
    void whoDoesNotShowTheValueIsNamed() {
        assertThatThrownBy(() -> authoritative(SHORT).await("_acme-challenge.a.test", "three"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the TXT record at _acme-challenge.a.test is not seen at [/127.0.0.1:"
                        + dns.port() + "] after PT0.6S (expected: three at every authoritative server)");
    }

    @Test
    void aliasesAreFollowedToTheirEnd() throws Exception {
        assertThat(authoritative().target("_acme-challenge.b.test")).isEqualTo("d.test");
        assertThat(authoritative().target("_acme-challenge.a.test")).isEqualTo("_acme-challenge.a.test");
        assertThatThrownBy(() -> authoritative().target("loop.test"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 8 aliases");
    }

    @Test
    void theNextResolverIsAskedWhereOneDoesNotAnswer() throws Exception {
        try (ReservedPort silent = ReservedPort.any();
                Lookup impatient = new Lookup(Duration.ofSeconds(1))) {
            Propagation two = new Propagation(
                    impatient, List.of(silent.address(), server()), new Propagation.Check(true, dns.port(), LONG));
            assertThat(two.target("_acme-challenge.b.test")).isEqualTo("d.test");
        }
        assertThatThrownBy(() -> lookup.texts(server(), "x.broken.test"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answers ServFail");
    }
}
