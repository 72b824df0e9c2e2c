package io.lb4j;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Draft;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import io.lb4j.model.Cluster;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.model.Route;
import io.lb4j.spi.ManagedCertificates;
import io.lb4j.spi.Observer;
import io.lb4j.spi.SharedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Says what a balancer does, grouped by noun: listeners, clusters, routes. At least one listener is required. Setters refuse nothing;
 * {@link #configuration()} checks everything and names all faults at once, each with the line that set the value. Confined to one thread.
 */
public final class LoadBalancerBuilder extends PluggableBuilder<LoadBalancerBuilder> {
    private final List<Observer> observers = new ArrayList<>();

    LoadBalancerBuilder() {
        super(new Draft(Configuration.SECTION), Configuration.PLUGINS);
    }

    @Override
    LoadBalancerBuilder self() {
        return this;
    }

    /** Adds a listener named {@code listener-1} and so on, by its position. Default: none. */
    public LoadBalancerBuilder listener(Consumer<? super ListenerBuilder> listener) {
        listener.accept(
                new ListenerBuilder(added(Configuration.LISTENERS, new Draft(Listener.SECTION), origin("listener"))));
        return this;
    }

    /** Adds a listener. Default: none. */
    public LoadBalancerBuilder listener(String name, Consumer<? super ListenerBuilder> listener) {
        Origin origin = origin("listener");
        Draft draft = added(Configuration.LISTENERS, new Draft(Listener.SECTION), origin);
        draft.set(Listener.NAME, name, origin);
        listener.accept(new ListenerBuilder(draft));
        return this;
    }

    /** Adds a cluster. Default: none. */
    public LoadBalancerBuilder cluster(String name, Consumer<? super ClusterBuilder> cluster) {
        Origin origin = origin("cluster");
        Draft draft = added(Configuration.CLUSTERS, new Draft(Cluster.SECTION), origin);
        draft.set(Cluster.NAME, name, origin);
        cluster.accept(new ClusterBuilder(draft));
        return this;
    }

    /** Adds a route named {@code route-1} and so on, by its position. Default: none, and every request is answered with 404. */
    public LoadBalancerBuilder route(Consumer<? super RouteBuilder> route) {
        route.accept(new RouteBuilder(added(Configuration.ROUTES, new Draft(Route.SECTION), origin("route"))));
        return this;
    }

    /** Adds a route. Default: none, and every request is answered with 404. */
    public LoadBalancerBuilder route(String name, Consumer<? super RouteBuilder> route) {
        Origin origin = origin("route");
        Draft draft = added(Configuration.ROUTES, new Draft(Route.SECTION), origin);
        draft.set(Route.NAME, name, origin);
        route.accept(new RouteBuilder(draft));
        return this;
    }

    /** Obtains and renews certificates, for every TLS listener: what a module for ACME brings. Default: none. */
    public LoadBalancerBuilder acme(ManagedCertificates certificates) {
        return set(Configuration.ACME, Part.of(certificates.getClass().getSimpleName(), certificates), "acme");
    }

    /**
     * Sets where the instances of a fleet keep what they share. The balancer uses it and leaves closing it to whoever made it. Default: each
     * instance is on its own.
     */
    public LoadBalancerBuilder store(SharedStore store) {
        return process(process -> process.sharedStore(store));
    }

    /** Sets what holds for the balancer as a whole. Default: see each setting. */
    public LoadBalancerBuilder process(Consumer<? super ProcessOptionsBuilder> process) {
        process.accept(new ProcessOptionsBuilder(draft().section(Configuration.PROCESS, origin("process"))));
        return this;
    }

    /** Adds somebody who hears of what has happened. Default: nobody. */
    public LoadBalancerBuilder observer(Observer observer) {
        observers.add(observer);
        return this;
    }

    /**
     * Checks everything and returns a balancer that is not started yet.
     *
     * @throws ConfigurationException with all faults, each with its path, the value seen and what was expected
     */
    public LoadBalancer build() {
        return new LoadBalancer(configuration(), observers);
    }

    /**
     * Checks everything, binds every listener and begins to serve.
     *
     * @throws ConfigurationException with all faults, each with its path, the value seen and what was expected
     * @throws java.io.UncheckedIOException if a listener cannot be bound
     */
    public LoadBalancer start() {
        return build().start();
    }

    /**
     * Checks everything.
     *
     * @throws ConfigurationException with all faults, each with its path, the value seen and what was expected
     */
    public Configuration configuration() {
        return Configuration.of(draft(), Parts.catalog());
    }

    private Draft added(Option<List<Settings>> option, Draft element, Origin origin) {
        draft().add(option, element, origin);
        return element;
    }
}
