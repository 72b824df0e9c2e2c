package io.lb4j.plugins.compression;

import io.netty.buffer.ByteBuf;

/** Compresses one body, piece by piece: what went in is out when the call returns, so that a body that streams goes on streaming. */
interface Compressor {
    /**
     * Compresses a piece.
     *
     * @param in read to its end
     * @param end whether the body ends here
     * @param out takes what comes out
     */
    void compress(ByteBuf in, boolean end, ByteBuf out);

    /** Lets go of what it holds outside of the heap. Idempotent. */
    void close();
}
