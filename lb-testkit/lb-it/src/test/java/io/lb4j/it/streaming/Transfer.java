package io.lb4j.it.streaming;

import io.lb4j.it.streaming.Line.Received;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Two bodies that pass each other within one exchange. Both ends write as fast as they can; both readers stop from time to time until the
 * other end's writer is stuck, so that everything on the way is full.
 */
final class Transfer {
    private final long length;
    private final long pauseEvery;
    private final CompletableFuture<Line> clientLine = new CompletableFuture<>();
    private final CompletableFuture<Line> originLine = new CompletableFuture<>();
    private final CompletableFuture<Received> atOrigin = new CompletableFuture<>();

    /**
     * Plans a transfer.
     *
     * @param length of each body
     * @param pauseEvery so many octets, and only while there are as many to come; the readers of a body stop
     */
    Transfer(long length, long pauseEvery) {
        this.length = length;
        this.pauseEvery = pauseEvery;
    }

    /** Does the client's part; returns what came. */
    Received ask(Line line) throws IOException {
        clientLine.complete(line);
        CompletableFuture<Boolean> writer = Lines.call("client-writer", () -> {
            line.writePayload(length);
            line.end();
            return true;
        });
        Received received = line.readAll(pausing(originLine));
        writer.join();
        return received;
    }

    /** Does the endpoint's part. It is the last to end, for with its response an exchange is over. */
    void serve(Line line) throws IOException {
        originLine.complete(line);
        CompletableFuture<Received> reader = Lines.call("origin-reader", () -> line.readAll(pausing(clientLine)));
        line.writePayload(length);
        try {
            atOrigin.complete(reader.join());
        } catch (RuntimeException e) {
            atOrigin.completeExceptionally(e);
        }
        line.end();
    }

    /** Returns what came at the endpoint. */
    Received atOrigin() throws Exception {
        return atOrigin.get(30, TimeUnit.SECONDS);
    }

    private LongConsumer pausing(CompletableFuture<Line> other) {
        return new LongConsumer() {
            private long next = pauseEvery;

            @Override
            public void accept(long received) {
                if (received >= next && next < length) {
                    next += pauseEvery;
                    Line writer = other.join();
                    Lines.awaitStill(writer::written);
                }
            }
        };
    }
}
