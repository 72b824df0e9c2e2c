package io.lb4j.plugins.log;

import io.lb4j.http.FieldName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What lines do not say. Immutable. */
final class Redaction {
    static final String HIDDEN = "***";

    /** What is said of a query. */
    enum Query {
        /** Nothing. */
        NONE,
        /** The names of its parameters. */
        NAMES,
        /** All of it, but for the values of parameters that are to be hidden. */
        FULL
    }

    private final Set<FieldName> fields;
    private final Set<String> parameters;
    private final Query query;

    Redaction(List<String> fields, List<String> parameters, Query query) {
        this.fields = fields.stream().map(FieldName::of).collect(Collectors.toUnmodifiableSet());
        this.parameters =
                parameters.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        this.query = query;
    }

    boolean hides(FieldName field) {
        return fields.contains(field);
    }

    /** Returns an address with as much of its query as is said of one. */
    String address(String text) {
        int mark = text.indexOf('?');
        return mark < 0
                ? text
                : text.substring(0, mark)
                        + query(text.substring(mark + 1))
                                .map(shown -> "?" + shown)
                                .orElse("");
    }

    Optional<String> query(String text) {
        if (query == Query.NONE) {
            return Optional.empty();
        }
        StringBuilder shown = new StringBuilder(text.length());
        for (String pair : text.split("&", -1)) {
            int sign = pair.indexOf('=');
            String name = sign < 0 ? pair : pair.substring(0, sign);
            shown.append(shown.isEmpty() ? "" : "&").append(name);
            if (sign >= 0) {
                shown.append('=').append(query == Query.FULL && !hides(name) ? pair.substring(sign + 1) : HIDDEN);
            }
        }
        return Optional.of(shown.toString());
    }

    private boolean hides(String parameter) {
        try {
            return parameters.contains(
                    URLDecoder.decode(parameter, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return true; // nobody knows what it is
        }
    }
}
