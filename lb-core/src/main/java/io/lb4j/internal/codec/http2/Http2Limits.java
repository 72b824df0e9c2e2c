package io.lb4j.internal.codec.http2;

import java.time.Duration;

/**
 * What an HTTP/2 connection allows its peer. Immutable.
 *
 * @param streams how many streams, and how much each queues
 * @param heads how large a header section may be
 * @param windows flow control of what is received
 * @param timeouts how long to wait for what
 * @param abuse how often something costly may happen
 * @param probe how a client's connection that nothing was heard of is tried
 */
public record Http2Limits(Streams streams, Heads heads, Windows windows, Timeouts timeouts, Abuse abuse, Probe probe) {
    /** Returns the defaults. */
    public static Http2Limits defaults() {
        return new Http2Limits(
                Streams.defaults(),
                Heads.defaults(),
                Windows.defaults(),
                Timeouts.defaults(),
                Abuse.defaults(),
                Probe.defaults());
    }

    /** Returns the same with other limits on streams. */
    public Http2Limits with(Streams newStreams) {
        return new Http2Limits(newStreams, heads, windows, timeouts, abuse, probe);
    }

    /** Returns the same with other limits on header sections. */
    public Http2Limits with(Heads newHeads) {
        return new Http2Limits(streams, newHeads, windows, timeouts, abuse, probe);
    }

    /** Returns the same with other windows. */
    public Http2Limits with(Windows newWindows) {
        return new Http2Limits(streams, heads, newWindows, timeouts, abuse, probe);
    }

    /** Returns the same with other timeouts. */
    public Http2Limits with(Timeouts newTimeouts) {
        return new Http2Limits(streams, heads, windows, newTimeouts, abuse, probe);
    }

    /** Returns the same with other limits on behaviour. */
    public Http2Limits with(Abuse newAbuse) {
        return new Http2Limits(streams, heads, windows, timeouts, newAbuse, probe);
    }

    /** Returns the same with another probe. */
    public Http2Limits with(Probe newProbe) {
        return new Http2Limits(streams, heads, windows, timeouts, abuse, newProbe);
    }

    /**
     * Limits on streams.
     *
     * @param maxConcurrent the most streams that are open at once; default 100. A client opens no more than this either
     * @param queueHighOctets a stream that queues this much is not writable; default 49,152
     * @param queueLowOctets a stream becomes writable again when it queues no more than this; default 24,576
     */
    public record Streams(int maxConcurrent, int queueHighOctets, int queueLowOctets) {
        /** Checks what it is given. */
        public Streams {
            requireAtLeast("maxConcurrent", maxConcurrent, 1);
            requireAtLeast("queueLowOctets", queueLowOctets, 0);
            requireAtLeast("queueHighOctets", queueHighOctets, queueLowOctets + 1);
        }

        /** Returns the defaults. */
        public static Streams defaults() {
            return new Streams(100, 49_152, 24_576);
        }
    }

    /**
     * Limits on a header section. A request past them is answered with a status; its connection goes on.
     *
     * @param maxListOctets the most octets of names and values, with 32 for each field, once decoded; default 32,768
     * @param maxFields the most fields, pseudo-header fields and the pieces of a cookie included; default 200
     * @param maxTargetOctets the longest {@code :path}; default 8,192
     * @param maxBlockOctets the most octets of one compressed block; more end the connection; default 65,536
     * @param maxContinuations the most CONTINUATION frames of one block; more end the connection; default 16
     */
    public record Heads(
            int maxListOctets, int maxFields, int maxTargetOctets, int maxBlockOctets, int maxContinuations) {
        /** Checks what it is given. */
        public Heads {
            requireAtLeast("maxListOctets", maxListOctets, 1);
            requireAtLeast("maxFields", maxFields, 1);
            requireAtLeast("maxTargetOctets", maxTargetOctets, 1);
            requireAtLeast("maxBlockOctets", maxBlockOctets, 1);
            requireAtLeast("maxContinuations", maxContinuations, 0);
        }

        /** Returns the defaults. */
        public static Heads defaults() {
            return new Heads(32_768, 200, 8_192, 65_536, 16);
        }
    }

    /**
     * Flow control of what is received. A connection holds at most {@code stream} octets for each open stream that is not read.
     *
     * @param streamOctets the window of a stream; default 65,536
     * @param connectionOctets the window of the connection, refilled as octets arrive; default 1,048,576
     * @param maxFrameOctets the largest frame that is accepted; default 16,384
     */
    public record Windows(int streamOctets, int connectionOctets, int maxFrameOctets) {
        /** Checks what it is given. */
        public Windows {
            requireAtLeast("streamOctets", streamOctets, 1);
            // RFC 9113 §6.9.2: a connection's window starts at 65,535 and can only be enlarged
            requireAtLeast("connectionOctets", connectionOctets, 65_535);
            requireAtLeast("maxFrameOctets", maxFrameOctets, 16_384);
            if (maxFrameOctets > 16_777_215) {
                throw new IllegalArgumentException("maxFrameOctets: " + maxFrameOctets + " (expected: <= 16777215)");
            }
        }

        /** Returns the defaults. */
        public static Windows defaults() {
            return new Windows(65_536, 1_048_576, 16_384);
        }
    }

    /**
     * How long to wait.
     *
     * @param settings for the peer's first SETTINGS, and for its acknowledgement of ours; default 10 s
     * @param head from a HEADERS frame to the end of its block; default 10 s
     * @param idle how long a server's connection may be without a stream; default 60 s
     * @param bodyIdle how long the next octets of a request's body may take while they are wanted; default 30 s
     * @param writeStall how long the peer may take nothing of what is queued for a stream; default 30 s
     * @param drain from the first GOAWAY to the one that names the last stream, at most; default 1 s
     */
    public record Timeouts(
            Duration settings, Duration head, Duration idle, Duration bodyIdle, Duration writeStall, Duration drain) {
        /** Checks what it is given. */
        public Timeouts {
            requirePositive("settings", settings);
            requirePositive("head", head);
            requirePositive("idle", idle);
            requirePositive("bodyIdle", bodyIdle);
            requirePositive("writeStall", writeStall);
            requirePositive("drain", drain);
        }

        /** Returns the defaults. */
        public static Timeouts defaults() {
            return new Timeouts(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(1));
        }
    }

    /**
     * How often something costly may happen. Past a limit the connection ends with ENHANCE_YOUR_CALM (RFC 9113 §10.5).
     *
     * @param resets how many streams the peer may reset (CVE-2023-44487), and as many again it may make us reset
     *     (CVE-2025-8671), in one go; each exchange that ends well gives one back; default 200
     * @param resetsPerSecond how many of either come back in a second; default 20
     * @param idleFrames how many frames that carry nothing may come in one go: PING, SETTINGS, PRIORITY, WINDOW_UPDATE, DATA without
     *     data, unknown ones; a frame that carries something, either way, gives four of them back, and each KiB of a body that is
     *     sent one more; default 1,000
     * @param idleFramesPerSecond how many of these come back in a second; default 100
     * @param queuedControlFrames the most control frames that wait while the peer does not read; default 10,000
     */
    public record Abuse(
            int resets, int resetsPerSecond, int idleFrames, int idleFramesPerSecond, int queuedControlFrames) {
        /** Checks what it is given. */
        public Abuse {
            requireAtLeast("resets", resets, 1);
            requireAtLeast("resetsPerSecond", resetsPerSecond, 0);
            requireAtLeast("idleFrames", idleFrames, 1);
            requireAtLeast("idleFramesPerSecond", idleFramesPerSecond, 0);
            requireAtLeast("queuedControlFrames", queuedControlFrames, 1);
        }

        /** Returns the defaults. */
        public static Abuse defaults() {
            return new Abuse(200, 20, 1_000, 100, 10_000);
        }
    }

    /**
     * How a client's connection is tried that has been idle: its peer may have vanished without a word. A PING goes with the first
     * request; if nothing at all comes in time the connection counts as lost.
     *
     * @param idle how long a connection has been without a stream before it is tried; default 10 s
     * @param answer how long the peer may take to be heard of; default 5 s
     */
    public record Probe(Duration idle, Duration answer) {
        /** Checks what it is given. */
        public Probe {
            requirePositive("idle", idle);
            requirePositive("answer", answer);
        }

        /** Returns the defaults. */
        public static Probe defaults() {
            return new Probe(Duration.ofSeconds(10), Duration.ofSeconds(5));
        }
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
