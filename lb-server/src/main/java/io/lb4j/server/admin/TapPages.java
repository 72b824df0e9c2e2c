package io.lb4j.server.admin;

import io.lb4j.server.json.Json;
import io.lb4j.spi.Tap;
import io.lb4j.stats.AccessRecord;
import io.lb4j.stats.ExchangeSample;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A live sample of exchanges, as server-sent events: bounded in number, and of no cost to exchanges that wait for a slow reader. Thread-safe. */
final class TapPages {
    private static final int DEFAULT_RATE = 10;
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final Administered administered;

    TapPages(Administered administered) {
        this.administered = administered;
    }

    List<AdminRoute> routes() {
        return List.of(AdminRoute.get("/tap", "A live sample of exchanges as server-sent events.", this::open)
                .taking("per_second", "at most so many; 10 unless it is said")
                .taking("route", "those of this route only")
                .taking("cluster", "those of this cluster only")
                .taking("endpoint", "those with this endpoint only")
                .taking("method", "those with this method only")
                .taking("path", "those whose path begins so only")
                .taking("status", "those that were answered so only: 503, or 5xx"));
    }

    private AdminResponse open(AdminRequest request) throws Problem {
        int rate = rate(request.parameter("per_second").orElse(String.valueOf(DEFAULT_RATE)));
        Predicate<AccessRecord> filter = filter(request);
        Tap tap;
        try {
            tap = administered.balancer().actions().tap(filter, rate);
        } catch (IllegalStateException e) {
            throw new Problem(503, String.valueOf(e.getMessage()));
        }
        return AdminResponse.stream(new EventStream() {
            @Override
            public void run(Receiver receiver) throws InterruptedException {
                follow(tap, receiver);
            }

            @Override
            public void close() {
                tap.close();
            }
        });
    }

    private static void follow(Tap tap, EventStream.Receiver receiver) throws InterruptedException {
        long missed = 0;
        boolean isThere = receiver.comment("tap");
        while (isThere) {
            Optional<ExchangeSample> sample = tap.next(BEAT);
            isThere = sample.isPresent()
                    ? receiver.event("exchange", Json.write(tree(sample.get())).strip())
                    : receiver.comment("nothing");
            if (isThere && tap.missed() > missed) {
                missed = tap.missed();
                isThere = receiver.event(
                        "missed",
                        Json.write(Map.<String, Object>of("missed", missed)).strip());
            }
        }
    }

    private static int rate(String text) throws Problem {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 10_000) {
            throw new Problem(400, "per_second: " + Gate.quoted(text) + " (expected: 1..10000)");
        }
        return Integer.parseInt(text);
    }

    private static Predicate<AccessRecord> filter(AdminRequest request) throws Problem {
        String status = request.parameter("status").orElse("");
        if (!status.matches("|[1-9]\\d\\d|[1-9]xx")) {
            throw new Problem(
                    400,
                    "status: " + Gate.quoted(status) + " (expected: a status such as 503, or a class such as 5xx)");
        }
        String digits = status.replace("xx", "");
        return record -> String.valueOf(record.response().status()).startsWith(digits)
                && isOrUnset(request.parameter("route"), record.upstream().route())
                && isOrUnset(request.parameter("cluster"), record.upstream().cluster())
                && isOrUnset(request.parameter("endpoint"), record.upstream().endpoint())
                && isOrUnset(
                        request.parameter("method"),
                        Optional.of(record.request().method().name()))
                && record.request().path().startsWith(request.parameter("path").orElse(""));
    }

    private static boolean isOrUnset(Optional<String> wanted, Optional<String> value) {
        return wanted.isEmpty() || wanted.equals(value);
    }

    /** Without the query, which may hold secrets. */
    private static Map<String, Object> tree(ExchangeSample sample) {
        AccessRecord access = sample.access();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("exchange", access.exchange());
        tree.put("time", access.time());
        tree.put("method", access.request().method().name());
        tree.put("authority", access.request().authority());
        tree.put("path", access.request().path());
        tree.put("version", access.request().version());
        tree.put("push", access.request().isPush());
        tree.put("response", Json.tree(access.response()));
        tree.put("upstream", Json.tree(access.upstream()));
        tree.put("request_fields", sample.requestFields());
        tree.put("response_fields", sample.responseFields());
        return tree;
    }
}
