package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Breaks off an answer that is larger than it may be; the library itself keeps whatever comes. Of a watch each line is an answer of its own: the
 * whole has no end. Messages of WebSocket do not come by here. Immutable.
 */
record AnswerLimit(long most) implements Interceptor {
    static final String NAME = "lb4j-answer-limit";
    static final String SAID = "the answer is larger than max_size, ";

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        String query = request.uri().getRawQuery();
        return new Counted(consumer, query != null && query.contains("watch=true"));
    }

    /** The consumer of one answer. Called for one piece after the other. */
    private final class Counted implements AsyncBody.Consumer<List<ByteBuffer>> {
        private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
        private final boolean isInLines;
        private long octets;

        Counted(AsyncBody.Consumer<List<ByteBuffer>> consumer, boolean isInLines) {
            this.consumer = consumer;
            this.isInLines = isInLines;
        }

        /** The client ends the connection of an answer that is not consumed. */
        @Override
        public void consume(List<ByteBuffer> pieces, AsyncBody body) throws Exception {
            pieces.forEach(this::count);
            if (octets > most) {
                throw new IOException(SAID + most + " octets");
            }
            consumer.consume(pieces, body);
        }

        private void count(ByteBuffer piece) {
            int lineEnd = isInLines ? lastLineEnd(piece) : -1;
            octets = lineEnd < 0 ? octets + piece.remaining() : piece.limit() - lineEnd - 1;
        }

        private static int lastLineEnd(ByteBuffer piece) {
            int index = piece.limit() - 1;
            while (index >= piece.position() && piece.get(index) != '\n') {
                index--;
            }
            return index < piece.position() ? -1 : index;
        }

        @Override
        public <U> @Nullable U unwrap(Class<U> target) {
            return consumer.unwrap(target);
        }
    }
}
