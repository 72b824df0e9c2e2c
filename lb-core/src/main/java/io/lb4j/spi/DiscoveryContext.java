package io.lb4j.spi;

import io.lb4j.dns.DnsClient;
import io.lb4j.dns.DnsSettings;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/** What one watch of a {@link Discovery} is given to work with. Thread-safe. It is over when core no longer listens. */
public interface DiscoveryContext {
    /** Returns the name of the cluster whose endpoints are wanted. */
    String cluster();

    /** Returns whether the watch is over: what is said is not listened to, and what was scheduled does not run. */
    boolean isOver();

    /**
     * Returns where tasks run that may block: threads of the balancer's own, one for each task under way. When the watch is over they are
     * interrupted, and further ones are not run.
     */
    Executor executor();

    /** Runs a task that may block once a time has passed, unless the watch is over by then. */
    Future<?> schedule(Duration delay, Runnable task);

    /** Returns the present in nanoseconds, as {@link System#nanoTime()} does. */
    long nanoTime();

    /** Returns an event loop for sockets that do not block. */
    EventLoop eventLoop();

    /** Returns the DNS client that the balancer's configuration describes. It is core's: not to be closed. */
    DnsClient dns();

    /** Opens a DNS client of other servers and rules, on {@link #eventLoop()}. Whoever opens it closes it. */
    DnsClient openDns(DnsSettings settings);

    /** Returns a new back-off as the cluster's configuration has it. */
    Backoff newBackoff();

    /**
     * Asks {@link Discovery#discover()} again and again: at the cluster's poll interval, varied by chance, and after an error by the
     * back-off in its place.
     */
    void poll(Discovery discovery, Discovery.Listener listener);
}
