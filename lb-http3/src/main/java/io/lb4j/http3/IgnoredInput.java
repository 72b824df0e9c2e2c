package io.lb4j.http3;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;

/** Hears what nobody wants any more. Stateless. */
final class IgnoredInput implements StreamListener {
    static final StreamListener LISTENER = new IgnoredInput();

    private IgnoredInput() {}

    @Override
    public void onData(ByteBuf data, boolean end) {
        data.release();
    }

    @Override
    public void onTrailers(Fields trailers) {
        // of a message that was given up
    }

    @Override
    public void onFailure(ProxyException failure) {
        // whoever could be told has been told
    }

    @Override
    public void onWritable() {
        // nobody waits to write
    }
}
