package io.lb4j.acme.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a certificate may be for. */
final class DomainNameTest {
    @ParameterizedTest
    @CsvSource({
        "Example.COM, example.com",
        "example.com., example.com",
        "*.Example.com, *.example.com",
        "bücher.example, xn--bcher-kva.example",
        "*.bücher.example, *.xn--bcher-kva.example",
        "192.0.2.1, 192.0.2.1",
        "[2001:DB8::1], 2001:db8::1",
        "2001:db8:0::1, 2001:db8::1",
        "localhost, localhost"
    })
    void isTakenAsPeopleWriteIt(String written, String taken) {
        assertThat(DomainName.of(written).text()).isEqualTo(taken);
        assertThat(DomainName.of(taken)).isEqualTo(DomainName.of(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "a.*.b",
                "**.a",
                "*a.b",
                "a..b",
                ".a",
                "-a.b",
                "a-.b",
                "a b.c",
                "http://a.b",
                "a.b/c",
                "a.b:443",
                "1.2.3",
                "1.2.3.4.5",
                "a@b.c",
                "a.b,c.d",
                "a.123"
            })
    void isNothingElse(String written) {
        assertThatThrownBy(() -> DomainName.of(written)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasALengthAtTheMost() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);
        assertThat(DomainName.of(longest).text()).hasSize(253);
        assertThatThrownBy(() -> DomainName.of(longest + "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DomainName.of("a" + label + ".test")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAddressIsFoundInACertificateInAnyForm() {
        CertificateNames names = new CertificateNames(
                List.of(DomainName.of("2001:db8::1"), DomainName.of("*.a.test"), DomainName.of("192.0.2.1")));
        assertThat(names.areAmong(List.of("2001:db8:0:0:0:0:0:1", "*.a.test", "192.0.2.1", "not a name")))
                .isTrue();
        assertThat(names.areAmong(List.of("2001:db8:0:0:0:0:0:2", "*.a.test", "192.0.2.1")))
                .isFalse();
    }
}
