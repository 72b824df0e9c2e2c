package io.lb4j.internal.codec.http1;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a connection of HTTP/1.1 puts up with. Immutable.
 *
 * @param head the size of heads and trailers
 * @param body the size of bodies, and of what is read beyond the exchange under way
 * @param times how long the peer may take
 */
public record Http1Limits(Head head, Body body, Times times) {
    /** Returns the defaults of every part. */
    public static Http1Limits defaults() {
        return new Http1Limits(Head.defaults(), Body.defaults(), Times.defaults());
    }

    /** Returns these limits with others for heads. */
    public Http1Limits withHead(Head newHead) {
        return new Http1Limits(newHead, body, times);
    }

    /** Returns these limits with others for bodies. */
    public Http1Limits withBody(Body newBody) {
        return new Http1Limits(head, newBody, times);
    }

    /** Returns these limits with other times. */
    public Http1Limits withTimes(Times newTimes) {
        return new Http1Limits(head, body, newTimes);
    }

    /**
     * The size of heads.
     *
     * @param maxLine octets of the request line or status line without its line end; past it, 414
     * @param maxFields number of header fields, and of trailer fields; past it, 431
     * @param maxFieldOctets octets of the header section with its line ends, without the empty line; the same for trailers; past
     *     it, 431
     */
    public record Head(int maxLine, int maxFields, int maxFieldOctets) {
        /** Checks what it is given. */
        public Head {
            requirePositive("maxLine", maxLine);
            requirePositive("maxFields", maxFields);
            requirePositive("maxFieldOctets", maxFieldOctets);
        }

        /** Returns the defaults: a line of 8 KiB, 100 fields, 32 KiB of them. */
        public static Head defaults() {
            return new Head(8 << 10, 100, 32 << 10);
        }
    }

    /**
     * The size of bodies, and of what comes before its turn.
     *
     * @param maxOctets octets of a body after transfer codings are removed; past it, 413; empty where there is no limit
     * @param maxExtensionOctets octets of chunk extensions and of leading zeros of chunk sizes by which a body may exceed its data;
     *     past it, 400
     * @param maxHeldOctets octets that are read and kept while their turn has not come (pipelined requests, what follows an
     *     upgrade, what came after reading was paused); past it, reading stops
     * @param maxDiscardedOctets octets of a request that is not wanted any more which are read and thrown away, so that the client gets
     *     to see the response; past it, reading stops
     */
    public record Body(OptionalLong maxOctets, int maxExtensionOctets, int maxHeldOctets, long maxDiscardedOctets) {
        /** Checks what it is given. */
        public Body {
            maxOctets.ifPresent(limit -> requireAtLeast("maxOctets", limit, 0));
            requireAtLeast("maxExtensionOctets", maxExtensionOctets, 0);
            requirePositive("maxHeldOctets", maxHeldOctets);
            requireAtLeast("maxDiscardedOctets", maxDiscardedOctets, 0);
        }

        /** Returns the defaults: bodies without limit, 8 KiB of extensions, 64 KiB held, 1 MiB discarded. */
        public static Body defaults() {
            return new Body(OptionalLong.empty(), 8 << 10, 64 << 10, 1 << 20);
        }

        /** Returns these limits with another for the body. */
        public Body withMaxOctets(long newMaxOctets) {
            return new Body(OptionalLong.of(newMaxOctets), maxExtensionOctets, maxHeldOctets, maxDiscardedOctets);
        }
    }

    /**
     * How long the peer may take.
     *
     * @param head from the acceptance of a connection, and later from the first octet of a request, to the end of its head; past it,
     *     408, or a silent close where no octet of a request had come
     * @param idle from the end of a response to the first octet of the next request; past it, the connection is closed
     * @param body between two pieces of a request body while reading is not paused; past it, 408
     * @param write without progress of a write that waits for the peer; past it, the connection is reset
     * @param linger after the last response until the client has closed its side; past it, the connection is cut
     */
    public record Times(Duration head, Duration idle, Duration body, Duration write, Duration linger) {
        /** Checks what it is given. */
        public Times {
            requirePositive("head", head.toNanos());
            requirePositive("idle", idle.toNanos());
            requirePositive("body", body.toNanos());
            requirePositive("write", write.toNanos());
            requirePositive("linger", linger.toNanos());
        }

        long headNanos() {
            return head.toNanos();
        }

        long idleNanos() {
            return idle.toNanos();
        }

        long bodyNanos() {
            return body.toNanos();
        }

        long lingerNanos() {
            return linger.toNanos();
        }

        /** Returns the defaults: head 10 s, idle 60 s, body 30 s, write 30 s, linger 5 s. */
        public static Times defaults() {
            return new Times(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5));
        }

        /** Returns these times with another for heads. */
        public Times withHead(Duration newHead) {
            return new Times(newHead, idle, body, write, linger);
        }

        /** Returns these times with another for idle connections. */
        public Times withIdle(Duration newIdle) {
            return new Times(head, newIdle, body, write, linger);
        }

        /** Returns these times with another for bodies. */
        public Times withBody(Duration newBody) {
            return new Times(head, idle, newBody, write, linger);
        }

        /** Returns these times with another for writes. */
        public Times withWrite(Duration newWrite) {
            return new Times(head, idle, body, newWrite, linger);
        }

        /** Returns these times with another for lingering. */
        public Times withLinger(Duration newLinger) {
            return new Times(head, idle, body, write, newLinger);
        }
    }

    private static void requirePositive(String what, long value) {
        requireAtLeast(what, value, 1);
    }

    private static void requireAtLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: >= " + least + ")");
        }
    }
}
