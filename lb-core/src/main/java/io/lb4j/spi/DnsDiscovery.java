package io.lb4j.spi;

import io.lb4j.dns.DnsAnswer;
import io.lb4j.dns.DnsClient;
import io.lb4j.dns.DnsSettings;
import io.lb4j.dns.ServiceRecord;
import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The addresses, or the services, under a name of DNS, asked for again as the records expire: between the shortest and the longest time
 * that the {@linkplain DnsSettings.Times client's settings} allow. Every address is an endpoint of its own and keeps the name for
 * {@code Host}, SNI and verification. That there is no such name is a statement, an empty list; SERVFAIL, a timeout and the like are
 * errors, after which what was known stays in force. Thread-safe.
 *
 * <p>Core itself uses it for endpoints that are configured, or discovered, by host name.
 */
public final class DnsDiscovery implements Discovery {
    private final Question question;
    private final Optional<DnsSettings> settings;
    private volatile @Nullable DnsClient own; // of the present watch, where settings are its own
    private volatile @Nullable DnsClient client; // of the present watch

    /** What is asked, and what becomes of the answer. */
    private sealed interface Question {
        CompletionStage<DnsAnswer<Endpoint>> ask(DnsClient client, List<Endpoint> before);
    }

    /** A and AAAA records. */
    private record Addresses(Endpoint template) implements Question {
        @Override
        public CompletionStage<DnsAnswer<Endpoint>> ask(DnsClient client, List<Endpoint> before) {
            return client.addresses(template.host()).thenApply(answer -> endpoints(client, answer, before));
        }

        private DnsAnswer<Endpoint> endpoints(DnsClient client, DnsAnswer<InetAddress> answer, List<Endpoint> before) {
            List<Endpoint> endpoints = new ArrayList<>();
            for (InetAddress address : answer.records()) {
                if (!client.settings().guard().refuses(address)) {
                    endpoints.add(template.at(address));
                }
            }
            if (endpoints.isEmpty() && !answer.records().isEmpty()) {
                throw new IllegalArgumentException(template.host() + ": " + answer.records()
                        + " (expected: an address that is neither link-local nor one of cloud metadata, or dns.allow)");
            }
            if (answer.isPartial()) {
                keepOtherFamily(endpoints, before);
            }
            return new DnsAnswer<>(answer.status(), endpoints, answer.timeToLive(), answer.isPartial());
        }

        /** Servers that fail on one family must not take its addresses away. */
        private static void keepOtherFamily(List<Endpoint> endpoints, List<Endpoint> before) {
            boolean six = endpoints.get(0).isIpv6();
            before.stream().filter(known -> known.isIpv6() != six).forEach(endpoints::add);
        }
    }

    /** SRV records; their targets are names, which core resolves. */
    private record Services(String name) implements Question {
        @Override
        public CompletionStage<DnsAnswer<Endpoint>> ask(DnsClient client, List<Endpoint> before) {
            return client.services(name).thenApply(answer -> {
                List<Endpoint> endpoints = new ArrayList<>();
                for (ServiceRecord record : answer.records()) {
                    // RFC 2782: a target "." says that the service is not available here.
                    if (!record.target().isEmpty() && record.port() > 0) {
                        endpoints.add(endpoint(record, answer.records()));
                    }
                }
                return new DnsAnswer<>(answer.status(), endpoints, answer.timeToLive(), false);
            });
        }

        private static Endpoint endpoint(ServiceRecord record, List<ServiceRecord> all) {
            boolean weightless = all.stream()
                    .filter(other -> other.priority() == record.priority())
                    .allMatch(other -> other.weight() == 0);
            Endpoint endpoint = Endpoint.of(record.target(), record.port());
            if (record.priority() > 0) {
                endpoint = endpoint.withMetadata(Map.of("priority", Integer.toString(record.priority())));
            }
            // RFC 2782: weights of 0 among others are for a very small share, not for none.
            return weightless ? endpoint : endpoint.withWeight(Math.max(1, record.weight()));
        }
    }

    private DnsDiscovery(Question question, Optional<DnsSettings> settings) {
        this.question = question;
        this.settings = settings;
    }

    /** Returns the addresses of a host as endpoints of a port. */
    public static DnsDiscovery addresses(String host, int port) {
        return addresses(Endpoint.of(host, port));
    }

    /** Returns the addresses of an endpoint's host as endpoints of its port, weight and metadata. */
    public static DnsDiscovery addresses(Endpoint template) {
        return new DnsDiscovery(new Addresses(template), Optional.empty());
    }

    /**
     * Returns the targets of SRV records (RFC 2782) with their ports, weights and {@linkplain Endpoint#priority() priorities}.
     *
     * @param name such as {@code _http._tcp.example.com}
     */
    public static DnsDiscovery services(String name) {
        return new DnsDiscovery(new Services(name), Optional.empty());
    }

    /** Returns the same discovery by servers and rules of its own. By default it asks as the balancer does. */
    public DnsDiscovery by(DnsSettings others) {
        return new DnsDiscovery(question, Optional.of(others));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if it is not watched: whom to ask is the watch's context to say
     */
    @Override
    public List<Endpoint> discover() throws IOException {
        DnsClient known = client;
        if (known == null) {
            throw new IllegalStateException(this + ": not watched (expected: a watch, which has a client)");
        }
        try {
            return question.ask(known, List.of())
                    .toCompletableFuture()
                    .get(1, TimeUnit.MINUTES)
                    .records();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(this + ": interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(this + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void watch(DiscoveryContext context, Listener listener) {
        close();
        settings.ifPresent(others -> own = context.openDns(others));
        DnsClient opened = own;
        DnsClient asked = opened == null ? context.dns() : opened;
        client = asked;
        new Watch(asked, context, listener).ask();
    }

    @Override
    public void close() {
        client = null;
        DnsClient opened = own;
        if (opened != null) {
            own = null;
            opened.close();
        }
    }

    /** One watch. Its questions follow one upon the other. */
    private final class Watch {
        private final DnsClient asked;
        private final DiscoveryContext context;
        private final Listener listener;
        private final Backoff backoff;
        private List<Endpoint> known = List.of(); // of one question at a time

        Watch(DnsClient asked, DiscoveryContext context, Listener listener) {
            this.asked = asked;
            this.context = context;
            this.listener = listener;
            this.backoff = context.newBackoff();
        }

        void ask() {
            if (!context.isOver()) {
                question.ask(asked, known).whenComplete(this::hear);
            }
        }

        private Throwable reasonOf(@Nullable Throwable failure) {
            Throwable reason = failure == null ? new IOException(DnsDiscovery.this + ": no answer") : failure;
            Throwable cause = reason.getCause();
            return reason instanceof CompletionException && cause != null ? cause : reason;
        }

        private void hear(@Nullable DnsAnswer<Endpoint> answer, @Nullable Throwable failure) {
            DnsSettings.Times times = asked.settings().times();
            if (answer == null || failure != null) {
                Duration wait = backoff.next();
                listener.onError(reasonOf(failure));
                context.schedule(wait, this::ask);
                return;
            }
            backoff.reset();
            known = answer.records();
            listener.onEndpoints(known);
            context.schedule(times.holding(answer.timeToLive()), this::ask);
        }
    }

    @Override
    public String toString() {
        return question instanceof Addresses addresses
                ? "dns " + addresses.template.address()
                : "dns " + ((Services) question).name;
    }
}
