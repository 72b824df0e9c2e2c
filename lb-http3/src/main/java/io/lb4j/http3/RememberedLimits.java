package io.lb4j.http3;

import io.lb4j.config.Settings;
import java.util.List;

/**
 * What a client remembers of a listener beside its session ticket, and goes by in early data: who takes that must not grant less by then (RFC 9000 §7.4.1, RFC 9114 §7.2.4.2). Immutable.
 *
 * @param values always in the same order
 */
record RememberedLimits(List<Long> values) {
    RememberedLimits {
        values = List.copyOf(values);
    }

    static RememberedLimits of(Settings settings) {
        return new RememberedLimits(List.of(
                settings.value(Http3Options.INITIAL_MAX_DATA),
                settings.value(Http3Options.INITIAL_MAX_STREAM_DATA),
                (long) settings.value(Http3Options.MAX_INCOMING_STREAMS),
                (long) settings.value(Http3Options.MAX_INCOMING_UNI_STREAMS),
                (long) settings.value(Http3Options.ACTIVE_CONNECTION_IDS),
                settings.value(Http3Options.ENABLE_DATAGRAMS) ? 1L : 0L,
                settings.value(Http3Options.QPACK_TABLE),
                (long) settings.value(Http3Options.QPACK_BLOCKED_STREAMS)));
    }

    /** Returns whether one of them is less than it was. */
    boolean areLessThan(RememberedLimits before) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) < before.values().get(i)) {
                return true;
            }
        }
        return false;
    }
}
