package io.lb4j.internal.route;

import io.lb4j.error.ProxyException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the tables of the router have in common: order, comparison, canonical literals. */
final class Buckets {
    private static final PathNormalizer NORMALIZER = PathNormalizer.lenient();

    private Buckets() {}

    static <T> List<Candidate<T>> sorted(List<Candidate<T>> bucket) {
        return bucket.stream().sorted(Candidate.precedence()).toList();
    }

    /** Returns the second one if it has a higher priority, or if there is no first one. */
    static <T> @Nullable Candidate<T> better(@Nullable Candidate<T> first, @Nullable Candidate<T> second) {
        if (first == null || (second != null && second.priority() > first.priority())) {
            return second;
        }
        return first;
    }

    /** Returns the second one if it has a higher priority, or the same and a longer path, or if there is no first one. */
    static <T> @Nullable Candidate<T> longer(@Nullable Candidate<T> first, @Nullable Candidate<T> second) {
        if (first != null
                && second != null
                && first.priority() == second.priority()
                && second.pathLength() > first.pathLength()) {
            return second;
        }
        return better(first, second);
    }

    /** Returns a literal of a pattern as it stands in canonical paths. */
    static String canonical(String literal) {
        try {
            return NORMALIZER.normalize("/" + literal).substring(1);
        } catch (ProxyException e) {
            throw new IllegalArgumentException("path: \"" + literal + "\" (expected: a checked pattern)", e);
        }
    }
}
