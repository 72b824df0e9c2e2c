package io.lb4j.it.upstream;

import io.lb4j.model.UpstreamProtocol;
import java.util.List;
import java.util.stream.Stream;

/** What endpoints speak. */
enum Spoken {
    HTTP_1(UpstreamProtocol.HTTP1),
    HTTP_2(UpstreamProtocol.HTTP2);

    private final UpstreamProtocol protocol;

    Spoken(UpstreamProtocol protocol) {
        this.protocol = protocol;
    }

    UpstreamProtocol protocol() {
        return protocol;
    }

    List<Target> three() {
        return Stream.generate(() -> this == HTTP_1 ? Target.http1() : Target.http2())
                .limit(3)
                .toList();
    }
}
