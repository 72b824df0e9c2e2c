package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.netty.buffer.ByteBuf;

/**
 * What a client still sends although nobody wants it: read and thrown away, up to a bound, so that the client gets to see the response and,
 * where the rest of its request is short, keeps its connection. Confined to its connection's event loop.
 */
final class UnwantedInput {
    private final long mostOctets;
    private long octets;

    UnwantedInput(Http1Limits limits) {
        mostOctets = limits.body().maxDiscardedOctets();
    }

    /** Begins to count anew. */
    void begin() {
        octets = 0;
    }

    /** Returns whether more than the bound was thrown away. */
    boolean isTooMuch() {
        return octets > mostOctets;
    }

    /** Returns whether so little is left of a body, as far as is known, that it can be read to its end. */
    boolean mayTake(BodyReader body) {
        return body.isAtMost(mostOctets);
    }

    /** Throws away all there is. */
    void skip(ByteBuf in) {
        octets += in.readableBytes();
        in.skipBytes(in.readableBytes());
    }

    /**
     * Throws away the next piece of a body.
     *
     * @return {@link BodyReader.Step#PIECE} as long as the body goes on, {@link BodyReader.Step#END} where it has ended
     */
    BodyReader.Step skip(BodyReader body, ByteBuf in) throws ProxyException {
        BodyReader.Step step = body.next(in);
        if (step == BodyReader.Step.PIECE || step == BodyReader.Step.LAST_PIECE) {
            ByteBuf piece = body.take(in);
            octets += piece.readableBytes();
            piece.release();
        }
        boolean goesOn = step == BodyReader.Step.STARVED || step == BodyReader.Step.PIECE;
        return goesOn ? step : BodyReader.Step.END;
    }
}
