package io.lb4j.discovery.consul;

import io.lb4j.config.Settings;
import io.lb4j.discovery.Entries;
import io.lb4j.discovery.EntryReader;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.kiwiproject.consul.model.ConsulResponse;
import org.kiwiproject.consul.model.health.ServiceHealth;
import org.kiwiproject.consul.option.ImmutableQueryOptions;

/** The instances of a service in Consul's catalog that are healthy, asked for by questions that wait for a change. Thread-safe. */
final class ConsulDiscovery implements Discovery {
    private final Settings settings;
    private final ConsulConnection connection;
    private final EntryReader reader;
    private final ConsulInstances instances;
    private final ConsulRights rights;
    private volatile Set<String> nodes = Set.of(); // that had instances when there were any

    /** What a question was answered with. */
    record Answer(Entries entries, BigInteger index) {
        /** Returns whether an index was named: they are above 0. */
        boolean hasIndex() {
            return index.signum() > 0;
        }
    }

    ConsulDiscovery(Settings settings) {
        this.settings = settings;
        connection = ConsulConnection.open(settings);
        reader = new EntryReader(connection.toString());
        instances = new ConsulInstances(settings);
        rights = new ConsulRights(connection, settings);
    }

    ConsulConnection connection() {
        return connection;
    }

    @Override
    public List<Endpoint> discover() throws IOException {
        return ask(BigInteger.ZERO).entries.endpoints();
    }

    /**
     * Asks for the instances.
     *
     * @param index of the last answer, to wait for another; 0 not to wait
     */
    Answer ask(BigInteger index) throws IOException {
        String service = settings.value(ConsulOptions.SERVICE);
        ConsulResponse<List<ServiceHealth>> response = connection.askForChange(
                "read service " + service,
                client -> client.healthClient().getAllServiceInstances(service, options(index)));
        if (response.getResponse().isEmpty()) {
            rights.requireToRead(service, nodes);
        } else {
            nodes = response.getResponse().stream()
                    .map(instance -> instance.getNode().getNode())
                    .collect(Collectors.toUnmodifiableSet());
        }
        List<Entries> entries = new ArrayList<>();
        for (ServiceHealth instance : response.getResponse()) {
            if (instances.isWanted(instance)) {
                entries.add(reader.read(instance.getService().getId(), () -> instances.endpoint(instance)));
            }
        }
        return new Answer(Entries.join(entries), response.getIndex());
    }

    private ImmutableQueryOptions options(BigInteger index) {
        ImmutableQueryOptions.Builder options =
                ImmutableQueryOptions.builder().addAllTag(settings.value(ConsulOptions.TAGS));
        if (index.signum() > 0) {
            options.index(index).wait(settings.value(ConsulOptions.WAIT).toSeconds() + "s");
        }
        settings.find(ConsulOptions.DATACENTER).ifPresent(options::datacenter);
        settings.find(ConsulOptions.NAMESPACE).ifPresent(options::namespace);
        settings.find(ConsulOptions.PEER).ifPresent(options::peer);
        settings.find(ConsulOptions.FILTER).ifPresent(options::filter);
        return options.build();
    }

    @Override
    public void watch(DiscoveryContext context, Listener listener) {
        new ConsulWatch(this, context, listener).begin();
    }

    @Override
    public void close() {
        connection.close();
    }
}
