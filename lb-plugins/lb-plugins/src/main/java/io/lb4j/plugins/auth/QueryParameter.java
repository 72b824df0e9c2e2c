package io.lb4j.plugins.auth;

import io.lb4j.http.RequestHead;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A parameter of the query, however its name is written.
 *
 * @param name decoded
 */
record QueryParameter(String name) {
    /** Returns its values, decoded. */
    List<String> values(RequestHead head) {
        List<String> values = new ArrayList<>();
        for (String pair : pairs(head)) {
            if (isOurs(pair)) {
                int sign = pair.indexOf('=');
                values.add(sign < 0 ? "" : decoded(pair.substring(sign + 1)));
            }
        }
        return values;
    }

    /** Takes it out of the query. */
    void removeFrom(RequestHead head) {
        List<String> pairs = pairs(head);
        List<String> kept = pairs.stream().filter(pair -> !isOurs(pair)).toList();
        if (kept.size() < pairs.size()) {
            head.target(kept.isEmpty() ? head.path() : head.path() + "?" + String.join("&", kept));
        }
    }

    private static List<String> pairs(RequestHead head) {
        Optional<String> query = head.query();
        return query.isEmpty() ? List.of() : List.of(query.get().split("&", -1));
    }

    private boolean isOurs(String pair) {
        int sign = pair.indexOf('=');
        return decoded(sign < 0 ? pair : pair.substring(0, sign)).equals(name);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // not encoded as it should be: it stands for itself
        }
    }
}
