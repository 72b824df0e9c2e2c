package io.lb4j.http3;

import java.nio.ByteBuffer;

/** Hears of the ids that clients begin connections with, before they know one of ours. Confined to the event loop. */
interface Beginnings {
    /** Hears nothing. */
    Beginnings UNHEARD = new Beginnings() {
        @Override
        public void onBegun(ByteBuffer id, boolean isKept) {
            // nobody asks
        }

        @Override
        public void onOver(ByteBuffer id) {
            // nobody asks
        }
    };

    /**
     * A connection has begun.
     *
     * @param id which is not changed afterwards
     * @param isKept whether the connection goes on with it: a Retry has given it out
     */
    void onBegun(ByteBuffer id, boolean isKept);

    /** The connection has ended. */
    void onOver(ByteBuffer id);
}
