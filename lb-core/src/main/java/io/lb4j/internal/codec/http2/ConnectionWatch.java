package io.lb4j.internal.codec.http2;

import io.lb4j.internal.loop.LoopTimer;

/**
 * The timeouts of a connection and of its streams, all by one entry in the loop's timer. The entry looks what is really due when it
 * fires, so that a message costs no timer operation unless it is the first thing to wait for. Confined to the event loop of its
 * connection.
 */
final class ConnectionWatch extends LoopTimer.Timeout {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long LINGER_NANOS = 1_000_000_000L;

    private final Http2Connection connection;
    private final LoopTimer timer;
    private final long settingsNanos;
    private final long headNanos;
    private final long idleNanos;
    private final long bodyIdleNanos;
    private final long writeStallNanos;
    private final long drainNanos;
    private final long probeNanos;

    // Moments counted from `origin`, so that they are positive and can be compared.
    private final long origin = System.nanoTime();
    private long firesAt = NEVER;
    private long settingsAt = NEVER;
    private long acknowledgementAt = NEVER;
    private long headAt = NEVER;
    private long idleAt = NEVER;
    private long drainAt = NEVER;
    private long probeAt = NEVER;
    private long closeAt = NEVER;

    ConnectionWatch(Http2Connection connection, LoopTimer timer) {
        this.connection = connection;
        this.timer = timer;
        Http2Limits.Timeouts timeouts = connection.limits().timeouts();
        settingsNanos = timeouts.settings().toNanos();
        headNanos = timeouts.head().toNanos();
        idleNanos = timeouts.idle().toNanos();
        bodyIdleNanos = timeouts.bodyIdle().toNanos();
        writeStallNanos = timeouts.writeStall().toNanos();
        drainNanos = timeouts.drain().toNanos();
        probeNanos = connection.limits().probe().answer().toNanos();
    }

    /** The connection has begun, and our SETTINGS are on their way. */
    void onStart() {
        settingsAt = now() + settingsNanos;
        acknowledgementAt = settingsAt;
        armBy(settingsAt);
    }

    void onSettings() {
        settingsAt = NEVER;
    }

    void onAcknowledged() {
        acknowledgementAt = NEVER;
    }

    void onBlockBegin() {
        if (headAt == NEVER) { // from the first frame of the block: the time is for all of it
            headAt = now() + headNanos;
            armBy(headAt);
        }
    }

    void onBlockEnd() {
        headAt = NEVER;
    }

    /** The last stream has ended. */
    void onIdle() {
        idleAt = now() + idleNanos;
        armBy(idleAt);
    }

    void onBusy() {
        idleAt = NEVER;
    }

    void onDrain() {
        drainAt = now() + drainNanos;
        armBy(drainAt);
    }

    void onDrained() {
        drainAt = NEVER;
    }

    /** The peer was asked for a sign of life. */
    void onProbe() {
        probeAt = now() + probeNanos;
        armBy(probeAt);
    }

    /** Something has come from the peer. */
    void onHeard() {
        probeAt = NEVER;
    }

    /**
     * Our side is closed, or about to be: the peer has a moment to close its own.
     *
     * @param patient whether the peer is still to take what was written, for which it has as long as for any message
     */
    void onLinger(boolean patient) {
        settingsAt = NEVER;
        acknowledgementAt = NEVER;
        headAt = NEVER;
        idleAt = NEVER;
        drainAt = NEVER;
        probeAt = NEVER;
        closeAt = now() + (patient ? writeStallNanos : LINGER_NANOS);
        armBy(closeAt);
    }

    /** A stream waits for octets of its body. */
    void onBodyAwaited() {
        armBy(now() + bodyIdleNanos);
    }

    /** A stream has octets that cannot be sent. */
    void onSendQueued() {
        armBy(now() + writeStallNanos);
    }

    void stop() {
        timer.cancel(this);
        firesAt = NEVER;
    }

    @Override
    protected void expire() {
        firesAt = NEVER;
        long now = now();
        expireConnection(now);
        if (connection.isEnded() && closeAt == NEVER) {
            return;
        }
        long next = Math.min(
                Math.min(settingsAt, acknowledgementAt),
                Math.min(Math.min(headAt, idleAt), Math.min(Math.min(drainAt, probeAt), closeAt)));
        armBy(Math.min(next, connection.isEnded() ? NEVER : expireStreams(now)));
    }

    private void expireConnection(long now) {
        if (closeAt <= now) {
            closeAt = NEVER;
            connection.closeChannel();
        } else if (settingsAt <= now || acknowledgementAt <= now) {
            connection.endLate(
                    ErrorCode.SETTINGS_TIMEOUT,
                    settingsAt <= now ? "no SETTINGS in time" : "SETTINGS not acknowledged in time");
        } else if (probeAt <= now) {
            connection.endLate(ErrorCode.NO_ERROR, "idle connection: no answer to PING in time");
        } else if (headAt <= now) {
            connection.endLate(ErrorCode.ENHANCE_YOUR_CALM, "header block not ended in time");
        } else if (idleAt <= now) {
            idleAt = NEVER;
            connection.onIdleTimeout();
        } else if (drainAt <= now) {
            connection.finishDrain();
        }
    }

    /** Returns when the next stream may be due. */
    private long expireStreams(long now) {
        long next = NEVER;
        for (Http2Stream stream : connection.streams().snapshot()) {
            if (stream.isClosed()) {
                continue;
            }
            if (stream.queuedOctets() > 0) {
                long due = stream.stalledSinceNanos() - origin + writeStallNanos;
                if (due <= now) {
                    connection.onWriteStall(stream);
                    continue;
                }
                next = Math.min(next, due);
            }
            if (stream.awaitsBody()) {
                long due = stream.waitingSinceNanos() - origin + bodyIdleNanos;
                if (due <= now) {
                    connection.onBodyTimeout(stream);
                    stream.awaitInput();
                    due = now + bodyIdleNanos;
                }
                next = Math.min(next, due);
            }
        }
        return next;
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    private void armBy(long moment) {
        if (moment < firesAt) {
            firesAt = moment;
            timer.set(this, moment - now());
        }
    }
}
