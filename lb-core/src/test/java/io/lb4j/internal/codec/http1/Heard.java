package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A listener, of requests or of responses, that writes down what it hears. Safe to ask from another thread. */
class Heard implements ResponseListener {
    private final StringBuilder body = new StringBuilder();
    private final List<ResponseHead> informational = new ArrayList<>();
    private @Nullable ResponseHead head;
    private @Nullable Fields trailers;
    private @Nullable ProxyException failure;
    private boolean isEnded;
    private int pieces;
    private int writableCalls;

    @Override
    public synchronized void onInformational(ResponseHead newHead) {
        informational.add(newHead.copy());
    }

    @Override
    public synchronized void onHead(ResponseHead newHead, boolean end) {
        if (head != null || isEnded) {
            throw new AssertionError("head: a second one, or after the end");
        }
        head = newHead.copy();
        isEnded = end;
    }

    @Override
    public synchronized void onData(ByteBuf data, boolean end) {
        body.append(data.toString(StandardCharsets.ISO_8859_1));
        data.release();
        pieces++;
        end(end);
    }

    @Override
    public synchronized void onTrailers(Fields newTrailers) {
        trailers = newTrailers.copy();
        end(true);
    }

    @Override
    public synchronized void onFailure(ProxyException newFailure) {
        if (failure != null) {
            throw new AssertionError("failure: a second one");
        }
        failure = newFailure;
    }

    @Override
    public synchronized void onWritable() {
        writableCalls++;
    }

    private void end(boolean end) {
        if (isEnded || failure != null) {
            throw new AssertionError("data: after the end");
        }
        isEnded = end;
    }

    /** Says that the message ended with its head. */
    synchronized void headOnly(boolean end) {
        isEnded = end;
    }

    synchronized String body() {
        return body.toString();
    }

    synchronized int pieces() {
        return pieces;
    }

    synchronized int writableCalls() {
        return writableCalls;
    }

    synchronized boolean isEnded() {
        return isEnded;
    }

    synchronized List<ResponseHead> informational() {
        return List.copyOf(informational);
    }

    synchronized boolean hasHead() {
        return head != null;
    }

    synchronized ResponseHead head() {
        ResponseHead current = head;
        if (current == null) {
            throw new AssertionError("head: none");
        }
        return current;
    }

    synchronized Optional<Fields> trailers() {
        return Optional.ofNullable(trailers);
    }

    synchronized Optional<ProxyException> failure() {
        return Optional.ofNullable(failure);
    }
}
