package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.netty.buffer.ByteBuf;

/** The head of a connection's next request, as far as it has come. Confined to its connection's event loop. */
final class AwaitedHead {
    private final RequestReader reader;
    private boolean hasServed;
    private boolean isUnderWay; // whether a part has come, after another request
    private boolean isStale; // whether the reader holds the head of an earlier request

    AwaitedHead(RequestReader reader) {
        this.reader = reader;
        reader.next();
    }

    /** Reads on; returns whether the head is whole. */
    boolean read(ByteBuf in) throws ProxyException {
        if (isStale) {
            isStale = false;
            reader.next();
        }
        return reader.read(in);
    }

    /** Returns, once for each head but the first, whether a part of it has come. */
    boolean hasJustBegun() {
        if (!hasServed || isUnderWay || !reader.hasBegun()) {
            return false;
        }
        isUnderWay = true;
        return true;
    }

    /** The head belongs to an exchange now; the reader keeps it until the next one comes. */
    void onTaken() {
        hasServed = true;
        isUnderWay = false;
        isStale = true;
    }
}
