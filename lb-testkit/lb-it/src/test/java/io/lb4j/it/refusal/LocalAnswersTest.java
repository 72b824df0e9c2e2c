package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.stats.AccessRecord;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is answered without an endpoint says so, in either protocol, and leaves the connection as it was. */
final class LocalAnswersTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void noEndpointIsHealthy() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(500));
                Site site = Site.before(upstream)
                        .cluster(made -> made.panicThreshold(0)
                                .health(check -> check.http("/healthz")
                                        .interval(Duration.ofMillis(50))
                                        .fall(1)))
                        .start();
                RawClient client = site.dial()) {
            await().until(() -> site.cluster().endpoints().values().stream()
                    .map(EndpointStatistics::health)
                    .allMatch("unhealthy"::equals));

            // Event loops see it a moment after the statistics.
            RawResponse response =
                    await().until(() -> client.send(GET).readResponse(), answer -> answer.status() == 503);

            assertThat(response.headers().first("x-lb4j-reason")).contains("no_healthy_endpoint");
            assertThat(response.headers().first("retry-after")).isPresent();
            AccessRecord access = site.nextRecord();
            while (access.response().status() != 503) {
                access = site.nextRecord();
            }
            assertThat(access.response().reason()).contains("no_healthy_endpoint");
            assertThat(access.upstream().cluster()).contains("api");
            assertThat(access.upstream().tries()).isZero();
            assertThat(site.route().failures()).containsEntry("no_healthy_endpoint", 1L);
            assertThat(site.cluster().traffic().localReplies()).isOne();
            assertThat(client.send(GET).readResponse().status())
                    .as("the connection goes on")
                    .isEqualTo(503);
        }
    }

    @Test
    void headIsAnsweredWithoutABody() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site =
                        Site.before(upstream).route(made -> made.method("POST")).start();
                RawClient client = site.dial()) {
            RawResponse response =
                    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse("HEAD");

            assertThat(response.status()).isEqualTo(405);
            assertThat(response.headers().first("allow")).contains("POST");
            assertThat(response.headers().first("content-length")).isPresent();
            assertThat(client.send(GET).readResponse().status()).isEqualTo(405);
        }
    }

    @Test
    void aRequestWhoseBodyIsStillComingIsAnsweredAtOnce() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .route(made -> made.host("other.test"))
                        .start();
                RawClient client = site.dial()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nbegin");

            RawResponse response = client.readResponse();

            assertThat(response.status()).isEqualTo(404);
            client.expectClose();
        }
    }

    @Test
    void inHttp2TheOtherStreamsGoOn() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/slow").stall().answer(200);
                    script.onAny().reset();
                });
                Site site = Site.before(upstream).start();
                RawH2Client client = RawH2Client.connect(site.port())) {
            int slow = client.open(client.head("GET", "/slow"), true);
            upstream.awaitRequest();

            H2Response failed = client.get("/reset");
            assertThat(failed.status()).isEqualTo(502);
            assertThat(failed.headers().first("x-lb4j-reason")).contains("upstream_closed");

            upstream.release();
            assertThat(client.awaitResponse(slow).status()).isEqualTo(200);
        }
    }
}
