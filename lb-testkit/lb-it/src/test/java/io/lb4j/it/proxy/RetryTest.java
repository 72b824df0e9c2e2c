package io.lb4j.it.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import org.junit.jupiter.api.Test;

final class RetryTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void triesAnotherEndpointWhereOneRefusesConnections() {
        try (ScriptedUpstream dead = ScriptedUpstream.start();
                ScriptedUpstream alive = ScriptedUpstream.start()) {
            dead.stopListening();
            try (LoadBalancer lb = Balancers.before(dead, alive);
                    RawClient client = RawClient.connect(lb.port())) {
                for (int i = 0; i < 10; i++) {
                    assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void repeatsAGetWhoseConnectionWasResetBeforeTheAnswer() {
        try (ScriptedUpstream flaky = ScriptedUpstream.start(script -> {
                    script.on("/").times(1).reset();
                    script.onAny().answer(200);
                });
                LoadBalancer lb = Balancers.before(flaky);
                RawClient client = RawClient.connect(lb.port())) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            assertThat(flaky.requestCount()).isEqualTo(2);
        }
    }

    @Test
    void neverRunsAPostTwice() {
        try (ScriptedUpstream flaky =
                        ScriptedUpstream.start(script -> script.onAny().reset());
                ScriptedUpstream other =
                        ScriptedUpstream.start(script -> script.onAny().reset());
                LoadBalancer lb = Balancers.before(flaky, other);
                RawClient client = RawClient.connect(lb.port())) {
            int status = client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                    .readResponse()
                    .status();

            assertThat(status).isEqualTo(502);
            assertThat(flaky.requestCount() + other.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void sendsAPostElsewhereWhereNothingWasSentYet() {
        try (ScriptedUpstream dead = ScriptedUpstream.start();
                ScriptedUpstream alive =
                        ScriptedUpstream.start(script -> script.onAny().echo())) {
            dead.stopListening();
            try (LoadBalancer lb = Balancers.before(dead, alive);
                    RawClient client = RawClient.connect(lb.port())) {
                for (int i = 0; i < 4; i++) {
                    assertThat(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                                    .readResponse()
                                    .status())
                            .isEqualTo(200);
                }
                assertThat(alive.requestCount()).isEqualTo(4);
            }
        }
    }
}
