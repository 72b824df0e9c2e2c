package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Optional;

/**
 * Which streams the client wants no octets of any more (STOP_SENDING). The codec tells only who writes to them, and not even him once quiche has dropped the stream, which it does, and
 * grants the client another, as soon as both sides are over. So quiche is asked how much it would take for the stream, by reflection; where modules forbid that, nobody knows. Stateless.
 */
final class StoppedStreams {
    // of quiche's errors (quiche.h)
    private static final long NO_SUCH_STREAM = -7;
    private static final long STREAM_STOPPED = -15;

    private static final MethodType QUESTION = MethodType.methodType(long.class, QuicChannel.class, long.class);
    private static final ClassValue<Optional<MethodHandle>> QUESTIONS = new ClassValue<>() {
        @Override
        protected Optional<MethodHandle> computeValue(Class<?> channel) {
            return CodecMethods.find(channel, "streamCapacity", long.class).map(question -> question.asType(QUESTION));
        }
    };

    private StoppedStreams() {}

    /** Returns whether a stream whose end was not sent is known to be among them. Called on its event loop. */
    static boolean contain(QuicStreamChannel stream) {
        return isStoppedOrGone(stream.parent(), stream.streamId(), false);
    }

    /**
     * Returns whether quiche keeps a stream whose end was sent, and come: the client has not acknowledged all of it, and has not stopped it. Called on its event
     * loop.
     */
    static boolean isKept(QuicChannel connection, long streamId) {
        return !isStoppedOrGone(connection, streamId, true);
    }

    private static boolean isStoppedOrGone(QuicChannel connection, long streamId, boolean otherwise) {
        Optional<MethodHandle> question = QUESTIONS.get(connection.getClass());
        if (question.isEmpty()) {
            return otherwise;
        }
        long octets = ask(question.get(), connection, streamId);
        return octets == STREAM_STOPPED || octets == NO_SUCH_STREAM;
    }

    private static long ask(MethodHandle question, QuicChannel connection, long streamId) {
        try {
            return (long) question.invokeExact(connection, streamId);
        } catch (Throwable e) {
            throw new IllegalStateException("codec of QUIC: does not tell what it takes for a stream", e);
        }
    }
}
