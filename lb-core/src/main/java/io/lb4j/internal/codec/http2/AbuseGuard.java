package io.lb4j.internal.codec.http2;

import static io.lb4j.internal.codec.http2.ErrorCode.ENHANCE_YOUR_CALM;

/**
 * Counts what costs us more than it costs the peer (RFC 9113 §10.5), and what exchanges that went well have earned it. Confined to
 * the event loop of its connection.
 */
final class AbuseGuard {
    private static final int EARNED_PER_FRAME = 4;
    /** Some peers give the window of a stream and of the connection back for every few KiB. */
    private static final int OCTETS_PER_EARNED = 1_024;

    private final Http2Limits.Abuse limits;
    private final Allowance resetsReceived;
    private final Allowance resetsSent;
    private final Allowance idleFrames;

    AbuseGuard(Http2Limits.Abuse limits) {
        this.limits = limits;
        resetsReceived = new Allowance(limits.resets(), limits.resetsPerSecond());
        resetsSent = new Allowance(limits.resets(), limits.resetsPerSecond());
        idleFrames = new Allowance(limits.idleFrames(), limits.idleFramesPerSecond());
    }

    /** The peer has reset a stream: CVE-2023-44487. */
    void onResetReceived() throws Http2Error {
        require(resetsReceived, "RST_STREAM frames", limits.resets(), limits.resetsPerSecond());
    }

    /** The peer has made us reset a stream: CVE-2025-8671. */
    void onResetProvoked() throws Http2Error {
        require(resetsSent, "stream errors", limits.resets(), limits.resetsPerSecond());
    }

    /** A frame has come that moves no message on: CVE-2019-9512, 9515, 9518 and the like. */
    void onIdleFrame() throws Http2Error {
        require(idleFrames, "frames that carry nothing", limits.idleFrames(), limits.idleFramesPerSecond());
    }

    /** A frame with something in it has come or gone. */
    void onUsefulFrame() {
        idleFrames.give(EARNED_PER_FRAME);
    }

    /** Octets of a body have gone: the peer has windows to give back for them. */
    void onDataSent(int octets) {
        idleFrames.give(EARNED_PER_FRAME + octets / OCTETS_PER_EARNED);
    }

    /** An exchange has ended well. */
    void onExchangeDone() {
        resetsReceived.give(1);
        resetsSent.give(1);
    }

    /** Judges how many control frames wait. */
    void requireBounded(int queuedControlFrames) throws Http2Error {
        if (queuedControlFrames > limits.queuedControlFrames()) {
            throw Http2Error.connection(
                    ENHANCE_YOUR_CALM,
                    "control frames that wait: " + queuedControlFrames + " (expected: <= "
                            + limits.queuedControlFrames() + ")");
        }
    }

    private static void require(Allowance allowance, String what, int burst, int perSecond) throws Http2Error {
        if (!allowance.take()) {
            throw Http2Error.connection(
                    ENHANCE_YOUR_CALM, what + ": more than " + burst + " and " + perSecond + " a second");
        }
    }
}
