package io.lb4j.plugins.head;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;

/** Describes how large requests may be. */
public final class RequestSizeBuilder extends PartBuilder<RequestSizeBuilder> {
    /** Begins with nothing. */
    public RequestSizeBuilder() {
        super(new Draft(RequestSizePlugin.SECTION));
    }

    @Override
    protected RequestSizeBuilder self() {
        return this;
    }

    /** Sets the octets of the body. Default: what the listener allows. */
    public RequestSizeBuilder maxBody(long octets) {
        return set(RequestSizePlugin.MAX_BODY, octets, "maxBody");
    }

    /** Sets the octets of path and query. Default: what the listener allows. */
    public RequestSizeBuilder maxTarget(int octets) {
        return set(RequestSizePlugin.MAX_TARGET, octets, "maxTarget");
    }

    /** Sets the octets of the header fields, with 32 for each. Default: what the listener allows. */
    public RequestSizeBuilder maxFields(long octets) {
        return set(RequestSizePlugin.MAX_FIELDS, octets, "maxFields");
    }

    /** Sets the number of header fields. Default: what the listener allows. */
    public RequestSizeBuilder maxFieldCount(int count) {
        return set(RequestSizePlugin.MAX_FIELD_COUNT, count, "maxFieldCount");
    }
}
