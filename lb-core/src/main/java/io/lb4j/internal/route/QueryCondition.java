package io.lb4j.internal.route;

import io.lb4j.model.ValueMatch;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A condition on a parameter of the query, which is read as a form would write it: {@code &} between parameters, {@code =} before a
 * value, {@code +} for a space, the rest percent-encoded UTF-8. Immutable.
 */
final class QueryCondition {
    private final String name;
    private final ValueMatch match;
    private final boolean absence;

    QueryCondition(ValueMatch match) {
        this.name = match.name();
        this.match = match;
        this.absence = match.isAbsence();
    }

    boolean test(String target) {
        int question = target.indexOf('?');
        int start = question < 0 ? target.length() : question + 1;
        while (start < target.length()) {
            int ampersand = target.indexOf('&', start);
            int end = ampersand < 0 ? target.length() : ampersand;
            int equals = target.indexOf('=', start);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (isNamed(target, start, nameEnd)) {
                if (absence) {
                    return false;
                }
                if (match.test(decode(target, Math.min(nameEnd + 1, end), end))) {
                    return true;
                }
            }
            start = end + 1;
        }
        return absence;
    }

    private boolean isNamed(String target, int start, int end) {
        if (end - start == name.length() && target.startsWith(name, start)) {
            return true;
        }
        // An encoded name is longer than what it stands for, but for a plus sign, which is as long.
        return end - start >= name.length()
                && isEncoded(target, start, end)
                && decode(target, start, end).equals(name);
    }

    private static boolean isEncoded(String target, int start, int end) {
        for (int i = start; i < end; i++) {
            if (target.charAt(i) == '%' || target.charAt(i) == '+') {
                return true;
            }
        }
        return false;
    }

    private static String decode(String target, int start, int end) {
        String text = target.substring(start, end);
        if (!isEncoded(target, start, end)) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Percent signs that encode nothing: the text is taken as it stands, and a condition on it fails or holds
            // as it may.
            return text;
        }
    }
}
