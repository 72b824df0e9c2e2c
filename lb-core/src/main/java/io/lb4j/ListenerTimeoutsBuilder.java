package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.ListenerTimeouts;
import java.time.Duration;

/** How long a listener waits for its clients. */
public final class ListenerTimeoutsBuilder extends SectionBuilder<ListenerTimeoutsBuilder> {
    ListenerTimeoutsBuilder(Draft draft) {
        super(draft);
    }

    @Override
    ListenerTimeoutsBuilder self() {
        return this;
    }

    /** Sets how long a request's head may take from its first octet. Default: 10 seconds. */
    public ListenerTimeoutsBuilder requestHead(Duration time) {
        return set(ListenerTimeouts.REQUEST_HEAD, time, "requestHead");
    }

    /** Sets how long a connection stays open between requests. Default: 75 seconds. */
    public ListenerTimeoutsBuilder idle(Duration time) {
        return set(ListenerTimeouts.IDLE, time, "idle");
    }

    /**
     * Sets how long the next octets of a request's body may take while they are wanted and no response has begun; calls of gRPC and
     * WebSockets are exempt. Default: 1 minute.
     */
    public ListenerTimeoutsBuilder requestBody(Duration time) {
        return set(ListenerTimeouts.REQUEST_BODY, time, "requestBody");
    }

    /** Sets how long a client may take nothing of a response that waits for it. Default: 1 minute. */
    public ListenerTimeoutsBuilder responseWrite(Duration time) {
        return set(ListenerTimeouts.RESPONSE_WRITE, time, "responseWrite");
    }
}
