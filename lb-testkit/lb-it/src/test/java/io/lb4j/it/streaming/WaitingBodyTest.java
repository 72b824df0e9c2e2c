package io.lb4j.it.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.Payload;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request's body while its request waits for the next try: it is not read on without end, and arrives whole. */
@TimeBound
final class WaitingBodyTest {
    private static final long BODY = 32 << 20;
    private static final Duration BACK_OFF = Duration.ofSeconds(2);

    @ParameterizedTest
    @CsvSource({"H1, 24000000", "H2, 200000"}) // what the sockets hold, and what the windows allow
    void waitsWithTheClientBetweenTwoTries(Leg leg, long most) throws Exception {
        try (ScriptedUpstream flaky = ScriptedUpstream.start(script -> {
                    script.onAny().times(1).early().reset();
                    script.onAny().sink();
                });
                Site site = Site.before(flaky)
                        .route(made -> made.retry(retry ->
                                retry.backoffBase(BACK_OFF).backoffMax(BACK_OFF).jitter(0)))
                        .start();
                Client client = Client.connect(leg, site.port(), 0)) {
            Line line = client.ask("/", -1);
            flaky.awaitConnections(connections -> connections.accepted() == 1 && connections.open() == 0);
            CompletableFuture<Boolean> writer = Lines.call("writer", () -> {
                line.writePayload(BODY);
                line.end();
                return true;
            });
            Lines.awaitStill(line::written);
            assertThat(flaky.requestCount()).isEqualTo(1);
            assertThat(line.written()).isLessThan(most);

            line.readAll();
            writer.join();
            assertThat(flaky.requests()).hasSize(2);
            assertThat(flaky.requests().get(1).body().length()).isEqualTo(BODY);
            assertThat(flaky.requests().get(1).body().crc32c()).isEqualTo(Payload.crc32c(BODY));
        }
    }
}
