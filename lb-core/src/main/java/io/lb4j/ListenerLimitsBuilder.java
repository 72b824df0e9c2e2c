package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Limit;
import io.lb4j.model.ListenerLimits;

/** What clients of a listener may ask for at the most; the limit itself is still allowed. */
public final class ListenerLimitsBuilder extends SectionBuilder<ListenerLimitsBuilder> {
    ListenerLimitsBuilder(Draft draft) {
        super(draft);
    }

    @Override
    ListenerLimitsBuilder self() {
        return this;
    }

    /** Sets the longest request line in octets. Default: 8 KiB. */
    public ListenerLimitsBuilder requestLine(long octets) {
        return set(ListenerLimits.REQUEST_LINE, octets, "requestLine");
    }

    /** Sets the most header fields. Default: 100. */
    public ListenerLimitsBuilder headerCount(int count) {
        return set(ListenerLimits.HEADER_COUNT, count, "headerCount");
    }

    /** Sets the largest header section in octets. Default: 64 KiB. */
    public ListenerLimitsBuilder headerSize(long octets) {
        return set(ListenerLimits.HEADER_SIZE, octets, "headerSize");
    }

    /** Sets the largest request body in octets. Default: unlimited. */
    public ListenerLimitsBuilder body(long octets) {
        return set(ListenerLimits.BODY, Limit.of(octets), "body");
    }

    /** Sets the most streams that are open at once on one connection. Default: 100. */
    public ListenerLimitsBuilder streams(int count) {
        return set(ListenerLimits.STREAMS, count, "streams");
    }

    /** Sets the most connections of the listener. Default: 16,384. */
    public ListenerLimitsBuilder connections(Limit<Integer> count) {
        return set(ListenerLimits.CONNECTIONS, count, "connections");
    }

    /** Sets the most connections of the listener. Default: 16,384. */
    public ListenerLimitsBuilder connections(int count) {
        return connections(Limit.of(count));
    }

    /** Sets the most connections from one client address. Default: 4,096. */
    public ListenerLimitsBuilder connectionsPerClient(Limit<Integer> count) {
        return set(ListenerLimits.CONNECTIONS_PER_CLIENT, count, "connectionsPerClient");
    }

    /** Sets the most connections from one client address. Default: 4,096. */
    public ListenerLimitsBuilder connectionsPerClient(int count) {
        return connectionsPerClient(Limit.of(count));
    }
}
