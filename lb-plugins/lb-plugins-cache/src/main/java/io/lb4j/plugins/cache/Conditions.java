package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.util.List;
import java.util.Optional;

/**
 * Under which conditions a client wants a response, and how much of it (RFC 9110 §13, §14). Immutable.
 *
 * @param noneMatch lines of If-None-Match
 * @param modifiedSince If-Modified-Since
 * @param range Range
 * @param ifRange If-Range
 */
record Conditions(
        List<String> noneMatch, Optional<String> modifiedSince, Optional<String> range, Optional<String> ifRange) {
    static final Conditions NONE = new Conditions(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    static Conditions of(Fields request) {
        boolean any = request.contains(Names.IF_NONE_MATCH)
                || request.contains(Names.IF_MODIFIED_SINCE)
                || request.contains(Names.RANGE);
        return !any
                ? NONE
                : new Conditions(
                        request.values(Names.IF_NONE_MATCH),
                        request.value(Names.IF_MODIFIED_SINCE),
                        request.value(Names.RANGE),
                        request.value(Names.IF_RANGE));
    }

    /** Returns whether the client does not simply want the whole response. */
    boolean any() {
        return this != NONE;
    }

    /** Returns whether what the client has already is what is kept (RFC 9111 §4.3.2). */
    boolean isUnchanged(Stored stored, long nowSeconds) {
        if (!noneMatch.isEmpty()) {
            return stored.etag().filter(this::isNamed).isPresent()
                    || noneMatch.stream().anyMatch(line -> line.strip().equals("*"));
        }
        if (modifiedSince.isEmpty()) {
            return false;
        }
        Optional<String> modified =
                stored.lastModified().or(() -> stored.fields().value(FieldName.DATE));
        if (modified.equals(modifiedSince)) {
            return true;
        }
        Optional<Long> since = HttpDate.parse(modifiedSince.get(), nowSeconds);
        Optional<Long> last = modified.flatMap(date -> HttpDate.parse(date, nowSeconds));
        return since.isPresent() && last.isPresent() && last.get() <= since.get();
    }

    /** Returns whether an entity tag is among those that the client has, by the weak comparison (RFC 9110 §8.8.3.2). */
    private boolean isNamed(String etag) {
        String wanted = opaque(etag);
        for (String line : noneMatch) {
            int at = 0;
            while (at < line.length()) {
                int end = memberEnd(line, at);
                if (opaque(line.substring(at, end).strip()).equals(wanted)) {
                    return true;
                }
                at = end + 1;
            }
        }
        return false;
    }

    private static int memberEnd(String line, int from) {
        boolean isQuoted = false;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            isQuoted ^= c == '"';
            if (c == ',' && !isQuoted) {
                return i;
            }
        }
        return line.length();
    }

    private static String opaque(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }

    /** Returns whether the range is wanted of this response, and not only of another one (RFC 9110 §13.1.5). */
    boolean wantsRangeOf(Stored stored) {
        if (range.isEmpty()) {
            return false;
        }
        if (ifRange.isEmpty()) {
            return true;
        }
        String validator = ifRange.get();
        boolean isStrong = !validator.startsWith("W/");
        return isStrong
                && (validator.startsWith("\"") ? stored.etag() : stored.lastModified())
                        .filter(validator::equals)
                        .isPresent();
    }
}
