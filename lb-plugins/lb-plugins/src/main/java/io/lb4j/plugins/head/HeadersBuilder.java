package io.lb4j.plugins.head;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.util.function.Consumer;

/** Describes what is done to header fields. */
public final class HeadersBuilder extends PartBuilder<HeadersBuilder> {
    /** Begins with nothing. */
    public HeadersBuilder() {
        super(new Draft(HeadersPlugin.SECTION));
    }

    @Override
    protected HeadersBuilder self() {
        return this;
    }

    /** Says what is done to the fields of requests. Default: nothing. */
    public HeadersBuilder request(Consumer<? super FieldsBuilder> edits) {
        edits.accept(new FieldsBuilder(nested(HeadersPlugin.REQUEST, "request")));
        return this;
    }

    /** Says what is done to the fields of responses. Default: nothing. */
    public HeadersBuilder response(Consumer<? super FieldsBuilder> edits) {
        edits.accept(new FieldsBuilder(nested(HeadersPlugin.RESPONSE, "response")));
        return this;
    }
}
