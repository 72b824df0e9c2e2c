package io.lb4j.testkit.junit;

import io.lb4j.testkit.http.Script;
import io.lb4j.testkit.http2.H2Script;
import java.util.function.Consumer;

/** One upstream that an extension runs, by its protocol. Immutable. */
sealed interface UpstreamPlan {
    /** Returns the name, sent as {@code x-upstream}. */
    String name();

    /** Starts it. */
    Upstream start();

    record Http1(String name, Consumer<? super Script> script) implements UpstreamPlan {
        @Override
        public Upstream start() {
            return Upstream.Http1.start(this);
        }
    }

    record Http2(String name, Consumer<? super H2Script> script) implements UpstreamPlan {
        @Override
        public Upstream start() {
            return Upstream.Http2.start(this);
        }
    }
}
