package io.lb4j.internal.health;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.model.Endpoint;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Checks that an endpoint answers an HTTP request as it should, each time on a connection of its own. Thread-safe. */
public final class HttpProber implements Prober {
    private final Question question;
    private final Supplier<LoopContext> loops;

    /**
     * What is asked and over what. Immutable.
     *
     * @param check the request, and the answer that is right
     * @param scheme of the request: {@code https} where the connector's connections are secured, or else {@code http}
     * @param connector connects as requests do, so that what they would meet with is what is checked
     */
    public record Question(HttpCheck check, String scheme, Connector connector) {}

    /**
     * Creates a prober.
     *
     * @param loops gives the event loop for each check
     */
    public HttpProber(Question question, Supplier<LoopContext> loops) {
        this.question = question;
        this.loops = loops;
    }

    @Override
    public Probe begin(Endpoint endpoint, Consumer<Result> report) {
        LoopContext loop = loops.get();
        HttpProbe probe = new HttpProbe(question, endpoint, loop, report);
        loop.eventLoop().execute(probe::start);
        return probe;
    }
}
