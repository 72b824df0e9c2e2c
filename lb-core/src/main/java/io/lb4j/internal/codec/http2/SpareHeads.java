package io.lb4j.internal.codec.http2;

import io.lb4j.http.Fields;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Heads to be used again, but not before the turn in which their exchange ended is over: until then somebody may still read them.
 * Confined to an event loop.
 */
final class SpareHeads<H> {
    private static final int MAX_SPARE = 32;
    private static final int LARGE_LIST = 4_096;

    private final Supplier<H> factory;
    private final Consumer<H> cleaner;
    private final ArrayDeque<H> spare = new ArrayDeque<>();
    private final List<H> retired = new ArrayList<>();

    SpareHeads(Supplier<H> factory, Consumer<H> cleaner) {
        this.factory = factory;
        this.cleaner = cleaner;
    }

    /** Returns a head without anything in it. */
    H take() {
        H head = spare.poll();
        return head == null ? factory.get() : head;
    }

    /**
     * Takes back a head whose exchange has ended well, unless its memory has grown large.
     *
     * @param fields its fields
     */
    void retire(H head, Fields fields) {
        if (fields.listSize() <= LARGE_LIST) {
            retired.add(head);
        }
    }

    /** The turn is over. */
    void onTurnEnd() {
        for (int i = 0; i < retired.size() && spare.size() < MAX_SPARE; i++) {
            H head = retired.get(i);
            cleaner.accept(head);
            spare.add(head);
        }
        retired.clear();
    }
}
