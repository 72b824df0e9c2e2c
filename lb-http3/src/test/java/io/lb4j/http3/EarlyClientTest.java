package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.spi.Transport;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.Aside;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A client that comes when the socket is bound and the balancer does not serve yet. */
final class EarlyClientTest {
    /** Is bound after HTTP/3, and has a client come to that meanwhile. */
    private static final class Interlude implements Transport {
        private CompletableFuture<H3Client> client = new CompletableFuture<>();

        @Override
        public String name() {
            return "interlude";
        }

        @Override
        public Binding bind(Context context) {
            int port = context.address().getPort();
            client = CompletableFuture.supplyAsync(() -> H3Client.connect(port), Aside.THREAD);
            try {
                client.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                // it waits, as it should
            } catch (ExecutionException | InterruptedException e) {
                throw new AssertionError("early client: did not wait", e);
            }
            return new Disabled();
        }
    }

    @Test
    void anEarlyClientWaitsUntilTheListenerServes() {
        Interlude interlude = new Interlude();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(
                        upstream, Http3.defaults(), listener -> listener.transport(interlude), builder -> {});
                H3Client client =
                        interlude.client.orTimeout(30, TimeUnit.SECONDS).join()) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(edge.figure(Figure.CONNECTIONS_REFUSED)).isZero();
        }
    }
}
