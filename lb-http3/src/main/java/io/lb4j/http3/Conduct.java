package io.lb4j.http3;

import io.lb4j.config.Option;
import io.lb4j.config.Settings;

/**
 * Counts what costs us more than it costs the client, and ends the connection for it; exchanges that end well earn some of it. Confined to the
 * event loop of its connection.
 */
final class Conduct {
    private static final int UNIDIRECTIONAL_STREAMS_NEEDED = 3; // RFC 9114 §6.2, RFC 9204 §4.2

    /** As much as the codec takes of those that it hands on. */
    private static final int MOST_SKIPPED_OCTETS = 32 << 10;

    private final Http3ServerConnection connection;
    private final Settings settings;
    private final Figures figures;
    private final Allowance resetsReceived;
    private final Allowance resetsProvoked;
    private final Allowance idleFrames;
    private final Allowance opened;
    private long unidirectional;
    private int abandoned;

    Conduct(Http3ServerConnection connection, Http3Plan plan) {
        this.connection = connection;
        settings = plan.settings();
        figures = plan.figures();
        resetsReceived = allowance(Http3Options.RESETS, Http3Options.RESETS_PER_SECOND);
        resetsProvoked = allowance(Http3Options.RESETS, Http3Options.RESETS_PER_SECOND);
        opened = allowance(Http3Options.OPENED_STREAMS, Http3Options.OPENED_STREAMS_PER_SECOND);
        idleFrames = allowance(Http3Options.IDLE_FRAMES, Http3Options.IDLE_FRAMES_PER_SECOND);
    }

    private Allowance allowance(Option<Integer> burst, Option<Integer> perSecond) {
        return new Allowance(settings.value(burst), settings.value(perSecond), System.nanoTime());
    }

    /** The client has opened a stream for a request. */
    void onOpened() {
        require(opened, Figure.CONNECTIONS_ABUSIVE_STREAMS, "requests");
    }

    /** The client has reset a stream: what CVE-2023-44487 is to HTTP/2. */
    void onResetReceived() {
        require(resetsReceived, Figure.CONNECTIONS_ABUSIVE_RESETS, "streams reset");
    }

    /** The client has made us reset a stream: what CVE-2025-8671 is to HTTP/2. */
    void onResetProvoked() {
        require(resetsProvoked, Figure.CONNECTIONS_ABUSIVE_FAULTS, "stream errors");
    }

    /** A frame has come that moves no message on. */
    void onIdleFrame() {
        require(idleFrames, Figure.CONNECTIONS_ABUSIVE_IDLE_FRAMES, "frames that carry nothing");
    }

    /** A frame comes of a type that is not known. */
    void onSkippedFrame(long octets) {
        if (octets > MOST_SKIPPED_OCTETS) {
            connection.endFor(Figure.CONNECTIONS_ABUSIVE_SIZES, "frame of an unknown type: too large");
        } else {
            onIdleFrame();
        }
    }

    /** The client has opened a unidirectional stream: past those that HTTP/3 needs it is of no type that means anything here. */
    void onUnidirectionalStream() {
        unidirectional++;
        if (unidirectional > UNIDIRECTIONAL_STREAMS_NEEDED) {
            onIdleFrame();
        }
    }

    private void require(Allowance allowance, Figure abuse, String what) {
        if (!allowance.take(System.nanoTime())) {
            connection.endFor(abuse, what + ": too many in too short a time");
        }
    }

    void onExchangeDone() {
        resetsReceived.give();
        resetsProvoked.give();
    }

    /**
     * A stream is gone whose end the client has not sent. The codec remembers it for as long as the connection lasts: so that does not last for
     * ever, and ends in order once there are more than may be; or at once with twice as many, where a request that is open keeps it from that.
     */
    void onAbandoned() {
        abandoned++;
        figures.count(Figure.STREAMS_ABANDONED);
        int most = settings.value(Http3Options.ABANDONED_STREAMS);
        if (abandoned == most + 1) {
            connection.drainFor(Figure.CONNECTIONS_DRAINED_ABANDONED);
        } else if (abandoned == 2 * most + 1) {
            connection.endFor(Figure.CONNECTIONS_ABUSIVE_ABANDONED, "streams without an end: too many");
        }
    }
}
