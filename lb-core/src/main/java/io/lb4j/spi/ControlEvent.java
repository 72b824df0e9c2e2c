package io.lb4j.spi;

import io.lb4j.model.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Something that has changed in what a balancer knows, or is told to do. Immutable. */
public sealed interface ControlEvent {
    /**
     * An endpoint has joined its cluster.
     *
     * @param cluster the cluster's name
     * @param endpoint the endpoint
     */
    record EndpointAdded(String cluster, Endpoint endpoint) implements ControlEvent {}

    /**
     * An endpoint has left its cluster, and finishes what it has.
     *
     * @param cluster the cluster's name
     * @param endpoint the endpoint
     */
    record EndpointRemoved(String cluster, Endpoint endpoint) implements ControlEvent {}

    /**
     * An endpoint is left out for a time, because of how requests fared with it.
     *
     * @param cluster the cluster's name
     * @param endpoint the endpoint
     * @param time how long
     */
    record EndpointEjected(String cluster, Endpoint endpoint, Duration time) implements ControlEvent {}

    /**
     * An endpoint is back after its ejection.
     *
     * @param cluster the cluster's name
     * @param endpoint the endpoint
     */
    record EndpointRecovered(String cluster, Endpoint endpoint) implements ControlEvent {}

    /**
     * Active checks have come to another verdict.
     *
     * @param cluster the cluster's name
     * @param endpoint the endpoint
     * @param isHealthy what they say now
     */
    record EndpointHealthChanged(String cluster, Endpoint endpoint, boolean isHealthy) implements ControlEvent {}

    /**
     * A source of endpoints cannot be asked; what it said before stays in force.
     *
     * @param cluster the cluster's name
     * @param source the source's name, as statistics have it
     * @param reason why
     */
    record SourceStale(String cluster, String source, String reason) implements ControlEvent {}

    /**
     * A source of endpoints speaks again.
     *
     * @param cluster the cluster's name
     * @param source the source's name, as statistics have it
     * @param silence how long it had been silent
     */
    record SourceRecovered(String cluster, String source, Duration silence) implements ControlEvent {}

    /**
     * A configuration is in force.
     *
     * @param version how many there have been, this one included
     */
    record ConfigurationApplied(long version) implements ControlEvent {}

    /**
     * A configuration was refused, or its source had none; the one before stays in force.
     *
     * @param reason why, or how that begins, where it is more than 16,384 characters
     */
    record ConfigurationRefused(String reason) implements ControlEvent {}

    /**
     * A source of certificates has others than before.
     *
     * @param certificates all of them, by their names and dates
     */
    record CertificatesChanged(List<Certificate> certificates) implements ControlEvent {
        /** Copies the list. */
        public CertificatesChanged {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * A source of certificates has something new that cannot be used; what it had before stays in force.
     *
     * @param source the source's name: its files, for example
     * @param reason why
     */
    record CertificatesRefused(String source, String reason) implements ControlEvent {}

    /**
     * Certificates that take care of themselves have something to say: see {@link ManagedCertificates.Context}.
     *
     * @param name of what has happened, in lower case with underscores: {@code certificate_obtained}
     * @param message for people; holds no secrets
     * @param failure what went wrong; empty if nothing did
     */
    record CertificateReport(String name, String message, Optional<Throwable> failure) implements ControlEvent {}

    /**
     * A plugin is kept from new exchanges for a time: it has failed or been late too often, or holds an event loop.
     *
     * @param place where it was declared, as statistics have it
     * @param reason why
     * @param time how long
     */
    record PluginTakenOut(String place, String reason, Duration time) implements ControlEvent {}

    /**
     * A plugin that was taken out is tried again.
     *
     * @param place where it was declared, as statistics have it
     */
    record PluginTriedAgain(String place) implements ControlEvent {}

    /**
     * A plugin that is in force says that something is wrong with what it depends on, and goes on as well as it can. Told once, until it has recovered, whatever becomes of the reason
     * meanwhile; a plugin that ends says nothing more. A plugin that need not be there and cannot be initialised misses its {@code start}.
     *
     * @param place where it was declared, as statistics have it
     * @param dependency the name of what it depends on, as statistics have it
     * @param reason what the plugin says of it
     */
    record PluginDegraded(String place, String dependency, String reason) implements ControlEvent {}

    /**
     * What a plugin depends on has been well again for five seconds.
     *
     * @param place where it was declared, as statistics have it
     * @param dependency the name of what it depends on, as statistics have it
     * @param time how long something had been wrong with it
     */
    record PluginRecovered(String place, String dependency, Duration time) implements ControlEvent {}
}
