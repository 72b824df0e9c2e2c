package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.ValueMatch;

/** What a header field, or a parameter of the query, has to be. One of the conditions is required. */
public final class MatchBuilder extends SectionBuilder<MatchBuilder> {
    MatchBuilder(Draft draft) {
        super(draft);
    }

    @Override
    MatchBuilder self() {
        return this;
    }

    /** Requires this value. Default: no such condition. */
    public MatchBuilder exact(String value) {
        return set(ValueMatch.EXACT, value, "exact");
    }

    /** Requires a value that begins with this. Default: no such condition. */
    public MatchBuilder prefix(String value) {
        return set(ValueMatch.PREFIX, value, "prefix");
    }

    /** Requires a value that an expression of {@link java.util.regex.Pattern} matches as a whole. Default: no such condition. */
    public MatchBuilder regex(String expression) {
        return setText(ValueMatch.REGEX, expression, "regex");
    }

    /** Requires a value, whatever it is. Default: no such condition. */
    public MatchBuilder present() {
        return set(ValueMatch.PRESENT, true, "present");
    }

    /** Requires that there is no value. Default: no such condition. */
    public MatchBuilder absent() {
        return set(ValueMatch.PRESENT, false, "absent");
    }
}
