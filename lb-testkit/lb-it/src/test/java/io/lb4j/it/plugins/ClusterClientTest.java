package io.lb4j.it.plugins;

import static io.lb4j.it.plugins.Plugged.GET;
import static io.lb4j.it.plugins.Plugged.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.spi.ClusterCall;
import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.ClusterResponse;
import io.lb4j.spi.Filter.Verdict;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.ResponseListener;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls of plugins to clusters of the balancer's own. */
final class ClusterClientTest {
    /** Keeps what a call came to, as one line. */
    private static final class Heard implements ClusterClient.Listener {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        public void onResponse(ClusterResponse response) {
            boolean onLoop = Thread.currentThread() instanceof FastThreadLocalThread;
            lines.add(response.head().status() + " " + response.body().toString(StandardCharsets.UTF_8)
                    + (onLoop ? "" : " off the loop"));
        }

        @Override
        public void onFailure(ProxyException reason) {
            lines.add(reason.kind().name());
        }

        String next() throws InterruptedException {
            String line = lines.poll(30, TimeUnit.SECONDS);
            assertThat(line).as("an outcome").isNotNull();
            return line;
        }

        boolean isEmpty() {
            return lines.isEmpty();
        }
    }

    private static RequestHead head(Method method, String target) {
        return new RequestHead().method(method).target(target);
    }

    private static LoadBalancerBuilder balancer(ProbePlugin plugin, int upstream, int authority) {
        return Plugged.before(upstream)
                .cluster("auth", cluster -> cluster.endpoint("127.0.0.1", authority))
                .plugin(plugin);
    }

    /** Lets a request go on, or not, as the authority says. */
    private record Judging(FilterExchange exchange) implements ClusterClient.Listener {
        @Override
        public void onResponse(ClusterResponse response) {
            if (!exchange.eventLoop().inEventLoop()) {
                throw new IllegalStateException("not on the exchange's loop");
            }
            if (response.head().status() == 200) {
                exchange.resumeRequest();
            } else {
                exchange.reply(Filters.status(403), Filters.text("denied"));
            }
        }

        @Override
        public void onFailure(ProxyException reason) {
            exchange.reply(Filters.status(500), Filters.text(reason.kind().name()));
        }
    }

    @Test
    void aFilterAsksAClusterBeforeItLetsARequestGoOn() {
        ProbePlugin[] holder = new ProbePlugin[1];
        ProbePlugin asking = ProbePlugin.of("auth", Filters.onRequest((exchange, head) -> {
            RequestHead question = head(Method.GET, "/check" + head.path());
            holder[0].context().clusters().send(ClusterRequest.of("auth", question), new Judging(exchange));
            return Verdict.PAUSE;
        }));
        holder[0] = asking;
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                ScriptedUpstream authority = ScriptedUpstream.start(script -> {
                    script.on("/check/good").answer(200);
                    script.onAny().answer(401);
                });
                LoadBalancer lb =
                        balancer(asking, upstream.port(), authority.port()).start()) {
            for (int i = 0; i < 5; i++) {
                assertThat(ask(lb, Plugged.get("/good")).status()).isEqualTo(200);
                RawResponse denied = ask(lb, Plugged.get("/bad"));
                assertThat(denied.status()).isEqualTo(403);
                assertThat(denied.text()).isEqualTo("denied");
            }
            assertThat(upstream.requestCount()).isEqualTo(5);
            assertThat(Plugged.cluster(lb, "auth").traffic().requests()).isEqualTo(10);
            assertThat(Plugged.cluster(lb, "auth").traffic().active()).isZero();
            EndpointStatistics endpoint = Objects.requireNonNull(
                    Plugged.cluster(lb, "auth").endpoints().get("127.0.0.1:" + authority.port()));
            assertThat(endpoint.inFlight()).isZero();
            assertThat(endpoint.traffic().statusClasses()).containsEntry(4, 5L);
            assertThat(authority.connections().accepted()).isLessThanOrEqualTo(2); // kept, one for each loop
        }
    }

    @Test
    void aWholeBodyGoesAndComesByHttp1AndHttp2() throws InterruptedException {
        ProbePlugin plugin = Filters.tracing("calls");
        try (ScriptedUpstream one =
                        ScriptedUpstream.start(script -> script.onAny().echo());
                ScriptedH2Upstream two =
                        ScriptedH2Upstream.start(script -> script.onAny().echo());
                LoadBalancer lb = balancer(plugin, one.port(), one.port())
                        .cluster(
                                "h2",
                                cluster -> cluster.endpoint("127.0.0.1", two.port())
                                        .protocol(UpstreamProtocol.HTTP2))
                        .start()) {
            for (String cluster : new String[] {"auth", "h2"}) {
                Heard heard = new Heard();
                ClusterRequest request =
                        ClusterRequest.of(cluster, head(Method.POST, "/")).withBody(Filters.text("question"));
                plugin.context().clusters().send(request, heard);
                assertThat(heard.next()).isEqualTo("200 question");
            }
            assertThat(Plugged.cluster(lb, "h2").traffic().requests()).isEqualTo(1);
            assertThat(one.awaitRequest().headers().first("content-length")).contains("8");
            assertThat(one.awaitRequest().headers().first("host")).contains("127.0.0.1:" + one.port());
        }
    }

    @Test
    void anUnknownClusterFailsAndSoDoesOneThatIsGone() throws InterruptedException {
        ProbePlugin plugin = Filters.tracing("calls");
        try (ScriptedUpstream slow =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200, "late"));
                ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = balancer(plugin, upstream.port(), slow.port()).start()) {
            Heard unknown = new Heard();
            plugin.context().clusters().send(ClusterRequest.of("nobody", head(Method.GET, "/")), unknown);
            assertThat(unknown.next()).isEqualTo("NO_ENDPOINT");

            Heard underWay = new Heard();
            plugin.context().clusters().send(ClusterRequest.of("auth", head(Method.GET, "/")), underWay);
            slow.awaitRequest();
            lb.update(Plugged.before(upstream).plugin(plugin).configuration());
            Heard gone = new Heard();
            plugin.context().clusters().send(ClusterRequest.of("auth", head(Method.GET, "/")), gone);
            assertThat(gone.next()).isEqualTo("NO_ENDPOINT");
            slow.release();
            assertThat(underWay.next()).isEqualTo("200 late");
        }
    }

    @Test
    void aCallThatIsLateOrTooLargeOrRefusedFails() throws InterruptedException {
        ProbePlugin plugin = Filters.tracing("calls");
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/slow").stall();
                    script.onAny().answer(200, "0123456789");
                });
                LoadBalancer lb =
                        balancer(plugin, upstream.port(), upstream.port()).start()) {
            ClusterClient clusters = plugin.context().clusters();
            Heard late = new Heard();
            clusters.send(
                    ClusterRequest.of("auth", head(Method.GET, "/slow")).withTimeout(Duration.ofMillis(50)), late);
            assertThat(late.next()).isEqualTo("EXCHANGE_TIMEOUT");

            Heard large = new Heard();
            clusters.send(ClusterRequest.of("auth", head(Method.GET, "/")).withMaxResponse(9), large);
            assertThat(large.next()).isEqualTo("MALFORMED_RESPONSE");
            Heard fits = new Heard();
            clusters.send(ClusterRequest.of("auth", head(Method.GET, "/")).withMaxResponse(10), fits);
            assertThat(fits.next()).isEqualTo("200 0123456789");

            upstream.release();
            upstream.stopListening();
            upstream.closeConnections();
            await().until(() -> Plugged.cluster(lb, "auth").connections() == 0);
            Heard refused = new Heard();
            clusters.send(ClusterRequest.of("auth", head(Method.GET, "/")), refused);
            assertThat(refused.next()).isEqualTo("CONNECT_FAILED");
            assertThat(Plugged.cluster(lb, "auth").traffic().failures()).containsKey("connect_failed");
        }
    }

    @Test
    void aCallThatIsCancelledIsHeardOfNoMore() {
        ProbePlugin plugin = Filters.tracing("calls");
        try (ScriptedUpstream slow =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                LoadBalancer lb = balancer(plugin, slow.port(), slow.port()).start()) {
            Heard heard = new Heard();
            ClusterCall call = plugin.context()
                    .clusters()
                    .send(ClusterRequest.of("auth", head(Method.POST, "/")).withBody(Filters.text("body")), heard);
            slow.awaitRequest();
            call.cancel();
            call.cancel();
            await().until(() -> Plugged.cluster(lb, "auth").traffic().active() == 0);

            assertThat(heard.isEmpty()).isTrue();
            plugin.context()
                    .clusters()
                    .send(ClusterRequest.of("auth", head(Method.POST, "/")).withBody(Filters.text("body")), heard)
                    .cancel();
            await().until(() -> Plugged.cluster(lb, "auth").traffic().active() == 0
                    && Plugged.cluster(lb, "auth").pending() == 0);
            assertThat(heard.isEmpty()).isTrue();
            slow.release();
        }
    }

    @Test
    void aStreamedCallGoesBothWaysAndEndsWithTrailers() throws InterruptedException {
        ProbePlugin plugin = Filters.tracing("calls");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (ScriptedH2Upstream upstream = ScriptedH2Upstream.start(
                        script -> script.onAny().headers(200).data("answer").trailers("grpc-status", "0"));
                LoadBalancer lb = Plugged.before(upstream.port())
                        .cluster(
                                "grpc",
                                cluster -> cluster.endpoint("127.0.0.1", upstream.port())
                                        .protocol(UpstreamProtocol.HTTP2))
                        .plugin(plugin)
                        .start()) {
            ClusterRequest request =
                    ClusterRequest.of("grpc", head(Method.POST, "/a.B/C")).withStreamedBody();
            ClusterCall call = plugin.context().clusters().open(request, new Lines(heard));
            call.eventLoop().execute(() -> {
                call.write(Filters.text("one"), false);
                call.write(Filters.text("two"), true);
            });

            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("head 200");
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("data answer");
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("trailers grpc-status: 0");
            assertThat(upstream.awaitStream().awaitComplete().body().text()).isEqualTo("onetwo");
            assertThat(Plugged.cluster(lb, "grpc").traffic().requestBytes()).isEqualTo(6);
        }
    }

    /** Keeps what a streamed call brings. */
    private record Lines(BlockingQueue<String> lines) implements ResponseListener {
        @Override
        public void onInformational(ResponseHead head) {
            lines.add("informational " + head.status());
        }

        @Override
        public void onHead(ResponseHead head, boolean end) {
            lines.add("head " + head.status());
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            if (data.isReadable()) {
                lines.add("data " + data.toString(StandardCharsets.UTF_8));
            }
            data.release();
        }

        @Override
        public void onTrailers(Fields trailers) {
            lines.add("trailers " + trailers.toString().strip());
        }

        @Override
        public void onFailure(ProxyException failure) {
            lines.add("failure " + failure.kind());
        }

        @Override
        public void onWritable() {
            // These tests send little.
        }
    }

    @Test
    void whatWasNotProcessedIsTriedElsewhere() throws InterruptedException {
        ProbePlugin plugin = Filters.tracing("calls");
        try (ScriptedUpstream dead = ScriptedUpstream.start();
                ScriptedUpstream alive =
                        ScriptedUpstream.start(script -> script.onAny().echo())) {
            dead.stopListening();
            try (LoadBalancer lb = Plugged.before(alive)
                    .cluster(
                            "two",
                            cluster ->
                                    cluster.endpoint("127.0.0.1", dead.port()).endpoint("127.0.0.1", alive.port()))
                    .plugin(plugin)
                    .start()) {
                for (int i = 0; i < 6; i++) {
                    Heard heard = new Heard();
                    ClusterRequest request =
                            ClusterRequest.of("two", head(Method.POST, "/")).withBody(Filters.text("once"));
                    plugin.context().clusters().send(request, heard);
                    assertThat(heard.next()).isEqualTo("200 once");
                }
                assertThat(alive.requestCount()).isEqualTo(6);
                assertThat(Plugged.cluster(lb, "two").traffic().failures()).isEmpty();
            }
        }
    }

    @Test
    void aListenerThatThrowsHurtsNobodyElse() throws InterruptedException {
        ProbePlugin plugin = Filters.tracing("calls");
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "fine"));
                LoadBalancer lb =
                        balancer(plugin, upstream.port(), upstream.port()).start()) {
            plugin.context()
                    .clusters()
                    .send(ClusterRequest.of("auth", head(Method.GET, "/")), new ClusterClient.Listener() {
                        @Override
                        public void onResponse(ClusterResponse response) {
                            throw new IllegalStateException("on purpose");
                        }

                        @Override
                        public void onFailure(ProxyException reason) {
                            throw new IllegalStateException("on purpose");
                        }
                    });
            upstream.awaitRequest();
            Heard heard = new Heard();
            plugin.context().clusters().send(ClusterRequest.of("auth", head(Method.GET, "/")), heard);
            assertThat(heard.next()).isEqualTo("200 fine");
            assertThat(ask(lb, GET).status()).isEqualTo(200);
        }
    }
}
