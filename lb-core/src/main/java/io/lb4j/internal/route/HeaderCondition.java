package io.lb4j.internal.route;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.model.Regex;
import io.lb4j.model.ValueMatch;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A condition on a header field. Compares octets in place; only a regular expression takes a text of its own. Immutable. */
final class HeaderCondition {
    private final FieldName name;
    private final ValueMatch match;
    private final boolean absence;
    private final Optional<Regex> regex;
    private final byte[] beginning;
    private final boolean whole;

    HeaderCondition(ValueMatch match) {
        this.name = FieldName.of(match.name());
        this.match = match;
        this.absence = match.isAbsence();
        this.regex = match.settings().find(ValueMatch.REGEX);
        Optional<String> exact = match.settings().find(ValueMatch.EXACT);
        this.whole = exact.isPresent();
        this.beginning = exact.or(() -> match.settings().find(ValueMatch.PREFIX))
                .orElse("")
                .getBytes(StandardCharsets.UTF_8);
    }

    boolean test(Fields fields) {
        if (absence) {
            return !fields.contains(name);
        }
        for (int i = fields.indexOf(name); i >= 0; i = fields.indexOf(name, i + 1)) {
            if (regex.isPresent() ? match.test(fields.valueAt(i)) : fits(fields, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean fits(Fields fields, int index) {
        int length = fields.valueLengthAt(index);
        if (whole ? length != beginning.length : length < beginning.length) {
            return false;
        }
        for (int i = 0; i < beginning.length; i++) {
            if (fields.valueOctetAt(index, i) != beginning[i]) {
                return false;
            }
        }
        return true;
    }
}
