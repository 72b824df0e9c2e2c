package io.lb4j.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import org.junit.jupiter.api.Test;

/** Who may come, by address. The listener trusts 127.0.0.1, which the tests come from, and 10.0.0.0/8. */
final class IpAccessTest {
    @Test
    void onlyThoseComeInThatAreAllowedAndNotDenied() {
        try (Served served = Served.with(
                Plugins.ipAccess(a -> a.allow("192.0.2.0/24", "2001:db8::/32").deny("192.0.2.66")))) {
            assertThat(status(served, "192.0.2.1")).isEqualTo(200);
            assertThat(status(served, "192.0.2.66")).isEqualTo(403);
            assertThat(status(served, "2001:db8::1")).isEqualTo(200);
            assertThat(status(served, "198.51.100.1")).isEqualTo(403);
            assertThat(served.get("/").status()).isEqualTo(403);
        }
    }

    @Test
    void whatAClientAddsToTheFieldDoesNotLetItIn() {
        try (Served served = Served.with(Plugins.ipAccess(a -> a.allow("192.0.2.1")))) {
            assertThat(status(served, "192.0.2.1, 198.51.100.1")).isEqualTo(403);
            assertThat(status(served, "198.51.100.1, 192.0.2.1, 10.0.0.1")).isEqualTo(200);
            assertThat(status(served, "192.0.2.1, oops")).isEqualTo(403);
        }
    }

    @Test
    void theConnectionMayCountInstead() {
        try (Served served =
                Served.with(Plugins.ipAccess(a -> a.deny("127.0.0.0/8").byConnection()))) {
            assertThat(status(served, "192.0.2.1")).isEqualTo(403);
        }
        try (Served served = Served.with(Plugins.ipAccess(a -> a.deny("127.0.0.0/8")))) {
            assertThat(status(served, "192.0.2.1")).isEqualTo(200);
        }
    }

    @Test
    void faultsNameTheirPlace() {
        assertThatThrownBy(() -> Plugins.ipAccess(a -> a.allow("10.0.0.0/33", "all")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ip_access.allow[0]")
                .hasMessageContaining("ip_access.allow[1]");
        assertThatThrownBy(() -> Plugins.ipAccess(a -> {})).hasMessageContaining("one of allow, deny");
    }

    private static int status(Served served, String forwardedFor) {
        return served.get("/", "X-Forwarded-For: " + forwardedFor).status();
    }
}
