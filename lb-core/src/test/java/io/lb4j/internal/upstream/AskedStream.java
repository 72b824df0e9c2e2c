package io.lb4j.internal.upstream;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request for a stream, and what has become of it. */
class AskedStream implements StreamRequest {
    private int answers;
    private @Nullable ClientStream stream;
    private @Nullable ProxyException reason;

    boolean isWaiting() {
        return answers == 0;
    }

    boolean isServed() {
        return answers == 1 && stream != null;
    }

    Optional<ProxyException> failure() {
        return answers == 1 ? Optional.ofNullable(reason) : Optional.empty();
    }

    @Override
    public void onStream(ClientStream opened, Version version, boolean isReused) {
        answers++;
        stream = opened;
    }

    @Override
    public void onUnavailable(ProxyException failure) {
        answers++;
        reason = failure;
    }

    @Override
    public void onInformational(ResponseHead head) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onHead(ResponseHead head, boolean end) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onTrailers(Fields trailers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onFailure(ProxyException failure) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onWritable() {
        throw new UnsupportedOperationException();
    }
}
