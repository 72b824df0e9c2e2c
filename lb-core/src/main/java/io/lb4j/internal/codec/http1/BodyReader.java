package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pieces of a body among the octets that come (RFC 9112 §6 and §7.1). Copies nothing: a piece is a retained slice. Asked
 * again and again; what it has found is told by the {@link Step}.
 *
 * <p>Confined to its connection's event loop; used again for each message.
 */
final class BodyReader {
    /** What comes next. */
    enum Step {
        /** Nothing: more octets are needed. */
        STARVED,
        /** A piece of the body, which {@link #take} takes. */
        PIECE,
        /** The body's last piece, which {@link #take} takes. */
        LAST_PIECE,
        /** Trailers, which end the message. */
        TRAILERS,
        /** The end of the message. */
        END
    }

    private enum ChunkState {
        HEAD,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS
    }

    private static final int MAX_PIECE = 64 << 10;

    /** What follows the data of the last chunk when there are neither extensions nor trailers: 7 octets, in two overlapping numbers. */
    private static final int LAST_LENGTH = 7;

    private static final int LAST_FIRST_FOUR = 0x0d0a300d;
    private static final int LAST_LAST_FOUR = 0x0d0a0d0a;

    private final Direction direction;
    private final OptionalLong maxOctets;
    private final ChunkHeadReader chunkHead;
    private final Http1Limits.Head trailerLimits;
    private @Nullable TrailerReader trailers; // made for the first that come
    private BodyKind kind = BodyKind.NONE;
    private ChunkState chunkState = ChunkState.HEAD;
    private long remaining; // of the body where its length is known, else of the chunk
    private long total; // of the chunks announced
    private int piece;
    private int skip; // octets to skip after the piece

    BodyReader(Direction direction, Http1Limits limits) {
        this.direction = direction;
        maxOctets = direction == Direction.REQUEST ? limits.body().maxOctets() : OptionalLong.empty();
        chunkHead = new ChunkHeadReader(direction, limits.body().maxExtensionOctets());
        trailerLimits = limits.head();
    }

    /**
     * Begins with a body.
     *
     * @throws ProxyException if it is known to be too large
     */
    void start(Framing framing) throws ProxyException {
        kind = framing.kind();
        remaining = kind == BodyKind.CHUNKED ? 0 : framing.length();
        total = remaining;
        chunkState = ChunkState.HEAD;
        chunkHead.reset();
        requireAllowed();
    }

    /** Returns whether the body ends only with the connection. */
    boolean isUntilClose() {
        return kind == BodyKind.UNTIL_CLOSE;
    }

    /** Returns whether what is left of the body is known, and no more than a number of octets. */
    boolean isAtMost(long octets) {
        return kind == BodyKind.NONE || (kind == BodyKind.LENGTH && remaining <= octets);
    }

    /** Returns what comes next. After a piece, {@link #take} is to be called before this is called again. */
    Step next(ByteBuf in) throws ProxyException {
        return switch (kind) {
            case NONE -> Step.END;
            case LENGTH -> ofLength(in);
            case CHUNKED -> ofChunks(in);
            case UNTIL_CLOSE -> found(in, Long.MAX_VALUE) ? Step.PIECE : Step.STARVED;
        };
    }

    /** Returns whether the piece that was found is all there is: then the buffer itself may be passed on instead of a slice of it. */
    boolean takesAll(ByteBuf in) {
        return piece == in.readableBytes();
    }

    /** Returns the piece that was found, retained: the caller releases it. */
    ByteBuf take(ByteBuf in) {
        ByteBuf data = in.readRetainedSlice(piece);
        in.skipBytes(skip);
        skip = 0;
        return data;
    }

    /** Returns the trailers; valid until the next body begins. */
    Fields trailers() {
        return trailerReader().fields();
    }

    private TrailerReader trailerReader() {
        TrailerReader known = trailers;
        if (known == null) {
            known = new TrailerReader(direction, trailerLimits);
            trailers = known;
        }
        return known;
    }

    private Step ofLength(ByteBuf in) {
        if (!found(in, remaining)) {
            return Step.STARVED;
        }
        remaining -= piece;
        return remaining == 0 ? Step.LAST_PIECE : Step.PIECE;
    }

    private Step ofChunks(ByteBuf in) throws ProxyException {
        while (true) {
            switch (chunkState) {
                case HEAD -> {
                    if (!chunkHead.read(in)) {
                        return Step.STARVED;
                    }
                    beginChunk();
                }
                case DATA -> {
                    return ofChunkData(in);
                }
                case DATA_CR, DATA_LF -> {
                    if (!in.isReadable()) {
                        return Step.STARVED;
                    }
                    endChunk(in.readByte());
                }
                case TRAILERS -> {
                    if (!trailerReader().read(in)) {
                        return Step.STARVED;
                    }
                    return trailers().isEmpty() ? Step.END : Step.TRAILERS;
                }
            }
        }
    }

    private void beginChunk() throws ProxyException {
        remaining = chunkHead.size();
        if (remaining == 0) {
            trailers().clear();
            chunkState = ChunkState.TRAILERS;
            return;
        }
        total += remaining;
        requireAllowed();
        chunkState = ChunkState.DATA;
    }

    private Step ofChunkData(ByteBuf in) {
        if (!found(in, remaining)) {
            return Step.STARVED;
        }
        remaining -= piece;
        if (remaining > 0) {
            return Step.PIECE;
        }
        int after = in.readerIndex() + piece;
        if (in.writerIndex() - after >= LAST_LENGTH
                && in.getInt(after) == LAST_FIRST_FOUR
                && in.getInt(after + LAST_LENGTH - Integer.BYTES) == LAST_LAST_FOUR) {
            skip = LAST_LENGTH;
            return Step.LAST_PIECE;
        }
        chunkState = ChunkState.DATA_CR;
        return Step.PIECE;
    }

    private void endChunk(byte octet) throws ProxyException {
        boolean isCarriageReturn = chunkState == ChunkState.DATA_CR;
        if (octet != (isCarriageReturn ? Octets.CR : Octets.LF)) {
            throw direction.malformed("chunk: data followed by " + Octets.name(octet) + " (expected: CRLF)");
        }
        chunkState = isCarriageReturn ? ChunkState.DATA_LF : ChunkState.HEAD;
        chunkHead.next();
    }

    private boolean found(ByteBuf in, long atMost) {
        piece = (int) Math.min(Math.min(in.readableBytes(), MAX_PIECE), atMost);
        return piece > 0;
    }

    private void requireAllowed() throws ProxyException {
        if (maxOctets.isPresent() && total > maxOctets.getAsLong()) {
            throw direction.bodyTooLarge(maxOctets.getAsLong());
        }
    }
}
