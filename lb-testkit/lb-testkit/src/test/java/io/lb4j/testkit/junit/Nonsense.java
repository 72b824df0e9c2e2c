package io.lb4j.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.RawClient;

/** What no balancer of ours sends. */
final class Nonsense {
    private Nonsense() {}

    static void sendTo(int port) {
        try (RawClient client = RawClient.connect(port)) {
            assertThat(client.send("NONSENSE\r\n\r\n").readResponse().status()).isEqualTo(400);
        }
    }
}
