package io.lb4j.internal.filter;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What each event loop is calling at the moment: written by the loop, read by the watch. */
public final class LoopCalls {
    private final Slot[] slots;

    /** Creates the slots of some loops. */
    public LoopCalls(int loops) {
        slots = new Slot[loops];
        for (int i = 0; i < loops; i++) {
            slots[i] = new Slot();
        }
    }

    int loops() {
        return slots.length;
    }

    Slot slot(int loop) {
        return slots[loop];
    }

    /** One loop's call. Written by its thread alone, without a barrier that would cost: the watch may see it a moment late. */
    static final class Slot {
        private final AtomicReference<@Nullable PluginInstance> current = new AtomicReference<>();
        private final AtomicLong number = new AtomicLong();
        private @Nullable Thread thread; // published with current

        void enter(PluginInstance instance) {
            if (thread == null) {
                thread = Thread.currentThread();
            }
            number.setOpaque(number.getPlain() + 1);
            current.setRelease(instance);
        }

        void leave() {
            current.setRelease(null);
        }

        /** Returns which plugin is being called, or null if none is. */
        @Nullable PluginInstance current() {
            return current.getAcquire();
        }

        /** Returns the number of the call. */
        long number() {
            return number.getOpaque();
        }

        /** Returns the loop's thread; there once {@link #current} has been seen. */
        @Nullable Thread thread() {
            return thread;
        }
    }
}
