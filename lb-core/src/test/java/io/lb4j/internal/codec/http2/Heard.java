package io.lb4j.internal.codec.http2;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps what a stream delivers. */
final class Heard implements ResponseListener {
    private final StringBuilder body = new StringBuilder();
    private final List<ResponseHead> informational = new ArrayList<>();
    private @Nullable ResponseHead head;
    private @Nullable Fields trailers;
    private @Nullable ProxyException failure;
    private int failures;
    private int writable;
    private boolean ended;
    private Runnable onEvent = () -> {};

    /** Calls back after everything that is heard. */
    Heard then(Runnable action) {
        onEvent = action;
        return this;
    }

    @Override
    public void onInformational(ResponseHead newHead) {
        informational.add(newHead.copy());
        onEvent.run();
    }

    @Override
    public void onHead(ResponseHead newHead, boolean end) {
        head = newHead.copy();
        ended |= end;
        onEvent.run();
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        body.append(data.toString(StandardCharsets.ISO_8859_1));
        data.release();
        ended |= end;
        onEvent.run();
    }

    @Override
    public void onTrailers(Fields newTrailers) {
        trailers = newTrailers.copy();
        ended = true;
        onEvent.run();
    }

    @Override
    public void onFailure(ProxyException newFailure) {
        failure = newFailure;
        failures++;
        onEvent.run();
    }

    @Override
    public void onWritable() {
        writable++;
        onEvent.run();
    }

    String body() {
        return body.toString();
    }

    List<ResponseHead> informational() {
        return informational;
    }

    @Nullable ResponseHead head() {
        return head;
    }

    @Nullable Fields trailers() {
        return trailers;
    }

    @Nullable ProxyException failure() {
        return failure;
    }

    /** Returns the failure, which must have come. */
    ProxyException reason() {
        return Objects.requireNonNull(failure, "failure: none has come");
    }

    /** Returns the head, which must have come. */
    ResponseHead response() {
        return Objects.requireNonNull(head, "head: none has come");
    }

    /** Returns the trailers, which must have come. */
    Fields lastFields() {
        return Objects.requireNonNull(trailers, "trailers: none have come");
    }

    int failures() {
        return failures;
    }

    int writable() {
        return writable;
    }

    boolean isEnded() {
        return ended;
    }

    /** Returns one line that tells all of it: what must not depend on how the octets were split. */
    String transcript(@Nullable RequestHead request) {
        StringBuilder text = new StringBuilder();
        if (request != null) {
            text.append(request.method())
                    .append(' ')
                    .append(request.target())
                    .append(' ')
                    .append(request.fields());
        }
        text.append('|').append(body).append('|').append(trailers).append('|').append(failure);
        return text.append('|').append(ended).toString();
    }
}
