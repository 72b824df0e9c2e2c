package io.lb4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternsTest {
    @ParameterizedTest
    @CsvSource({
        "/, EXACT, false",
        "/a/b, EXACT, false",
        "/a/b/, EXACT, false",
        "/**, PREFIX, true",
        "/api/**, PREFIX, true",
        "/users/{id}, TEMPLATE, false",
        "/users/*, TEMPLATE, false",
        "/users/{id}/**, TEMPLATE, true",
    })
    void tellsTheKindsOfPathsApart(String text, PathPattern.Kind kind, boolean open) {
        PathPattern pattern = PathPattern.of(text);

        assertThat(pattern.kind()).isEqualTo(kind);
        assertThat(pattern.isOpen()).isEqualTo(open);
        assertThat(pattern).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "/a*",
                "/a/**/b",
                "/***",
                "/{id",
                "/{}",
                "/{a-b}",
                "/x{id}",
                "/{id}.txt",
                "/{a}/{a}",
                "//a",
                "/a//b",
                "/./a",
                "/a/..",
                "/%2e%2E/a",
                "/a b",
                "/a?b",
                "/a#b",
                "/a\\b",
                "/é",
                "/a%",
                "/a%zz",
                "/a%00",
                "/a\r\nb"
            })
    void refusesWhatIsNoPath(String text) {
        assertThatThrownBy(() -> PathPattern.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "//a", "/{a", "/a b", "/a?b", "/a%0", "/\r\n"})
    void refusesWhatIsNoTemplate(String text) {
        assertThatThrownBy(() -> PathTemplate.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "a b",
                "a:80",
                "http://a",
                "a..b",
                "-a",
                "a.",
                "*.*.b",
                "[1.2.3.4]",
                "[::g]",
                "[]",
                "ä.example"
            })
    void refusesWhatIsNoHost(String text) {
        assertThatThrownBy(() -> HostPattern.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesALabelThatIsTooLong() {
        assertThat(HostPattern.of("a".repeat(63) + ".example").name()).hasSize(71);
        assertThatThrownBy(() -> HostPattern.of("a".repeat(64) + ".example"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesAnIpv6AddressInOneWay() {
        assertThat(HostPattern.of("[2001:DB8:0:0::1]")).isEqualTo(HostPattern.of("[2001:db8::1]"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
    })
    void tellsWhichAddressesAreInABlock(String block, String address, boolean expected) throws Exception {
        assertThat(AddressBlock.of(block).contains(InetAddress.getByName(address)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0/8",
                "example.com",
                "10.0.0.0/8/8"
            })
    void refusesWhatIsNoBlock(String text) {
        assertThatThrownBy(() -> AddressBlock.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void comparesBlocksByWhatTheyContain() {
        assertThat(AddressBlock.of("10.1.2.3/8"))
                .isEqualTo(AddressBlock.of("10.0.0.0/8"))
                .hasToString("10.0.0.0/8");
        assertThat(AddressBlock.of("10.0.0.0/9")).isNotEqualTo(AddressBlock.of("10.0.0.0/8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "99", "600", "2xx", "300-200", "200-", "200-600"})
    void refusesWhatIsNoStatus(String text) {
        assertThatThrownBy(() -> StatusRange.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsWhichStatusesAreInARange() {
        assertThat(StatusRange.of("200-299").contains(299)).isTrue();
        assertThat(StatusRange.of("200-299").contains(300)).isFalse();
        assertThat(StatusRange.of("204")).isEqualTo(new StatusRange(204, 204)).hasToString("204");
    }
}
