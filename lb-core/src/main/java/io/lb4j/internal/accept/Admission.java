package io.lb4j.internal.accept;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts a listener's open connections against its limits. Thread-safe. */
final class Admission {
    private final AtomicInteger open = new AtomicInteger();
    private final Map<ClientPrefix, Integer> openPerClient = new ConcurrentHashMap<>();

    /** The answer to a connection that wants in; one that was admitted is released when it has closed. */
    enum Verdict {
        ADMITTED,
        LISTENER_FULL,
        CLIENT_FULL
    }

    /**
     * Asks for a connection to be admitted.
     *
     * @param client as {@link #countedClient} tells; null if clients are not counted
     */
    Verdict admit(@Nullable ClientPrefix client, ConnectionLimits limits) {
        if (open.incrementAndGet() > limits.perListener()) {
            open.decrementAndGet();
            return Verdict.LISTENER_FULL;
        }
        if (client != null && !admitClient(client, limits.perClient())) {
            open.decrementAndGet();
            return Verdict.CLIENT_FULL;
        }
        return Verdict.ADMITTED;
    }

    /** Gives back what {@link #admit} was asked for with the same client. */
    void release(@Nullable ClientPrefix client) {
        open.decrementAndGet();
        if (client != null) {
            openPerClient.computeIfPresent(client, (prefix, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Returns how many connections are admitted. */
    int open() {
        return open.get();
    }

    /** Returns how many clients are counted. */
    int clients() {
        return openPerClient.size();
    }

    static @Nullable ClientPrefix countedClient(InetSocketAddress remote, ConnectionLimits limits) {
        return limits.perClient().isPresent() ? ClientPrefix.of(remote.getAddress()) : null;
    }

    /** Asks for a client to be counted for a connection that is admitted already. */
    boolean admitClient(ClientPrefix client, OptionalInt limit) {
        if (openPerClient.merge(client, 1, Integer::sum) <= limit.orElse(Integer.MAX_VALUE)) {
            return true;
        }
        openPerClient.computeIfPresent(client, (prefix, count) -> count == 1 ? null : count - 1);
        return false;
    }
}
