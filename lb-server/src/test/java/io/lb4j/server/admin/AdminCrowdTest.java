package io.lb4j.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.server.config.AdminOptions;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients who do not behave, and cost others nothing. */
final class AdminCrowdTest {
    private static final String HEALTH = "GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";

    private LoadBalancer balancer;

    @BeforeEach
    void start() {
        balancer = LoadBalancer.builder().listener(l -> l.port(0)).start();
    }

    @AfterEach
    void end() {
        balancer.close();
    }

    private AdminServer admin(Duration patience) {
        return AdminServer.start(Administered.of(balancer), AdminOptions.of(a -> a.port(0)), patience);
    }

    @Test
    void thoseWhoAskForNothingKeepNobodyOut() {
        List<RawClient> crowd = new ArrayList<>();
        try (AdminServer admin = admin(Duration.ofMinutes(1))) {
            for (int i = 0; i < 100; i++) {
                crowd.add(RawClient.connect(admin.port()).send("GET /health HTTP/1.1\r\nhost: loc"));
            }
            try (RawClient probe = RawClient.connect(admin.port())) {
                assertThat(probe.send(HEALTH).readResponse().status()).isEqualTo(200);
            }
        } finally {
            crowd.forEach(RawClient::close);
        }
    }

    /** An octet now and then is no reason to wait. */
    @Test
    void aRequestThatDoesNotEndIsNotWaitedFor() {
        try (AdminServer admin = admin(Duration.ofMillis(300));
                RawClient slow = RawClient.connect(admin.port())) {
            slow.send(HEALTH);
            assertThat(slow.readResponse().status()).isEqualTo(200);
            byte[] octets = ("GET / HTTP/1.1\r\nhost: localhost\r\nx: " + "y".repeat(3_000)).getBytes(US_ASCII);

            assertThatThrownBy(() -> slow.sendSlowly(octets, Duration.ofMillis(10), 1))
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void requestsThatComeBeforeTheLastIsAnsweredAreAnsweredInTheirTurn() {
        try (AdminServer admin = admin(Duration.ofMinutes(1));
                RawClient client = RawClient.connect(admin.port())) {
            client.send(HEALTH + "GET /none HTTP/1.1\r\nhost: localhost\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.readResponse().status()).isEqualTo(404);
        }
    }

    @Test
    void saysWhichMethodsThereAre() {
        try (AdminServer admin = admin(Duration.ofMinutes(1));
                RawClient client = RawClient.connect(admin.port())) {
            client.send("DELETE /config HTTP/1.1\r\nhost: localhost\r\n\r\n");
            RawResponse refused = client.readResponse();
            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.headers().first("allow")).contains("GET, HEAD, POST");
        }
    }
}
