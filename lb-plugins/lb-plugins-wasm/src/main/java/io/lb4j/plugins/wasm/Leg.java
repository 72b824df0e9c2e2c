package io.lb4j.plugins.wasm;

import org.jspecify.annotations.Nullable;

/** What there is of one direction of an exchange, for one guest. Confined to the exchange's event loop. */
final class Leg {
    final GuestBody body = new GuestBody();

    @Nullable FieldMap head;

    @Nullable FieldMap trailers;

    boolean headOpen; // it may be changed, for it has not gone on yet
    boolean inCallback;
    long action; // what the guest has answered last
    boolean continued; // the guest has let it go on, in the present callback

    void beginCallback() {
        inCallback = true;
        continued = false;
    }

    /** A callback is over; returns whether the direction waits, as the guest has answered. */
    boolean endCallback(long answer) {
        inCallback = false;
        action = answer;
        return action != 0 && !continued;
    }

    /** The guest lets it go on; returns whether it waits at core, which is to be told. */
    boolean letGo() {
        continued = true;
        if (inCallback) {
            return false;
        }
        headOpen = false;
        body.letGo();
        return true;
    }

    /** The exchange is over: the heads belong to another one. */
    void clear() {
        head = null;
        trailers = null;
        headOpen = false;
        body.close();
    }
}
