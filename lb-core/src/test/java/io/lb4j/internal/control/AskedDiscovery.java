package io.lb4j.internal.control;

import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A discovery that asks at intervals, and fails when told to. */
final class AskedDiscovery implements Discovery {
    final AtomicInteger questions = new AtomicInteger();
    volatile List<Endpoint> answer;
    volatile boolean failing;
    volatile boolean closed;

    AskedDiscovery(List<Endpoint> answer) {
        this.answer = answer;
    }

    @Override
    public List<Endpoint> discover() throws IOException {
        questions.incrementAndGet();
        if (failing) {
            throw new IOException("registry is down");
        }
        return answer;
    }

    @Override
    public void close() {
        closed = true;
    }
}
