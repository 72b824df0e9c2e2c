package io.lb4j.plugins.registry.oci;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Writes a body as it comes, up to a bound, beyond which the answer is given up. Confined to one subscription. */
final class BoundedBody implements HttpResponse.BodySubscriber<Long> {
    private final OutputStream target;
    private final long longest;
    private final CompletableFuture<Long> written = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription; // once subscribed
    private long count;

    /** There is more than was to be taken. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        private TooLong(long longest) {
            super("more than " + longest + " octets");
        }
    }

    BoundedBody(OutputStream target, long longest) {
        this.target = target;
        this.longest = longest;
    }

    @Override
    public CompletionStage<Long> getBody() {
        return written;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        Flow.Subscription source = subscription;
        if (source == null || written.isDone()) {
            return;
        }
        try {
            for (ByteBuffer buffer : buffers) {
                write(buffer);
            }
            source.request(1);
        } catch (IOException e) {
            source.cancel();
            written.completeExceptionally(e);
        }
    }

    private void write(ByteBuffer buffer) throws IOException {
        count += buffer.remaining();
        if (count > longest) {
            throw new TooLong(longest);
        }
        byte[] octets = new byte[buffer.remaining()];
        buffer.get(octets);
        target.write(octets);
    }

    @Override
    public void onError(Throwable cause) {
        written.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        written.complete(count);
    }
}
