package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Part;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.config.Shorthand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who says which endpoints a cluster has, beside those that are configured, and what is made of what they say. For endpoints that are
 * configured by a host name, it is DNS that says. Immutable.
 */
public final class DiscoveryPolicy extends View {
    /** The kind of {@link Part} that finds endpoints: an {@code io.lb4j.spi.Discovery}. */
    public static final String PROVIDER = "discovery";

    /** How several providers go together. */
    public enum Mode {
        /** The endpoints of all together; of two with one address that of the earlier provider. */
        MERGE,
        /** Those of the first provider that can be asked and has any. */
        FAILOVER
    }

    /** Who says which endpoints there are. */
    public static final Option<List<Part>> PROVIDERS = Option.of(
                    "providers",
                    OptionTypes.list(OptionTypes.part(PROVIDER)),
                    "Who says which endpoints there are, in the order of preference.")
            .defaultsTo(List.of())
            .build();

    /** How several go together. */
    public static final Option<Mode> MODE = Option.of(
                    "mode",
                    OptionTypes.oneOf(Mode.class),
                    "How several providers go together: the endpoints of all, or those of the first that can be asked and has any.")
            .defaultsTo(Mode.MERGE)
            .build();

    /** How long a provider may be silent before the next takes over. */
    public static final Option<Duration> FAILOVER_AFTER = Option.of(
                    "failover_after",
                    OptionTypes.duration(Duration.ZERO),
                    "How long a provider cannot be asked before the next one takes over; the first takes over again as soon as it speaks.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    /** How long the start waits. */
    public static final Option<Duration> INITIAL_WAIT = Option.of(
                    "initial_wait",
                    OptionTypes.duration(Duration.ZERO),
                    "How long the start, and an update that brings the cluster, waits until every provider has spoken or failed.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    /** The quiet before a change. */
    public static final Option<Duration> DEBOUNCE = Option.of(
                    "debounce",
                    OptionTypes.duration(Duration.ZERO),
                    "How long a provider has to be quiet before a change takes effect, so that many take effect at once.")
            .defaultsTo(Duration.ofMillis(100))
            .build();

    /** The longest wait for quiet. */
    public static final Option<Duration> DEBOUNCE_MAX = Option.of(
                    "debounce_max",
                    OptionTypes.duration(Duration.ZERO),
                    "After which time a change takes effect however much follows.")
            .defaultsTo(Duration.ofSeconds(1))
            .build();

    /** The doubt about an empty answer. */
    public static final Option<Duration> EMPTY_GRACE = Option.of(
                    "empty_grace",
                    OptionTypes.duration(Duration.ZERO),
                    "How long a provider has to say that there is no endpoint before it is believed.")
            .defaultsTo(Duration.ofSeconds(30))
            .build();

    /** What is a sudden loss. */
    public static final Option<Double> PANIC_SHARE = Option.of(
                    "panic_share",
                    OptionTypes.ratio(),
                    "Share of the endpoints of which the loss at one stroke is held back if more than it is lost; 100%: none is.")
            .defaultsTo(0.5)
            .build();

    /** The doubt about a sudden loss. */
    public static final Option<Duration> PANIC_HOLD = Option.of(
                    "panic_hold",
                    OptionTypes.duration(Duration.ZERO),
                    "How long a provider has to stand by a sudden loss before it is believed; what it adds is believed at once.")
            .defaultsTo(Duration.ofMinutes(1))
            .build();

    /** The time between two polls. */
    public static final Option<Duration> POLL_INTERVAL = Option.of(
                    "poll_interval",
                    ModelTypes.time(),
                    "Time between two questions to a provider that does not tell of changes.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    /** The randomness of that time. */
    public static final Option<Double> POLL_JITTER = Option.of(
                    "poll_jitter",
                    OptionTypes.ratio(),
                    "Share of the poll interval that is random, so that polls spread out.")
            .defaultsTo(0.1)
            .build();

    /** The first back-off. */
    public static final Option<Duration> BACKOFF_BASE = Option.of(
                    "backoff_base",
                    ModelTypes.time(),
                    "Wait after a provider's first failure; each further one doubles it, and chance shortens it by up to a half.")
            .defaultsTo(Duration.ofMillis(500))
            .build();

    /** The longest back-off. */
    public static final Option<Duration> BACKOFF_MAX = Option.of(
                    "backoff_max", ModelTypes.time(), "Longest wait after a provider's failure.")
            .defaultsTo(Duration.ofSeconds(4))
            .build();

    /** Where the endpoints are remembered. */
    public static final Option<Path> SNAPSHOT = Option.of(
                    "snapshot",
                    OptionTypes.text(Path.class, "a file", Path::of, Path::toString),
                    "File that remembers the endpoints for a start while a provider cannot be asked; one for each cluster.")
            .absentMeans("they are not remembered")
            .build();

    /** The options of discovery. */
    public static final Section SECTION = Section.of(
                    "discovery", "Where the endpoints are found while the balancer runs.")
            .options(PROVIDERS, MODE, FAILOVER_AFTER, INITIAL_WAIT, DEBOUNCE, DEBOUNCE_MAX, EMPTY_GRACE)
            .options(PANIC_SHARE, PANIC_HOLD, POLL_INTERVAL, POLL_JITTER, BACKOFF_BASE, BACKOFF_MAX, SNAPSHOT)
            .shorthand(new Shorthand(
                    "the name of a discovery", (draft, text, origin) -> draft.addText(PROVIDERS, text, origin)))
            .rule((settings, scope) -> ListenerTls.requireOrder(settings, scope, DEBOUNCE, DEBOUNCE_MAX))
            .rule((settings, scope) -> ListenerTls.requireOrder(settings, scope, BACKOFF_BASE, BACKOFF_MAX))
            .build();

    DiscoveryPolicy(Settings settings) {
        super(settings);
    }

    /** Returns who says which endpoints there are, in the order of preference. */
    public List<Part> providers() {
        return settings().value(PROVIDERS);
    }

    /** Returns how several providers go together; merged by default. */
    public Mode mode() {
        return settings().value(MODE);
    }

    /** Returns how long a provider cannot be asked before the next one takes over; 10 seconds by default. */
    public Duration failoverAfter() {
        return settings().value(FAILOVER_AFTER);
    }

    /** Returns how long the start waits for every provider; 5 seconds by default. */
    public Duration initialWait() {
        return settings().value(INITIAL_WAIT);
    }

    /** Returns how long a provider has to be quiet before a change takes effect; a tenth of a second by default. */
    public Duration debounce() {
        return settings().value(DEBOUNCE);
    }

    /** Returns after which time a change takes effect in any case; 1 second by default. */
    public Duration debounceMax() {
        return settings().value(DEBOUNCE_MAX);
    }

    /** Returns how long a provider has to say that there is no endpoint before it is believed; 30 seconds by default. */
    public Duration emptyGrace() {
        return settings().value(EMPTY_GRACE);
    }

    /** Returns the share whose loss at one stroke is held back, 0 to 1; 0.5 by default. */
    public double panicShare() {
        return settings().value(PANIC_SHARE);
    }

    /** Returns how long a provider has to stand by a sudden loss before it is believed; 1 minute by default. */
    public Duration panicHold() {
        return settings().value(PANIC_HOLD);
    }

    /** Returns the time between two questions to a provider that does not tell of changes; 10 seconds by default. */
    public Duration pollInterval() {
        return settings().value(POLL_INTERVAL);
    }

    /** Returns the share of the poll interval that is random, 0 to 1; 0.1 by default. */
    public double pollJitter() {
        return settings().value(POLL_JITTER);
    }

    /** Returns the wait after a first failure; half a second by default. */
    public Duration backoffBase() {
        return settings().value(BACKOFF_BASE);
    }

    /** Returns the longest wait after a failure; 4 seconds by default. */
    public Duration backoffMax() {
        return settings().value(BACKOFF_MAX);
    }

    /** Returns the file that remembers the endpoints; by default there is none. */
    public Optional<Path> snapshot() {
        return settings().find(SNAPSHOT);
    }
}
