package io.lb4j.plugins.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What the public suite for HTTP caches says of this one. Alone, for its responses become stale within seconds, whatever else the machine has to
 * do.
 */
@Isolated
final class CacheSuiteTest {
    /** What only tells a good cache from a better one, and does not hold: the other 76 of the package's 86 do. */
    private static final Set<String> UNMET = Set.of(
            // Parts are made of what is whole, and not kept themselves.
            "partial-store-partial-complete",
            "partial-store-partial-reuse-partial",
            "partial-store-partial-reuse-partial-absent",
            "partial-store-partial-reuse-partial-byterange",
            "partial-store-partial-reuse-partial-suffix",
            // Only what GET brings is kept, and cookies only where the response is public.
            "method-POST",
            "other-set-cookie",
            // RFC 9111 §4.3.2: without Last-Modified the Date counts, and that is later.
            "conditional-lm-fresh-no-lm",
            // RFC 9110 §12.5.4: a server may prefer the language that comes first; which it would choose only it knows.
            "vary-normalise-lang-order",
            "vary-normalise-lang-select");

    /** What is required by the suite, and does not hold or cannot be told, and why. */
    private static final Map<String, String> EXCEPTIONS = exceptions();

    private static Map<String, String> exceptions() {
        Map<String, String> exceptions = new LinkedHashMap<>();
        String cookie = "a response that sets a cookie is kept only if it says that it is public";
        exceptions.put("headers-store-Set-Cookie", cookie);
        exceptions.put("304-etag-update-response-Set-Cookie", cookie);
        exceptions.put(
                "headers-store-Transfer-Encoding", "the origin's coding is not known, and so its response is refused");
        exceptions.put(
                "304-etag-update-response-ETag", "RFC 9111 §4.3.4: a 304 of another version does not update this one");
        exceptions.put(
                "304-etag-update-response-Content-MD5",
                "RFC 9111 §3.2: a 304 updates all but a few fields; the suite has changed its mind since");
        Stream.of(
                        "dup-0",
                        "dup-0-twoline",
                        "dup-old",
                        "float",
                        "negative",
                        "nonnumeric",
                        "numeric-parameter",
                        "parameter",
                        "prefix-twoline")
                .forEach(id -> exceptions.put(
                        "age-parse-" + id,
                        "RFC 9111 §5.1: an age that is none is ignored, and the first counts; so has the suite"
                                + " it since"));
        Stream.of("must-revalidate", "proxy-revalidate", "no-cache", "s-maxage=2")
                .forEach(id -> exceptions.put(
                        "stale-close-" + id,
                        "nothing stale is used where the endpoint does not say so: StaleTest tells"));
        return exceptions;
    }

    @Test
    void everythingThatIsRequiredHolds(@TempDir Path work) throws IOException, InterruptedException {
        try (CacheSuite suite = CacheSuite.start(work);
                LoadBalancer balancer = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .cluster("origin", cluster -> cluster.endpoint("127.0.0.1", suite.originPort()))
                        .route("all", route -> route.path("/**").to("origin"))
                        .plugin(HttpCache.plugin(cache -> cache.targeted("cdn-cache-control")))
                        .start()) {
            Map<String, CacheSuite.Result> results = suite.run(balancer.port());
            results.putAll(askedAlone(suite, balancer, results));

            assertThat(ofKind(results, "required")).hasSizeGreaterThan(150);
            assertThat(unpassed(results, "required")).isSubsetOf(EXCEPTIONS.keySet());
            assertThat(ofKind(results, "optimal")).hasSizeGreaterThan(80);
            assertThat(unpassed(results, "optimal")).isSubsetOf(UNMET);
        }
    }

    /**
     * Has tests run once more that have not told what was expected in the crowd, by themselves: their responses are fresh for a second or two, which
     * a busy machine may take to ask for the next.
     */
    private static Map<String, CacheSuite.Result> askedAlone(
            CacheSuite suite, LoadBalancer balancer, Map<String, CacheSuite.Result> results) throws IOException {
        List<String> open = results.entrySet().stream()
                .filter(entry ->
                        !entry.getValue().isPassed() && !entry.getValue().kind().equals("check"))
                .map(Map.Entry::getKey)
                .filter(id -> !EXCEPTIONS.containsKey(id) && !UNMET.contains(id))
                .toList();
        return open.isEmpty() ? Map.of() : suite.run(balancer.port(), open.toArray(new String[0]));
    }

    private static List<CacheSuite.Result> ofKind(Map<String, CacheSuite.Result> results, String kind) {
        return results.values().stream()
                .filter(result -> result.kind().equals(kind))
                .toList();
    }

    private static List<String> unpassed(Map<String, CacheSuite.Result> results, String kind) {
        return results.entrySet().stream()
                .filter(entry -> entry.getValue().kind().equals(kind)
                        && !entry.getValue().isPassed())
                .map(Map.Entry::getKey)
                .toList();
    }
}
