package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Part;
import io.lb4j.model.ProcessOptions;
import io.lb4j.spi.SharedStore;
import java.time.Duration;
import java.util.function.Consumer;

/** What holds for the balancer as a whole. */
public final class ProcessOptionsBuilder extends SectionBuilder<ProcessOptionsBuilder> {
    ProcessOptionsBuilder(Draft draft) {
        super(draft);
    }

    @Override
    ProcessOptionsBuilder self() {
        return this;
    }

    /** Sets the number of event loops, each a thread. Default: one for each processor. */
    public ProcessOptionsBuilder eventLoops(int count) {
        return set(ProcessOptions.EVENT_LOOPS, count, "eventLoops");
    }

    /** Sets how sockets are driven. Default: the best that is there. */
    public ProcessOptionsBuilder transport(ProcessOptions.Transport transport) {
        return set(ProcessOptions.TRANSPORT, transport, "transport");
    }

    /** Sets what does TLS. Default: BoringSSL if it is there, otherwise the Java runtime. */
    public ProcessOptionsBuilder tlsEngine(ProcessOptions.TlsEngine engine) {
        return set(ProcessOptions.TLS_ENGINE, engine, "tlsEngine");
    }

    /** Sets where plugins keep what the instances of a fleet have in common; whoever gives it closes it. Default: in memory. */
    public ProcessOptionsBuilder sharedStore(SharedStore store) {
        return sharedStore(Part.of(store.getClass().getSimpleName(), store));
    }

    /** Sets where plugins keep what the instances of a fleet have in common. Default: in memory. */
    public ProcessOptionsBuilder sharedStore(Part store) {
        return set(ProcessOptions.SHARED_STORE, store, "sharedStore");
    }

    /**
     * Sets whether the secrets of session tickets are kept in the shared store, so that a client resumes at any instance of a fleet; with BoringSSL, and over
     * QUIC. Default: each instance has its own.
     */
    public ProcessOptionsBuilder shareTickets(boolean value) {
        return set(ProcessOptions.SHARE_TICKETS, value, "shareTickets");
    }

    /** Sets how long exchanges may go on when the balancer closes. Default: 30 seconds. */
    public ProcessOptionsBuilder drainTimeout(Duration time) {
        return set(ProcessOptions.DRAIN_TIMEOUT, time, "drainTimeout");
    }

    /** Sets how the names of endpoints are resolved. Default: see each setting. */
    public ProcessOptionsBuilder dns(Consumer<? super DnsBuilder> dns) {
        dns.accept(new DnsBuilder(draft().section(ProcessOptions.DNS, origin("dns"))));
        return this;
    }
}
