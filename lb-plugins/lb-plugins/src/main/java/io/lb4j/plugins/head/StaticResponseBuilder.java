package io.lb4j.plugins.head;

import io.lb4j.config.Draft;
import io.lb4j.model.DirectResponse;
import io.lb4j.plugins.kit.PartBuilder;
import java.nio.file.Path;
import java.util.List;

/** Describes an answer that is always the same. */
public final class StaticResponseBuilder extends PartBuilder<StaticResponseBuilder> {
    /** Begins with an empty 200. */
    public StaticResponseBuilder() {
        super(new Draft(StaticResponseOptions.SECTION));
    }

    @Override
    protected StaticResponseBuilder self() {
        return this;
    }

    /** Sets the status. Default: that of the response it stands for, or 200. */
    public StaticResponseBuilder status(int status) {
        return set(StaticResponseOptions.STATUS, status, "status");
    }

    /** Sets the body, to be sent in UTF-8. Default: empty. */
    public StaticResponseBuilder body(String text) {
        return set(DirectResponse.BODY, text, "body");
    }

    /** Takes the body from a file, which is read at the start. Default: there is none. */
    public StaticResponseBuilder file(Path file) {
        return set(StaticResponseOptions.FILE, file, "file");
    }

    /** Sets the body's media type. Default: plain text in UTF-8. */
    public StaticResponseBuilder contentType(String type) {
        return set(DirectResponse.CONTENT_TYPE, type, "contentType");
    }

    /** Sets a further field. Default: none. */
    public StaticResponseBuilder field(String name, String value) {
        return put(DirectResponse.FIELDS, name, value, "field");
    }

    /**
     * Stands for responses of some statuses, rather than for an endpoint. Default: every request is answered.
     *
     * @param statuses {@code 502} or {@code 500-599}
     */
    public StaticResponseBuilder insteadOf(String... statuses) {
        return addTexts(StaticResponseOptions.INSTEAD_OF, List.of(statuses), "insteadOf");
    }
}
