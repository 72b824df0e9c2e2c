package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Part;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.spi.Discovery;
import java.nio.file.Path;
import java.time.Duration;

/** Who says which endpoints a cluster has, and what is made of what they say. */
public final class DiscoveryBuilder extends SectionBuilder<DiscoveryBuilder> {
    DiscoveryBuilder(Draft draft) {
        super(draft);
    }

    @Override
    DiscoveryBuilder self() {
        return this;
    }

    /** Adds a provider, which statistics know by its class. Default: none. */
    public DiscoveryBuilder provider(Discovery provider) {
        Class<?> type = provider.getClass();
        boolean named = !type.isHidden() && !type.isAnonymousClass();
        return provider(named ? type.getSimpleName() : "discovery", provider);
    }

    /** Adds a provider by the name that statistics know it by. Default: none. */
    public DiscoveryBuilder provider(String name, Discovery provider) {
        return add(DiscoveryPolicy.PROVIDERS, Part.of(name, provider), "provider");
    }

    /** Adds a provider. One that a factory makes goes on through updates that leave its settings as they are. Default: none. */
    public DiscoveryBuilder provider(Part provider) {
        return add(DiscoveryPolicy.PROVIDERS, provider, "provider");
    }

    /** Sets how several providers go together. Default: the endpoints of all. */
    public DiscoveryBuilder mode(DiscoveryPolicy.Mode mode) {
        return set(DiscoveryPolicy.MODE, mode, "mode");
    }

    /** Takes the endpoints of the first provider that can be asked and has any. Default: the endpoints of all. */
    public DiscoveryBuilder failover() {
        return mode(DiscoveryPolicy.Mode.FAILOVER);
    }

    /** Sets how long a provider cannot be asked before the next one takes over. Default: 10 seconds. */
    public DiscoveryBuilder failoverAfter(Duration time) {
        return set(DiscoveryPolicy.FAILOVER_AFTER, time, "failoverAfter");
    }

    /** Sets how long the start waits until every provider has spoken or failed. Default: 5 seconds. */
    public DiscoveryBuilder initialWait(Duration time) {
        return set(DiscoveryPolicy.INITIAL_WAIT, time, "initialWait");
    }

    /**
     * Sets how long a provider has to be quiet before a change takes effect, and after which time it does in any case. Default: a tenth of a
     * second, 1 second.
     */
    public DiscoveryBuilder debounce(Duration quiet, Duration max) {
        set(DiscoveryPolicy.DEBOUNCE, quiet, "debounce");
        return set(DiscoveryPolicy.DEBOUNCE_MAX, max, "debounce");
    }

    /** Sets how long a provider has to say that there is no endpoint before it is believed. Default: 30 seconds. */
    public DiscoveryBuilder emptyGrace(Duration time) {
        return set(DiscoveryPolicy.EMPTY_GRACE, time, "emptyGrace");
    }

    /**
     * Sets the share of the endpoints, 0 to 1, of which the sudden loss is held back if more than it is lost, and for how long. Default:
     * 0.5, 1 minute.
     */
    public DiscoveryBuilder panic(double share, Duration hold) {
        set(DiscoveryPolicy.PANIC_SHARE, share, "panic");
        return set(DiscoveryPolicy.PANIC_HOLD, hold, "panic");
    }

    /** Sets the time between two questions to a provider that does not tell of changes. Default: 10 seconds. */
    public DiscoveryBuilder pollInterval(Duration time) {
        return set(DiscoveryPolicy.POLL_INTERVAL, time, "pollInterval");
    }

    /** Sets the share of the poll interval that is random, 0 to 1. Default: 0.1. */
    public DiscoveryBuilder pollJitter(double share) {
        return set(DiscoveryPolicy.POLL_JITTER, share, "pollJitter");
    }

    /** Sets the wait after a provider's first failure, which doubles with each further one, and the longest. Default: 0.5 and 4 seconds. */
    public DiscoveryBuilder backoff(Duration base, Duration max) {
        set(DiscoveryPolicy.BACKOFF_BASE, base, "backoff");
        return set(DiscoveryPolicy.BACKOFF_MAX, max, "backoff");
    }

    /** Sets the file that remembers the endpoints for a start while a provider cannot be asked. Default: they are not remembered. */
    public DiscoveryBuilder snapshot(Path file) {
        return set(DiscoveryPolicy.SNAPSHOT, file, "snapshot");
    }
}
