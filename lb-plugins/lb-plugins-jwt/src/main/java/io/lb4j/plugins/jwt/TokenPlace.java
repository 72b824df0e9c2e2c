package io.lb4j.plugins.jwt;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where tokens come in: a field, or a cookie.
 *
 * @param field in {@code authorization} the token follows the word Bearer (RFC 6750 §2.1)
 * @param cookie its name
 */
record TokenPlace(FieldName field, Optional<String> cookie) {
    private static final String BEARER = "bearer ";

    /** Returns the tokens that are shown; there should be one. */
    List<String> shown(Fields fields) {
        List<String> shown = new ArrayList<>();
        for (int i = fields.indexOf(field); i >= 0; i = fields.indexOf(field, i + 1)) {
            if (!field.equals(FieldName.AUTHORIZATION)) {
                shown.add(fields.valueAt(i));
            } else if (fields.valueStartsWithIgnoreCaseAt(i, BEARER)) {
                shown.add(fields.valueAt(i).substring(BEARER.length()).strip());
            }
        }
        cookie.ifPresent(name -> cookies(fields)
                .filter(pair -> pair.startsWith(name + "="))
                .forEach(pair -> shown.add(pair.substring(name.length() + 1))));
        return shown;
    }

    private static Stream<String> cookies(Fields fields) {
        return fields.values(FieldName.COOKIE).stream()
                .flatMap(value -> Stream.of(value.split(";", -1)))
                .map(String::strip);
    }

    /** Returns whether a text has the parts of a signed token: what else comes after the word Bearer may be another plugin's. */
    static boolean hasThreeParts(String text) {
        return text.chars().filter(c -> c == '.').count() == 2;
    }

    /** Takes the token away; credentials of other schemes, those after Bearer that are none of ours, and other cookies, stay. */
    void removeFrom(Fields fields, Predicate<String> isOurs) {
        for (int i = fields.size() - 1; i >= 0; i--) {
            boolean ours = fields.isAt(i, field)
                    && (!field.equals(FieldName.AUTHORIZATION)
                            || (fields.valueStartsWithIgnoreCaseAt(i, BEARER)
                                    && isOurs.test(fields.valueAt(i)
                                            .substring(BEARER.length())
                                            .strip())));
            if (ours) {
                fields.removeAt(i);
            }
        }
        if (cookie.isPresent() && fields.contains(FieldName.COOKIE)) {
            List<String> kept = cookies(fields)
                    .filter(pair -> !pair.startsWith(cookie.get() + "="))
                    .toList();
            fields.remove(FieldName.COOKIE);
            if (!kept.isEmpty()) {
                fields.add(FieldName.COOKIE, String.join("; ", kept));
            }
        }
    }
}
