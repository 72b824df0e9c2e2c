package io.lb4j.spi;

import io.netty.buffer.ByteBuf;

/** A piece of a body in a filter's hands: to be read, or replaced. Confined to the exchange's event loop; valid during the callback. */
public final class BodyPart {
    private ByteBuf content;

    /**
     * Wraps a piece.
     *
     * @param content taken over
     */
    public BodyPart(ByteBuf content) {
        this.content = content;
    }

    /** Returns the octets; they stay owned by this part. Reading moves the reader index, and what was read is gone for the next filter. */
    public ByteBuf content() {
        return content;
    }

    /**
     * Puts other octets in place of these, which are released.
     *
     * @param replacement taken over
     */
    public void replace(ByteBuf replacement) {
        if (replacement != content) {
            content.release();
            content = replacement;
        }
    }

    /** Gives the octets away: the caller releases them. To be called once, by whoever passes the part on. */
    public ByteBuf take() {
        return content;
    }
}
