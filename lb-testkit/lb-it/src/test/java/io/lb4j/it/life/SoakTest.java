package io.lb4j.it.life;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.leak.Descriptors;
import io.lb4j.testkit.leak.Threads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Everything at once and for long: what the process holds does not grow, and afterwards nothing is left. */
@Isolated("weighs the whole process")
final class SoakTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final int MIB = 1 << 20;
    private static final int LARGE = 128 * 1024;
    private static final int REQUESTS_BETWEEN = 200; // from update to update
    private static final String CHAT = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    @Test
    void aFewSecondsLeaveNothingBehind() {
        Trend trend = soak(Duration.ofSeconds(10), Duration.ofSeconds(1));
        System.out.println("after garbage collections, MiB: " + trend);
        assertThat(trend.rise()).as(trend.toString()).isLessThan(16 * MIB);
    }

    /** Takes half an hour, or as many minutes as the system property {@code soak.minutes} says. */
    @Test
    @Tag("full")
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void halfAnHourDoesNotMakeItGrow() {
        Duration time = Duration.ofMinutes(Long.getLong("soak.minutes", 30));
        Trend trend = soak(time, time.dividedBy(120));
        System.out.println("after garbage collections, MiB: " + trend);
        assertThat(trend.growthIn(TEN_MINUTES)).as(trend.toString()).isLessThan(MIB);
    }

    private static Trend soak(Duration time, Duration interval) {
        Threads threads = Threads.snapshot().ignoring("ForkJoinPool-"); // of JUnit
        Descriptors descriptors = Descriptors.snapshot();
        Trend trend = new Trend();
        try (PlainOrigin staying = new PlainOrigin();
                PlainOrigin passing = new PlainOrigin();
                ScriptedUpstream scripted = scripted()) {
            Variants variants = new Variants(staying.port(), passing.port(), it -> with(scripted, it));
            try (LoadBalancer lb = variants.variant(0).start();
                    Load load = load(lb)) {
                long endNanos = System.nanoTime() + time.toNanos();
                long sampleNanos = System.nanoTime();
                for (int i = 1; System.nanoTime() < endNanos && load.faults().isEmpty(); i++) {
                    long answered = load.answered();
                    lb.update(variants.configuration(i));
                    await().until(() -> load.answered() >= answered + REQUESTS_BETWEEN
                            || !load.faults().isEmpty());
                    if (System.nanoTime() >= sampleNanos) {
                        sampleNanos += interval.toNanos();
                        scripted.forget();
                        trend.sample();
                    }
                }
                assertThat(load.faults())
                        .as("%s, %s", scripted.connections(), connections(lb))
                        .isEmpty();
            }
        }
        threads.assertNoneLeft();
        descriptors.assertNoneLeft();
        return trend;
    }

    /** Returns how many connections each cluster has, how many of them are idle, and how many requests wait for one. */
    private static List<String> connections(LoadBalancer lb) {
        return lb.stats().clusters().entrySet().stream()
                .map(cluster -> cluster.getKey() + ": " + cluster.getValue().connections() + "/"
                        + cluster.getValue().idleConnections() + "/"
                        + cluster.getValue().pending())
                .toList();
    }

    private static ScriptedUpstream scripted() {
        return ScriptedUpstream.start(script -> {
            script.keepBodies(0);
            script.on("/upload").sink();
            script.on("/download").answer(Answer.status(200).payload(LARGE));
            script.on("/chat").upgrade("websocket");
            script.on("/reset").reset();
            script.onAny().answer(200);
        });
    }

    private static LoadBalancerBuilder with(ScriptedUpstream scripted, LoadBalancerBuilder more) {
        return more.cluster(
                        "scripted",
                        cluster ->
                                cluster.endpoint("127.0.0.1", scripted.port()).ejection(ejection -> ejection.off()))
                .route("scripted", route -> route.path("/**").to("scripted"));
    }

    private static Load load(LoadBalancer lb) {
        int plain = lb.port();
        int secured = lb.address("tls").getPort();
        return new Load()
                .withHttp1(2, plain)
                .withSecured(1, secured)
                .withNewcomer(plain)
                .withSecuredNewcomer(secured)
                .with("http2", toBeClosed -> () -> streams(plain))
                .with("upload", toBeClosed -> {
                    RawClient client = Load.kept(RawClient.connect(plain), toBeClosed);
                    return () -> upload(client);
                })
                .with("download", toBeClosed -> {
                    RawClient client = Load.kept(RawClient.connect(plain), toBeClosed);
                    return () -> download(client);
                })
                .with("quitter", toBeClosed -> () -> quit(plain))
                .with("chat", toBeClosed -> () -> chat(plain))
                .with("failure", toBeClosed -> () -> fail(plain));
    }

    /** A connection with as many streams as a client that remembers all of them may have. */
    private static String streams(int port) {
        try (RawH2Client client = RawH2Client.connect(port)) {
            String wrong = "";
            for (int i = 0; i < 200 && wrong.isEmpty(); i++) {
                wrong = Load.wrong(client.get(i % 20 == 0 ? "/small" : "/load").status());
            }
            return wrong;
        }
    }

    private static String upload(RawClient client) {
        client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + LARGE + "\r\n\r\n")
                .sendPayload(LARGE);
        return Load.wrong(client.readResponse().status());
    }

    private static String download(RawClient client) {
        return Load.wrong(client.send("GET /download HTTP/1.1\r\nHost: a\r\n\r\n")
                .readResponse()
                .status());
    }

    /** Goes away in the middle; then asks for something else, lest the endpoint's queue of new connections runs over. */
    private static String quit(int port) {
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET /download HTTP/1.1\r\nHost: a\r\n\r\n").read(1_000);
            client.abort();
        }
        try (RawClient client = RawClient.connect(port)) {
            client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + LARGE + "\r\n\r\nbegun");
            client.abort();
        }
        try (RawClient client = RawClient.connect(port)) {
            return Load.wrong(client.send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n")
                    .readResponse()
                    .status());
        }
    }

    private static String chat(int port) {
        try (RawClient client = RawClient.connect(port)) {
            int status = client.send(CHAT).readHead().status();
            client.send("hello");
            return status == 101 && new String(client.read(5), US_ASCII).equals("hello") ? "" : "status " + status;
        }
    }

    private static String fail(int port) {
        try (RawClient client = RawClient.connect(port)) {
            int status = client.send("POST /reset HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                    .readResponse()
                    .status();
            return status == 502 ? "" : "status " + status;
        }
    }
}
