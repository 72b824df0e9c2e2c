package io.lb4j.spi;

import io.lb4j.stats.Statistics;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/** Where a plugin stands and what it may use. Thread-safe; valid until {@link Plugin#close} has returned. */
public interface PluginContext {
    /** Returns the name in this configuration: letters, digits, {@code _ . -}, fit for logs. */
    String name();

    /**
     * Returns where it was declared: {@code plugins.auth} for the balancer, {@code listeners.main.plugins.auth},
     * {@code routes.api.plugins.auth}; the name that statistics have it by.
     */
    String place();

    /** Returns the listener that it was declared for. */
    Optional<String> listener();

    /** Returns the route that it was declared for. */
    Optional<String> route();

    /** Returns what the configuration says under {@code config}: texts, {@link Long}, {@link Double}, booleans, lists and maps; immutable. */
    Map<String, Object> config();

    /**
     * Returns the event loops that exchanges happen on; {@link FilterExchange#loop()} is a position in this list, so that a plugin can have
     * something of its own for each. Timers that belong to a loop are set with its {@code schedule}.
     */
    List<EventLoop> eventLoops();

    /** Returns a thread of the plugin's own, for timers and for what blocks: made at the first call, and ended with the plugin. */
    ScheduledExecutorService scheduler();

    /** Returns the way to this balancer's clusters. They can be called from the moment on that the configuration is in force. */
    ClusterClient clusters();

    /** Returns what the instances of a fleet have in common. Its methods may block: not for event loops. */
    SharedStore store();

    /** Returns what the balancer has done so far, as {@link io.lb4j.LoadBalancer#stats()} does: for plugins that publish it. */
    Statistics statistics();

    /**
     * Returns something that the plugin depends on, by which it can say how it is: {@code stats()} and health pages show that with this plugin. Trouble and its end are logged and told to observers
     * ({@link ControlEvent.PluginDegraded}), so that the plugin need not log them. A new one, which is well, or that of this name.
     *
     * @param name letters, digits, {@code _ . -}
     * @throws IllegalArgumentException if the name holds anything else
     * @throws IllegalStateException if there are 100 others
     */
    Dependency dependency(String name);

    /**
     * Returns a figure that {@code stats()} shows with this plugin: a new one, or that of this name.
     *
     * @param name letters, digits, {@code _ . -}
     * @throws IllegalArgumentException if the name holds anything else
     * @throws IllegalStateException if there are 1,000 others
     */
    Metric metric(String name);

    /** A figure: a counter, or a gauge. Thread-safe; never blocks. */
    interface Metric {
        /** Adds to it; what is negative takes away. */
        void add(long amount);

        /** Sets it. */
        void set(long value);

        /** Returns it. */
        long value();
    }

    /** Something that a plugin depends on: a service, a store, a file. Thread-safe; never blocks. */
    interface Dependency {
        /** Says that it is well. Costs nothing while that is known. */
        void well();

        /**
         * Says that something is wrong with it; the plugin goes on as well as it can.
         *
         * @param what for people to read, without secrets; of longer ones the first 500 characters are shown
         */
        void troubled(String what);
    }
}
