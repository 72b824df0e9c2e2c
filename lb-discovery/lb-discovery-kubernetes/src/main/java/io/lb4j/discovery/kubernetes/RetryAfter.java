package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears how long an API server that is asked too much (429) wants to be left alone: {@code Retry-After}, in seconds, half a minute at the most. The
 * library tells of the refusal without it. Thread-safe.
 */
final class RetryAfter implements Interceptor {
    static final String NAME = "lb4j-retry-after";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final long LONGEST_SECONDS = 30;

    private final LongSupplier nanoTime;
    private volatile long untilNanos;

    RetryAfter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        untilNanos = nanoTime.getAsLong();
    }

    /** Returns for how long it still wants to be left alone; zero if it does not. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, untilNanos - nanoTime.getAsLong()));
    }

    @Override
    public CompletableFuture<Boolean> afterFailure(BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
        if (response.code() == TOO_MANY_REQUESTS) {
            Duration wanted = Duration.ofSeconds(seconds(response.header("Retry-After")));
            untilNanos = nanoTime.getAsLong() + wanted.toNanos();
        }
        return CompletableFuture.completedFuture(false); // as it came
    }

    private static long seconds(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,9}")) {
            return 0; // none, or a date, which API servers do not send
        }
        return Math.min(LONGEST_SECONDS, Long.parseLong(text));
    }
}
