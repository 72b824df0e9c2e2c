package io.lb4j.plugins.registry.oci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry asks for in {@code WWW-Authenticate} (RFC 9110, section 11.6.1). Immutable.
 *
 * @param scheme in lower case
 * @param parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
    private static final int LONGEST_FIELD = 4096;
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
    private static final Pattern PARAMETER = Pattern.compile(
            "\\G[\\s,]*(" + TOKEN + ")\\s*=\\s*(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|(" + TOKEN + "))");
    private static final Pattern SCHEME = Pattern.compile("\\G[\\s,]*(" + TOKEN + ")(?=\\s|,|$)(?!\\s*=)");

    Challenge {
        parameters = Map.copyOf(parameters);
    }

    /** Returns all challenges of some fields; what cannot be read, or is longer than anybody's, is left out. */
    static List<Challenge> parse(List<String> fields) {
        List<Challenge> found = new ArrayList<>();
        for (String field : fields) {
            if (field.length() > LONGEST_FIELD) {
                continue;
            }
            Matcher scheme = SCHEME.matcher(field);
            int position = 0;
            while (scheme.find(position)) {
                Map<String, String> parameters = new LinkedHashMap<>();
                position = parameters(field, scheme.end(), parameters);
                found.add(new Challenge(scheme.group(1).toLowerCase(Locale.ROOT), parameters));
            }
        }
        return found;
    }

    private static int parameters(String field, int start, Map<String, String> into) {
        Matcher parameter = PARAMETER.matcher(field);
        int position = start;
        while (parameter.find(position)) {
            String quoted = parameter.group(2);
            String value = quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1");
            into.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), value);
            position = parameter.end();
        }
        return position;
    }

    /** Returns the first challenge of a scheme. */
    static Optional<Challenge> find(List<Challenge> challenges, String scheme) {
        return challenges.stream()
                .filter(challenge -> challenge.scheme.equals(scheme))
                .findFirst();
    }
}
