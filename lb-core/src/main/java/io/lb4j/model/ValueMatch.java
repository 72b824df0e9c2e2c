package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.util.Optional;

/** A condition on a header field or on a parameter of the query. Where a name occurs more than once, one value that fits is enough. Immutable. */
public final class ValueMatch extends View {
    /** The value as a whole. */
    public static final Option<String> EXACT =
            Option.of("exact", OptionTypes.string("a text"), "The value.").build();

    /** The value's beginning. */
    public static final Option<String> PREFIX = Option.of(
                    "prefix", OptionTypes.string("a text"), "What the value begins with.")
            .build();

    /** An expression for the whole value. */
    public static final Option<Regex> REGEX = Option.of(
                    "regex", ModelTypes.regex(), "Regular expression for the whole value.")
            .build();

    /** Whether there is a value. */
    public static final Option<Boolean> PRESENT = Option.of(
                    "present", OptionTypes.bool(), "Whether there has to be a value (true) or must not be one (false).")
            .build();

    /** The name of a header field. */
    public static final Option<String> FIELD = Option.of("name", ModelTypes.fieldName(), "Name of the header field.")
            .required()
            .build();

    /** The name of a parameter. */
    public static final Option<String> PARAMETER = Option.of(
                    "name", OptionTypes.string("a name"), "Name of the parameter.")
            .required()
            .build();

    /** A condition on a header field. */
    public static final Section HEADER_SECTION = Section.of("header", "A condition on a header field.")
            .options(FIELD, EXACT, PREFIX, REGEX, PRESENT)
            .exactlyOneOf(EXACT, PREFIX, REGEX, PRESENT)
            .build();

    /** A condition on a parameter of the query. */
    public static final Section QUERY_SECTION = Section.of("parameter", "A condition on a parameter of the query.")
            .options(PARAMETER, EXACT, PREFIX, REGEX, PRESENT)
            .exactlyOneOf(EXACT, PREFIX, REGEX, PRESENT)
            .build();

    ValueMatch(Settings settings) {
        super(settings);
    }

    /** Returns the name of the header field, in lower case, or of the parameter. */
    public String name() {
        return settings().find(FIELD).orElseGet(() -> settings().value(PARAMETER));
    }

    /** Returns whether the condition is that there is no value. */
    public boolean isAbsence() {
        return settings().find(PRESENT).filter(present -> !present).isPresent();
    }

    /** Returns whether a value that is there meets the condition. */
    public boolean test(String value) {
        Optional<String> exact = settings().find(EXACT);
        if (exact.isPresent()) {
            return exact.get().equals(value);
        }
        Optional<String> prefix = settings().find(PREFIX);
        if (prefix.isPresent()) {
            return value.startsWith(prefix.get());
        }
        Optional<Regex> regex = settings().find(REGEX);
        if (regex.isPresent()) {
            return regex.get().pattern().matcher(value).matches();
        }
        return !isAbsence();
    }
}
