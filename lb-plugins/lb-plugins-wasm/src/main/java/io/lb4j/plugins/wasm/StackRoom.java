package io.lb4j.plugins.wasm;

/**
 * Whether there is room on the stack for what a host function does to things that others use too. A guest may call at the very end of its stack; what runs out of it there may leave
 * such a thing half changed.
 */
final class StackRoom {
    private static final int FRAMES = 128;

    private StackRoom() {}

    /**
     * Returns if there is room.
     *
     * @throws StackOverflowError if there is none; the guest is at fault then, and nothing has been touched
     */
    static void require() {
        if (descend(FRAMES, 1, 2, 3) == 0) {
            throw new IllegalStateException("stack: measured wrongly");
        }
    }

    /** Takes a frame of several words for each step. */
    private static long descend(int frames, long first, long second, long third) {
        if (frames == 0) {
            return first + second + third;
        }
        return descend(frames - 1, second + 1, third + 1, first + 1) | frames;
    }
}
