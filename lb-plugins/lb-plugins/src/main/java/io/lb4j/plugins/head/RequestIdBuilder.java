package io.lb4j.plugins.head;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;

/** Describes how requests get ids. */
public final class RequestIdBuilder extends PartBuilder<RequestIdBuilder> {
    /** Begins with the defaults. */
    public RequestIdBuilder() {
        super(new Draft(RequestIdPlugin.SECTION));
    }

    @Override
    protected RequestIdBuilder self() {
        return this;
    }

    /** Sets the field that the id stands in. Default: {@code x-request-id}. */
    public RequestIdBuilder field(String name) {
        return setText(RequestIdPlugin.FIELD, name, "field");
    }

    /** Sets whether a client's own id is kept, if it looks like one. Default: it is replaced. */
    public RequestIdBuilder keep(boolean keep) {
        return set(RequestIdPlugin.KEEP, keep, "keep");
    }

    /** Sets whether the client is told the id. Default: it is. */
    public RequestIdBuilder respond(boolean respond) {
        return set(RequestIdPlugin.RESPOND, respond, "respond");
    }
}
