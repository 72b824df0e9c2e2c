package io.lb4j.plugins.limit;

import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses requests of those who send too many with 429, and tells everybody how many more there may be. Where requests are counted is a subclass's
 * business. Thread-safe.
 */
public abstract class RateLimit extends BuiltIn {
    private static final Logger LOGGER = LoggerFactory.getLogger(RateLimit.class);
    private static final int EARLY = 600;
    private static final int AFTER_IDENTITY = 400;
    private static final int TOO_MANY = 429;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final FieldName LIMIT = FieldName.of("ratelimit");
    private static final FieldName POLICY = FieldName.of("ratelimit-policy");
    private static final FieldName SEPARATE_LIMIT = FieldName.of("ratelimit-limit");
    private static final FieldName SEPARATE_REMAINING = FieldName.of("ratelimit-remaining");
    private static final FieldName SEPARATE_RESET = FieldName.of("ratelimit-reset");

    private final Quota quota;
    private final LimitKey by;
    private final int ipv6Prefix;
    private final RateLimitOptions.Fields told;
    private String policy = ""; // what everybody is told; written at the start, as are those below
    private String limitStart = "";
    private @Nullable Limiter limiter;
    private PluginContext.@Nullable Metric limited;
    private PluginContext.@Nullable Metric keys;

    /** For subclasses. */
    protected RateLimit(Settings settings) {
        super(settings.section());
        quota = RateLimitOptions.quota(settings);
        by = settings.value(RateLimitOptions.BY);
        ipv6Prefix = settings.value(RateLimitOptions.IPV6_PREFIX);
        told = settings.value(RateLimitOptions.FIELDS);
    }

    /** Returns what counts; it is closed with the plugin. */
    protected abstract Limiter open(PluginContext context);

    @Override
    protected final void begin(PluginContext context) {
        limiter = open(context);
        String name = '"' + context.name() + '"';
        policy = name + ";q=" + quota.requests() + ";w=" + quota.window().toSeconds();
        limitStart = name + ";r=";
        limited = context.metric("limited");
        keys = context.metric("keys");
    }

    @Override
    public final int priority() {
        return by.needsIdentity() ? AFTER_IDENTITY : EARLY;
    }

    @Override
    public final Filter filter(FilterExchange exchange) {
        return new Visit();
    }

    @Override
    public final void close() {
        Limiter open = limiter;
        if (open != null) {
            try {
                open.close();
            } catch (Exception e) {
                LOGGER.warn("what counted requests failed to close", e);
            }
        }
    }

    /** One request's. Confined to the exchange's event loop. */
    private final class Visit implements Filter {
        private Limiter.@Nullable Decision decision;
        private boolean paused;
        private boolean ended;

        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            Limiter counts = limiter;
            if (counts == null) {
                return Verdict.CONTINUE;
            }
            counts.take(by.keyOf(exchange, ipv6Prefix), judged -> decideOnLoop(exchange, judged));
            long kept = counts.keys();
            if (keys != null && keys.value() != kept) { // all loops share it, and would take it from one another
                keys.set(kept);
            }
            paused = decision == null;
            return paused ? Verdict.PAUSE : Verdict.CONTINUE;
        }

        private void decideOnLoop(FilterExchange exchange, Limiter.Decision judged) {
            if (exchange.eventLoop().inEventLoop()) {
                decide(exchange, judged);
                return;
            }
            try {
                exchange.eventLoop().execute(() -> decide(exchange, judged));
            } catch (RejectedExecutionException e) {
                LOGGER.debug("the loop has ended, and the exchange with it", e);
            }
        }

        private void decide(FilterExchange exchange, Limiter.Decision judged) {
            if (ended || decision != null) {
                return;
            }
            decision = judged;
            if (!judged.isAllowed()) {
                if (limited != null) {
                    limited.add(1);
                }
                Fields more = new Fields();
                more.add(FieldName.RETRY_AFTER, Long.toString(seconds(judged.retryNanos())));
                Refusal.send(exchange, TOO_MANY, more);
            } else if (paused) {
                exchange.resumeRequest();
            }
        }

        @Override
        public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
            Limiter.Decision known = decision;
            if (known != null) {
                tell(head.fields(), known);
            }
            return Verdict.CONTINUE;
        }

        @Override
        public void onEnd(FilterExchange exchange) {
            ended = true;
        }
    }

    private void tell(Fields fields, Limiter.Decision decision) {
        long reset = seconds(decision.resetNanos());
        switch (told) {
            case STRUCTURED -> {
                fields.add(POLICY, policy);
                fields.add(LIMIT, limitStart + decision.remaining() + ";t=" + reset);
            }
            case SEPARATE -> {
                fields.set(SEPARATE_LIMIT, Integer.toString(quota.requests()));
                fields.set(SEPARATE_REMAINING, Long.toString(decision.remaining()));
                fields.set(SEPARATE_RESET, Long.toString(reset));
            }
            case NONE -> {
                // Nobody is told.
            }
        }
    }

    private static long seconds(long nanos) {
        return Math.max(0, (nanos + SECOND_NANOS - 1) / SECOND_NANOS);
    }
}
