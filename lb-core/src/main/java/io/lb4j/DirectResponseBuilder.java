package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.DirectResponse;

/** An answer that is given without asking an endpoint. */
public final class DirectResponseBuilder extends SectionBuilder<DirectResponseBuilder> {
    DirectResponseBuilder(Draft draft) {
        super(draft);
    }

    @Override
    DirectResponseBuilder self() {
        return this;
    }

    /** Sets the body, sent in UTF-8. Default: none. */
    public DirectResponseBuilder body(String text) {
        return set(DirectResponse.BODY, text, "body");
    }

    /** Sets the body's media type. Default: {@code text/plain; charset=utf-8}. */
    public DirectResponseBuilder contentType(String type) {
        return set(DirectResponse.CONTENT_TYPE, type, "contentType");
    }

    /** Adds a header field. Default: none. */
    public DirectResponseBuilder field(String name, String value) {
        draft().put(DirectResponse.FIELDS, name, value, origin("field"));
        return this;
    }
}
