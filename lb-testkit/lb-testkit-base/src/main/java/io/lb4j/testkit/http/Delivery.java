package io.lb4j.testkit.http;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** How an {@link Answer} goes over the wire. */
record Delivery(Framing framing, int pieceBytes, Duration pause, Optional<Cut> cut, OptionalLong bodyBound) {
    enum Framing {
        LENGTH,
        CHUNKED,
        CLOSE,
        NONE
    }

    Delivery framed(Framing changed) {
        return new Delivery(changed, pieceBytes, pause, cut, bodyBound);
    }

    Delivery paced(int bytes, Duration after) {
        return new Delivery(framing, bytes, after, cut, bodyBound);
    }

    Delivery cut(Cut where) {
        return new Delivery(framing, pieceBytes, pause, Optional.of(where), bodyBound);
    }

    Delivery truncated(long bytes) {
        return new Delivery(framing, pieceBytes, pause, cut, OptionalLong.of(bytes));
    }
}
