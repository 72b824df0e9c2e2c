package io.lb4j.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.model.Endpoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries one by one, whatever a registry calls a host. */
final class EntryReaderTest {
    private final EntryReader reader = new EntryReader("a registry");

    private Entries read(String host) {
        return reader.read(host, () -> Optional.of(Endpoint.of(host, 80)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "2001:db8::1",
                "::ffff:10.0.0.1",
                "localhost",
                "api-1.internal",
                "_api.my_host.example.com.",
                "7",
                "b\u00fccher.example"
            })
    void aHostIsAnAddressOrAName(String host) {
        assertThat(read(host)).isEqualTo(Entries.of(Endpoint.of(host, 80)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1",
                "10.0.0.1:8080",
                "10.0.0.1/24",
                "10.0.0.256",
                "10.0.0",
                "10.0.0.1 ",
                "a host",
                "a..b",
                ".",
                "a,b",
                "[2001:db8::1]",
                "2001:db8::1%eth0",
                "2001:db8:::1",
                "a\u0000b"
            })
    void anEntryWhoseHostCanBeNeitherIsLeftOut(String host) {
        assertThat(read(host)).isEqualTo(Entries.LEFT_OUT);
    }

    @Test
    void namesAndTheirLabelsHaveTheLengthThatDnsAllows() {
        String label = "a".repeat(63);
        String longest = String.join(".", label, label, label, "a".repeat(61));

        assertThat(read(longest).endpoints()).hasSize(1);
        assertThat(read(longest + "a")).isEqualTo(Entries.LEFT_OUT);
        assertThat(read(label + "a.example")).isEqualTo(Entries.LEFT_OUT);
    }

    @Test
    void whatIsLoggedOfAnEntryIsOneLineOfBoundedLength() {
        assertThat(EntryReader.onOneLine("a\nERROR b\u2028c\u001b[0m")).isEqualTo("a?ERROR b?c?[0m");
        assertThat(EntryReader.onOneLine("x".repeat(1_000_000))).hasSize(201).endsWith("…");
    }
}
