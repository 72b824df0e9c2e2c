package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Part;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;
import java.util.Optional;

/** What holds for the balancer as a whole. All but the drain timeout take effect at the start only. Immutable. */
public final class ProcessOptions extends View {
    /** How sockets are driven. */
    public enum Transport {
        /** The best that is there: epoll on Linux, kqueue on macOS and BSD, otherwise NIO. */
        AUTO,
        /** Linux's epoll. */
        EPOLL,
        /** kqueue of macOS and BSD. */
        KQUEUE,
        /** Linux's io_uring. */
        IO_URING,
        /** What the Java runtime brings. */
        NIO
    }

    /** What does TLS. */
    public enum TlsEngine {
        /** BoringSSL if netty-tcnative is there, otherwise the Java runtime's. */
        AUTO,
        /** BoringSSL by netty-tcnative. */
        BORINGSSL,
        /** The Java runtime's. */
        JDK
    }

    /** The number of event loops. */
    public static final Option<Integer> EVENT_LOOPS = Option.of(
                    "event_loops", OptionTypes.integer(1, 1024), "Number of event loops, each a thread.")
            .absentMeans("one for each processor")
            .build();

    /** How sockets are driven. */
    public static final Option<Transport> TRANSPORT = Option.of(
                    "transport",
                    OptionTypes.oneOf(Transport.class),
                    "How sockets are driven; auto: the best that is there, io_uring only by name.")
            .defaultsTo(Transport.AUTO)
            .build();

    /** What does TLS. */
    public static final Option<TlsEngine> TLS_ENGINE = Option.of(
                    "tls_engine", OptionTypes.oneOf(TlsEngine.class), "What does TLS; auto: BoringSSL if it is there.")
            .defaultsTo(TlsEngine.AUTO)
            .build();

    /** How long closing may take. */
    public static final Option<Duration> DRAIN_TIMEOUT = Option.of(
                    "drain_timeout",
                    OptionTypes.duration(Duration.ZERO),
                    "How long exchanges may go on when the balancer closes, or a listener is taken away.")
            .defaultsTo(Duration.ofSeconds(30))
            .build();

    /** The kind of part that a shared store is, for {@link io.lb4j.config.PartFactory#kind()}. */
    public static final String SHARED_STORE_KIND = "shared_store";

    /** What the instances of a fleet have in common. */
    public static final Option<Part> SHARED_STORE = Option.of(
                    "shared_store",
                    OptionTypes.part(SHARED_STORE_KIND),
                    "Where plugins and managed certificates keep what the instances of a fleet have in common.")
            .absentMeans("in memory, each instance by itself")
            .build();

    /** Whether the instances of a fleet resume one another's sessions. */
    public static final Option<Boolean> SHARE_TICKETS = Option.of(
                    "share_tickets",
                    OptionTypes.bool(),
                    "Whether the secrets of session tickets are kept in the shared store, so that a client resumes at any"
                            + " instance of a fleet; whoever can read the store can then read and pose in sessions that"
                            + " are resumed.")
            .defaultsTo(false)
            .build();

    /** How names are resolved. */
    public static final Option<Settings> DNS = Listener.nested("dns", DnsOptions.SECTION);

    /** The options of a process. */
    public static final Section SECTION = Section.of("process", "What holds for the balancer as a whole.")
            .options(EVENT_LOOPS, TRANSPORT, TLS_ENGINE, DRAIN_TIMEOUT, DNS, SHARED_STORE, SHARE_TICKETS)
            .build();

    ProcessOptions(Settings settings) {
        super(settings);
    }

    /** Returns the number of event loops; by default one for each processor. */
    public Optional<Integer> eventLoops() {
        return settings().find(EVENT_LOOPS);
    }

    /** Returns how sockets are driven; {@link Transport#AUTO} by default. */
    public Transport transport() {
        return settings().value(TRANSPORT);
    }

    /** Returns what does TLS; {@link TlsEngine#AUTO} by default. */
    public TlsEngine tlsEngine() {
        return settings().value(TLS_ENGINE);
    }

    /** Returns what the instances of a fleet have in common; in memory, each by itself, where there is none. */
    public Optional<Part> sharedStore() {
        return settings().find(SHARED_STORE);
    }

    /** Returns whether the secrets of session tickets are kept in the shared store. */
    public boolean sharesTickets() {
        return settings().value(SHARE_TICKETS);
    }

    /** Returns how long exchanges may go on when the balancer closes; 30 seconds by default. */
    public Duration drainTimeout() {
        return settings().value(DRAIN_TIMEOUT);
    }

    /** Returns how the names of endpoints are resolved. */
    public DnsOptions dns() {
        return new DnsOptions(settings().value(DNS));
    }
}
