package io.lb4j.plugins.cache;

import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancerBuilder;
import io.lb4j.PluginBuilder;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.UpstreamExchange;
import io.lb4j.testkit.time.FakeClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A balancer with a cache before an upstream that answers as it was told last, and a clock that the test moves. */
final class Cached implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2); // a slow machine fails no test

    private final FakeClock clock;
    private final HttpCache cache;
    private final Upstream upstream;
    private final Served served;

    private Cached(FakeClock clock, HttpCache cache, Upstream upstream, Served served) {
        this.clock = clock;
        this.cache = cache;
        this.upstream = upstream;
        this.served = served;
    }

    /** What the upstream does: it answers, once it may. */
    private record Upstream(AtomicReference<Answer> answer, AtomicReference<CountDownLatch> gate) {
        void play(UpstreamExchange exchange) throws IOException {
            try {
                if (!gate.get().await(60, TimeUnit.SECONDS)) {
                    throw new IOException("nobody opens the gate");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return; // the upstream closes
            }
            exchange.answer(answer.get());
        }
    }

    static Cached with(Answer answer) {
        return with(answer, cache -> {});
    }

    static Cached with(Answer answer, Consumer<CacheBuilder> description) {
        return with(answer, description, builder -> builder);
    }

    static Cached with(Answer answer, Consumer<CacheBuilder> description, UnaryOperator<LoadBalancerBuilder> more) {
        return start(answer, description, use -> {}, more);
    }

    /** Serves with a cache at another place in the chain. */
    static Cached placed(Answer answer, int priority, UnaryOperator<LoadBalancerBuilder> more) {
        return start(answer, cache -> {}, use -> use.priority(priority), more);
    }

    private static Cached start(
            Answer answer,
            Consumer<CacheBuilder> description,
            Consumer<PluginBuilder> place,
            UnaryOperator<LoadBalancerBuilder> more) {
        FakeClock clock = FakeClock.create();
        HttpCache cache = HttpCache.create(new CacheTime(clock, clock::nanos), description);
        Upstream present = new Upstream(new AtomicReference<>(answer), new AtomicReference<>(new CountDownLatch(0)));
        Served served = Served.with(
                script -> script.onAny().perform(present::play),
                builder -> more.apply(builder.plugin(cache, use -> place.accept(use.timeout(PATIENCE)))));
        return new Cached(clock, cache, present, served);
    }

    /** Returns an answer with a body, which says with Cache-Control how it may be used. */
    static Answer answer(String control) {
        return Answer.status(200).header("Cache-Control", control).body("hello");
    }

    HttpCache cache() {
        return cache;
    }

    Served served() {
        return served;
    }

    /** From now on the upstream answers in another way. */
    void answers(Answer other) {
        upstream.answer().set(other);
    }

    /** From now on the upstream holds requests. */
    void hold() {
        upstream.gate().set(new CountDownLatch(1));
    }

    /** The upstream answers what it holds. */
    void release() {
        upstream.gate().get().countDown();
    }

    /** Sends a request and does not wait for its response. */
    RawClient begin(String path, String... lines) {
        return served.connect().send(Served.request("GET", path, "", lines));
    }

    /** Waits until so many requests are under way: each has been decided on by then. */
    void awaitUnderWay(int count) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Objects.requireNonNull(
                                        served.balancer().stats().listeners().get("main"))
                                .traffic()
                                .active()
                        == count);
    }

    void passSeconds(long seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    /** Returns a date of HTTP, so many seconds from now. */
    String date(long seconds) {
        return HttpDate.format(clock.instant().getEpochSecond() + seconds);
    }

    RawResponse get(String path, String... lines) {
        return served.get(path, lines);
    }

    RawResponse ask(String method, String path, String... lines) {
        return served.ask(Served.request(method, path, "", lines));
    }

    /** Asks, and returns what the cache says of it. */
    String status(String path, String... lines) {
        return get(path, lines).headers().first("cache-status").orElse("");
    }

    boolean isHit(String path, String... lines) {
        return status(path, lines).startsWith("lb4j; hit");
    }

    /** Returns how many requests the upstream has seen. */
    long requests() {
        return served.upstream().requestCount();
    }

    /** Returns the last request that the upstream has seen. */
    RecordedRequest seen() {
        return served.seen();
    }

    long figure(String name) {
        Map<String, Long> metrics = Objects.requireNonNull(
                        served.balancer().stats().plugins().get("plugins.cache"))
                .metrics();
        return metrics.getOrDefault(name, 0L);
    }

    @Override
    public void close() {
        release();
        served.close();
    }
}
