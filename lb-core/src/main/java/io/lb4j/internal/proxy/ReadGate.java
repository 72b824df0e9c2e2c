package io.lb4j.internal.proxy;

/**
 * Whether a sender is read: only while neither the receiver, which is full, nor a filter, which has paused, holds it back. Confined to the
 * exchange's event loop.
 */
final class ReadGate {
    private boolean heldByReceiver;
    private boolean heldByFilter;

    boolean isOpen() {
        return !heldByReceiver && !heldByFilter;
    }

    /** Returns whether the gate has opened or closed by this. */
    boolean holdForReceiver(boolean hold) {
        boolean before = isOpen();
        heldByReceiver = hold;
        return before != isOpen();
    }

    /** Returns whether the gate has opened or closed by this. */
    boolean holdForFilter(boolean hold) {
        boolean before = isOpen();
        heldByFilter = hold;
        return before != isOpen();
    }
}
