package io.lb4j.http3;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a stream that has not left at once, and what shows that another is worth trying: packets that bring room are not heard of. Confined to the event loop.
 *
 * <p>Room shows by what the connection would take of a stream, which is said anew with each packet while there is any. A piece that the connection has refused is taken as soon as there is room, unless
 * the stream has used up its own window: then the room shows by the stream behind it.
 */
final class Trial {
    private final StreamOutput output;
    private final @Nullable StreamOutput next;
    private boolean refused;
    private int signs;
    private long room;
    private int left;
    private long roomOfNext;

    /**
     * Notes what is so now.
     *
     * @param output the stream whose piece it is
     * @param next the stream that would be tried after it
     * @param more signs of room after the first before another is worth trying
     */
    Trial(StreamOutput output, @Nullable StreamOutput next, int more) {
        this.output = output;
        this.next = next;
        refused = output.isPieceOut();
        signs = refused ? more : more + 1;
        note();
    }

    private void note() {
        room = output.room();
        left = output.pieceLeft();
        roomOfNext = next == null ? 0 : next.room();
    }

    /** Returns whether the piece is refused still, and waits for room. */
    boolean isRefused() {
        if (refused && !output.isPieceOut()) {
            refused = false; // for want of room, which has come
            note();
        }
        return refused;
    }

    /** Returns whether it is about these two. */
    boolean isOf(StreamOutput one, @Nullable StreamOutput another) {
        return output == one && next == another;
    }

    /** Returns whether another piece is worth trying: room has come, or this one is in nobody's way any more. */
    boolean isOver() {
        if (isRefused()) {
            return isPassedOver();
        }
        if (signs > 0 && output.room() != room) {
            note();
            signs--;
        }
        return signs == 0 || !output.isWaiting();
    }

    /** Returns whether the piece is refused still, though room has come. */
    boolean isPassedOver() {
        if (!isRefused() || next == null || next.room() == roomOfNext) {
            return false;
        }
        if (output.pieceLeft() == left) {
            return true;
        }
        note(); // part of it was taken: the room was for this stream
        return false;
    }
}
