package io.lb4j.plugins.wasm;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a guest has asked for within a call, and what is done once the call is over: nothing outside of the guest happens on a stack, or in a thread,
 * that a guest may just have brought to its end. Of a call that faults nothing is left but what it has written to the log. Confined as the guest is.
 */
final class Effects {
    private static final int MOST = 1000;
    private static final long MOST_OCTETS = 16 << 20;

    private final ArrayDeque<Effect> pending = new ArrayDeque<>();
    private boolean held = true; // until the guest is in its place
    private long octets; // that pending effects hold

    private record Effect(Runnable action, boolean isLog) {}

    /** Adds something; returns false if a guest asks for too much in one call. */
    boolean add(Runnable action) {
        return add(0, new Effect(action, false));
    }

    /** Adds something that holds so many octets until it is done. */
    boolean add(int holds, Runnable action) {
        return add(holds, new Effect(action, false));
    }

    /** Adds a line of the log. Lines beyond the limit are dropped. */
    void addLog(int length, Runnable action) {
        add(length, new Effect(action, true));
    }

    private boolean add(int holds, Effect effect) {
        if (pending.size() >= MOST || octets + holds > MOST_OCTETS) {
            return false;
        }
        octets += holds;
        pending.add(effect);
        return true;
    }

    /** From now on effects take place; those of the start do now. */
    void begin() {
        held = false;
        carryOut();
    }

    /** Drops everything but the lines of the log, which are written. */
    void forget() {
        pending.removeIf(effect -> !effect.isLog());
        run();
    }

    /** Does what was asked for, in the order in which it was. */
    void carryOut() {
        if (!held) {
            run();
        }
    }

    private void run() {
        @Nullable Effect effect = pending.poll();
        while (effect != null) {
            effect.action().run();
            effect = pending.poll();
        }
        octets = 0;
    }
}
