package io.lb4j.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.server.config.AdminOptions;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.net.Dial;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients who do not behave, and cost others nothing. */
final class AdminCrowdTest {
    private static final String TAP = "GET /tap?per_second=10000 HTTP/1.1\r\nhost: localhost\r\n\r\n";
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
        return admin(new AdminServer.Patience(patience, Duration.ofMinutes(1)));
    }

    private AdminServer admin(AdminServer.Patience patience) {
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
        try (AdminServer admin = admin(Duration.ofSeconds(2));
                RawClient slow = RawClient.connect(admin.port())) {
            slow.send(HEALTH);
            assertThat(slow.readResponse().status()).isEqualTo(200);
            byte[] octets = ("GET / HTTP/1.1\r\nhost: localhost\r\nx: " + "y".repeat(3_000)).getBytes(US_ASCII);

            assertThatThrownBy(() -> slow.sendSlowly(octets, Duration.ofMillis(10), 1))
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void thoseWhoListenAndTakeNothingMakeRoomForOthers() {
        List<RawClient> listeners = new ArrayList<>();
        try (AdminServer admin = admin(new AdminServer.Patience(Duration.ofMinutes(1), Duration.ofMillis(300)));
                RawClient visitor = RawClient.connect(balancer.port())) {
            for (int i = 0; i < 8; i++) {
                RawClient listener = RawClient.connect(Dial.to(admin.port()).receiveBuffer(4_096));
                listeners.add(listener);
                assertThat(listener.send(TAP).readUntil(": tap")).startsWith("HTTP/1.1 200");
            }
            RawResponse refused = answer(admin, TAP);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text()).contains("too many who listen to events (expected: at most 8 at once)");

            // As long as there is room in sockets, whoever takes nothing cannot be told from others.
            String visit = "GET / HTTP/1.1\r\nhost: localhost\r\nx: " + "y".repeat(7_000) + "\r\n\r\n";
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                for (int i = 0; i < 100; i++) {
                    visitor.send(visit).readResponse();
                }
                return tapHead(admin).contains("200 OK");
            });
        } finally {
            listeners.forEach(RawClient::close);
        }
    }

    private static String tapHead(AdminServer admin) {
        try (RawClient client = RawClient.connect(admin.port())) {
            return client.send(TAP).readUntil("\r\n\r\n");
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
    void saysOfWhatThereIsTooMuch() {
        try (AdminServer admin = admin(Duration.ofMinutes(1))) {
            RawResponse fields =
                    answer(admin, "GET / HTTP/1.1\r\nhost: localhost\r\ncookie: " + "y".repeat(20_000) + "\r\n\r\n");
            assertThat(fields.status()).isEqualTo(431);
            assertThat(fields.text()).contains("header fields: too large (expected: at most 16384 octets; cookies of");
            RawResponse line = answer(admin, "GET /" + "y".repeat(9_000) + " HTTP/1.1\r\nhost: localhost\r\n\r\n");
            assertThat(line.status()).isEqualTo(414);
            assertThat(line.text()).contains("path and query: too long (expected: at most 8192 octets)");
            assertThat(answer(admin, "GET/HTTP\r\n\r\n").text()).contains("no HTTP that can be understood");
        }
    }

    private static RawResponse answer(AdminServer admin, String request) {
        try (RawClient client = RawClient.connect(admin.port())) {
            return client.send(request).readResponse();
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
