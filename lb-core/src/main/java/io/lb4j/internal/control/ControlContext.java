package io.lb4j.internal.control;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.upstream.HttpConnector;
import io.lb4j.spi.Candidate;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What the control plane works with. Immutable.
 *
 * @param executor the control thread: runs one task at a time
 * @param clock the present in nanoseconds
 * @param loops the event loops of the data path
 * @param network makes sockets towards endpoints, and resolves names
 * @param retire lets go of an endpoint's connections, on all loops
 */
public record ControlContext(
        ScheduledExecutorService executor,
        LongSupplier clock,
        List<LoopContext> loops,
        HttpConnector.Network network,
        Consumer<Candidate> retire) {
    /** Copies what it is given. */
    public ControlContext {
        loops = List.copyOf(loops);
    }
}
