package io.lb4j.http3;

import io.lb4j.config.Settings;
import io.lb4j.model.Listener;
import io.lb4j.spi.Transport;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all connections of a bound listener share. Thread-safe.
 *
 * @param context what the listener lends
 * @param settings the options
 * @param tls the contexts of handshakes
 * @param figures the counts
 * @param buffered the octets that wait for all clients
 * @param kept the octets that are kept for all clients
 * @param meters of the connections that are open
 */
record Http3Plan(
        Transport.Context context,
        Settings settings,
        QuicTls tls,
        Figures figures,
        AtomicLong buffered,
        AtomicLong kept,
        OpenMeters meters) {
    /** Begins to count. */
    static Http3Plan of(Transport.Context context, Settings settings, QuicTls tls) {
        return new Http3Plan(
                context, settings, tls, new Figures(), new AtomicLong(), new AtomicLong(), new OpenMeters());
    }

    /** Returns the plan of those who come after this: what is counted, and what is bounded for all together, goes on. */
    Http3Plan successor(Transport.Context next, Settings nextSettings, QuicTls nextTls) {
        return new Http3Plan(next, nextSettings, nextTls, figures, buffered, kept, meters);
    }

    /** Returns the listener's configuration as it is now. */
    Listener listener() {
        return context.listener();
    }

    long streamTimeoutNanos() {
        return settings.value(Http3Options.MAX_STREAM_TIMEOUT).toNanos();
    }

    long headNanos() {
        return Math.min(
                streamTimeoutNanos(), listener().timeouts().requestHead().toNanos());
    }

    long bodyNanos() {
        return Math.min(
                streamTimeoutNanos(), listener().timeouts().requestBody().toNanos());
    }

    long writeNanos() {
        return Math.min(
                streamTimeoutNanos(), listener().timeouts().responseWrite().toNanos());
    }

    long handshakeNanos() {
        return listener().tls().map(tls -> tls.handshakeTimeout().toNanos()).orElse(headNanos());
    }
}
