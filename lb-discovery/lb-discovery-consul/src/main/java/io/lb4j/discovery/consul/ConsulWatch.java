package io.lb4j.discovery.consul;

import io.lb4j.spi.Backoff;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;

/**
 * One question after the other, each waiting for a change since the last answer. An index that goes back, as it does where a registry has lost
 * its state, is forgotten. Confined to one task at a time.
 */
final class ConsulWatch {
    /** Between two answers: however fast the catalog changes, it is asked for not more than twenty times a second. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Who names no index, as what stands before an agent may not pass it on, cannot be told to wait. */
    static final Duration PAUSE_WITHOUT_INDEX = Duration.ofSeconds(1);

    private final ConsulDiscovery discovery;
    private final DiscoveryContext context;
    private final Discovery.Listener listener;
    private final Backoff backoff;
    private BigInteger index = BigInteger.ZERO;
    private boolean isStale;

    ConsulWatch(ConsulDiscovery discovery, DiscoveryContext context, Discovery.Listener listener) {
        this.discovery = discovery;
        this.context = context;
        this.listener = listener;
        backoff = context.newBackoff();
    }

    void begin() {
        Duration pause;
        try {
            ConsulDiscovery.Answer answer = discovery.ask(index);
            take(answer);
            backoff.reset();
            pause = answer.hasIndex() ? PAUSE : PAUSE_WITHOUT_INDEX;
        } catch (IOException | RuntimeException e) {
            isStale = true;
            index = BigInteger.ZERO;
            listener.onError(e);
            pause = backoff.next();
        }
        context.schedule(pause, this::begin);
    }

    private void take(ConsulDiscovery.Answer answer) {
        boolean isNews = isStale || !answer.hasIndex() || !answer.index().equals(index);
        // An index does not go back: otherwise the next question does not wait.
        boolean goesBack = !answer.hasIndex() || answer.index().compareTo(index) < 0;
        index = goesBack ? BigInteger.ZERO : answer.index();
        if (isNews) {
            isStale = false;
            listener.onEndpoints(answer.entries().endpoints(), answer.entries().leftOut());
        }
    }
}
