package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.ResetCode;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The times of a connection: its handshake's, and while streams are open theirs, looked at now and then rather than each by a timer of its
 * own. Keeps connections with open streams alive. Confined to the event loop.
 */
final class StreamWatch {
    private static final long LONGEST_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** While a request is held back, and its octets may pile up. */
    private static final long HOLDING_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What the client has stopped is looked for when it has opened so many more, too. */
    private static final int STREAMS_PER_LOOK = 100;

    private static final long SHORTEST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** Looks per shortest time: a time that is up is seen at most so much late. */
    private static final int LOOKS = 8;

    private final Http3ServerConnection connection;
    private final Http3Plan plan;
    private final QuicChannel channel;
    private final KeepAlive keepAlive;
    private @Nullable Future<?> handshake;
    private @Nullable Future<?> look;
    private boolean isHoldingBack;
    private int opened; // since the last look for what the client has stopped

    StreamWatch(Http3ServerConnection connection, Http3Plan plan, QuicChannel channel) {
        this.connection = connection;
        this.plan = plan;
        this.channel = channel;
        boolean isKept = plan.settings().value(Http3Options.KEEP_ALIVE);
        keepAlive = new KeepAlive(
                channel, plan.settings().value(Http3Options.MAX_IDLE_TIMEOUT), () -> isKept && !connection.isIdle());
    }

    void onHandshake(long nanos) {
        handshake = channel.eventLoop().schedule(() -> channel.close(), nanos, TimeUnit.NANOSECONDS);
    }

    void onHandshakeEnded() {
        cancel(handshake);
        handshake = null;
        keepAlive.begin();
    }

    /** A stream is to be counted: those that are over by then make room for it. */
    void beforeStream() {
        opened++;
        if (opened >= STREAMS_PER_LOOK
                || connection.streams().size() >= plan.settings().value(Http3Options.MAX_INCOMING_STREAMS)) {
            endStopped();
        }
    }

    /** A stream was opened. */
    void onStream() {
        keepAlive.begin();
        if (look == null) {
            schedule();
        }
    }

    void stop() {
        cancel(handshake);
        cancel(look);
        keepAlive.stop();
    }

    private static void cancel(@Nullable Future<?> pending) {
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void schedule() {
        long shortest = Math.min(plan.headNanos(), Math.min(plan.bodyNanos(), plan.writeNanos()));
        long longest = isHoldingBack ? HOLDING_PERIOD_NANOS : LONGEST_PERIOD_NANOS;
        long period = Math.max(SHORTEST_PERIOD_NANOS, Math.min(longest, shortest / LOOKS));
        look = channel.eventLoop().schedule(this::look, period, TimeUnit.NANOSECONDS);
    }

    private void look() {
        look = null;
        boolean isMoving = connection.meter().read();
        lookAtMemory();
        if (connection.isIdle()) {
            if (isMoving) {
                schedule(); // what a stream has left behind is yet to go
            }
            return;
        }
        endStopped();
        long now = System.nanoTime();
        for (Http3ServerStream stream : List.copyOf(connection.streams())) {
            judge(stream, now);
        }
        connection.pushes().judge(now);
        if (!connection.isIdle()) {
            schedule();
        }
    }

    private void endStopped() {
        opened = 0;
        List.copyOf(connection.streams()).forEach(Http3ServerStream::endIfStopped);
    }

    /** What clients send meanwhile is seen at the next look. */
    private void lookAtMemory() {
        isHoldingBack =
                connection.streams().stream().anyMatch(stream -> stream.input().isHeldBack());
        QuicConnectionStats statistics = connection.meter().statistics();
        if (statistics != null) {
            connection.unread().look(statistics, isHoldingBack);
        }
    }

    private void judge(Http3ServerStream stream, long now) {
        RequestInput input = stream.input();
        long waited = now - input.waitingSinceNanos();
        long stalledSince = stream.output().stalledSinceNanos();
        if (stalledSince != StreamOutput.NOT_STALLED && now - stalledSince > plan.writeNanos()) {
            stream.fail(
                    new ProxyException(Kind.CLIENT_STALLED, "response: nothing taken by the client in time"),
                    ResetCode.CANCEL);
        } else if (!input.isHeadSeen() && waited > plan.headNanos()) {
            connection.requests().refuseLate(stream);
        } else if (stream.awaitsBody() && waited > plan.bodyNanos()) {
            input.awaitAnew();
            stream.failBody(new ProxyException(Kind.REQUEST_TIMEOUT, "request body: nothing in time"));
        } else if (input.isAnswered() && waited > plan.bodyNanos()) {
            stream.giveUpRest();
        }
    }
}
