package io.lb4j.it.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http2.H2Options;
import io.lb4j.testkit.http2.H2Script;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints of HTTP/2 are asked over as few connections as the streams need, on each event loop. */
final class MultiplexingTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static ScriptedH2Upstream stalling(Consumer<H2Script> more) {
        return ScriptedH2Upstream.start(script -> {
            more.accept(script);
            script.onAny().stall().answer(200);
        });
    }

    private static Site.Plan before(ScriptedH2Upstream upstream, int maxStreams) {
        return Site.at(upstream.port())
                .cluster(made -> made.protocol(UpstreamProtocol.HTTP2).pool(pool -> pool.maxStreams(maxStreams)));
    }

    /** Has so many requests under way at once, and then lets them be answered. */
    private static void ask(Site site, ScriptedH2Upstream upstream, int count) {
        List<RawClient> clients =
                IntStream.range(0, count).mapToObj(i -> site.dial().send(GET)).toList();
        upstream.awaitStreams(count);
        upstream.release();
        clients.forEach(client -> {
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.close();
        });
        upstream.forget();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "10, 10, 1", "11, 10, 2", "35, 10, 4", "12, 1, 12"})
    void asManyConnectionsAsTheStreamsNeed(int concurrency, int streams, int connections) {
        try (ScriptedH2Upstream upstream = stalling(script -> {});
                Site site = before(upstream, streams).start()) {
            ask(site, upstream, concurrency);
            assertThat(upstream.connections().accepted()).isEqualTo(connections);
        }
    }

    @ParameterizedTest
    @CsvSource({"20, 5, 4", "7, 3, 3"})
    void theEndpointsOwnLimitCountsWhereItIsLower(int concurrency, int allowed, int connections) {
        H2Options options = H2Options.defaults().setting(H2Options.MAX_CONCURRENT_STREAMS, allowed);
        try (ScriptedH2Upstream upstream = stalling(script -> script.options(options));
                Site site = before(upstream, 100).start()) {
            ask(site, upstream, concurrency);
            assertThat(upstream.connections().accepted()).isEqualTo(connections);
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 30, 10", "4, 40, 5"})
    void eachEventLoopHasAsManyAsItsOwnStreamsNeed(int loops, int concurrency, int streams) {
        try (ScriptedH2Upstream upstream = stalling(script -> {});
                Site site = before(upstream, streams).loops(loops).start()) {
            ask(site, upstream, concurrency);
            // Each loop rounds up what it needs, however the clients are spread.
            assertThat(upstream.connections().accepted())
                    .isBetween(concurrency / streams, concurrency / streams + loops - 1);
        }
    }

    @Test
    void whereAlpnAgreesOnHttp2TheFirstConnectionIsSharedAtOnce() {
        ServerTls tls = ServerTls.with(TestCertificates.create().server("localhost"));
        try (ScriptedH2Upstream upstream = stalling(script -> script.tls(tls));
                Site site = Site.at(upstream.port())
                        .cluster(made -> made.tls(secured -> secured.insecure()).pool(pool -> pool.maxStreams(10)))
                        .start()) {
            ask(site, upstream, 20);
            assertThat(upstream.connections().accepted()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatIsThereServesWhatComesLater() {
        try (ScriptedH2Upstream upstream = stalling(script -> {});
                Site site = before(upstream, 10).start()) {
            ask(site, upstream, 25);
            int made = upstream.connections().accepted();
            await().until(() -> site.cluster().idleConnections() == made);

            ask(site, upstream, 50);

            assertThat(upstream.connections().accepted()).isLessThanOrEqualTo(5);
            assertThat(site.cluster().connections()).isLessThanOrEqualTo(5);
        }
    }
}
