package io.lb4j.plugins.cache;

import java.util.Locale;
import java.util.Optional;

/**
 * A range of a body (RFC 9110 §14). Immutable.
 *
 * @param from the first octet
 * @param to the one behind the last; not more than {@code from} where the body has no such octets
 */
record ByteRange(int from, int to) {
    private static final String UNIT = "bytes=";
    private static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    /** Reads one range of octets; empty if it is malformed, or several are wanted, so that the whole is sent. */
    static Optional<ByteRange> parse(String field, int length) {
        if (!field.toLowerCase(Locale.ROOT).startsWith(UNIT)) {
            return Optional.empty();
        }
        String spec = field.substring(UNIT.length()).strip();
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        String first = spec.substring(0, dash);
        String last = spec.substring(dash + 1);
        long from = Directives.number(first);
        long to = Directives.number(last);
        boolean isSuffix = first.isEmpty();
        if ((isSuffix ? to : from) < 0 || (!isSuffix && !last.isEmpty() && to < from)) {
            return Optional.empty();
        }
        if (isSuffix) {
            return Optional.of(to == 0 ? UNSATISFIABLE : new ByteRange((int) Math.max(0, length - to), length));
        }
        if (from >= length) {
            return Optional.of(UNSATISFIABLE);
        }
        return Optional.of(new ByteRange((int) from, last.isEmpty() ? length : (int) Math.min(length, to + 1)));
    }

    boolean isSatisfiable() {
        return from < to;
    }

    int size() {
        return to - from;
    }
}
