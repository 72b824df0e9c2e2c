package io.lb4j.discovery.consul;

import io.lb4j.discovery.KeptRegistrar;
import io.lb4j.discovery.StoreRules;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Registrar;
import java.io.IOException;
import java.time.Duration;
import org.kiwiproject.consul.NotRegisteredException;
import org.kiwiproject.consul.model.agent.ImmutableRegCheck;
import org.kiwiproject.consul.model.agent.ImmutableRegistration;
import org.kiwiproject.consul.model.agent.Registration;
import org.kiwiproject.consul.model.catalog.ImmutableServiceWeights;

/** Instances that are announced at an agent, with checks. Thread-safe. */
final class ConsulAnnouncements implements KeptRegistrar.Registry {
    private static final Duration LOOK = Duration.ofSeconds(5); // whether the agent has still what renews itself
    private static final Duration LEAST_PATIENCE = Duration.ofMinutes(1); // Consul's own
    private static final int PATIENCE = 10; // times the check's time
    private static final int RENEWALS = 3; // within the check's time

    private final ConsulConnection connection;

    ConsulAnnouncements(ConsulConnection connection) {
        this.connection = connection;
    }

    @Override
    public KeptRegistrar.Entry entry(Registrar.Announcement announcement) {
        return new Instance(announcement);
    }

    @Override
    public void close() {
        connection.close();
    }

    @Override
    public String toString() {
        return connection.toString();
    }

    private final class Instance implements KeptRegistrar.Entry {
        private final Registrar.Announcement announcement;

        Instance(Registrar.Announcement announcement) {
            this.announcement = announcement;
        }

        private String id() {
            return announcement.instance();
        }

        @Override
        public void announce() throws IOException {
            Endpoint endpoint = announcement.endpoint();
            int weight = ConsulInstances.weightFor(endpoint);
            Registration registration = ImmutableRegistration.builder()
                    .id(id())
                    .name(announcement.service())
                    .address(endpoint.host())
                    .port(endpoint.port())
                    .tags(endpoint.tags())
                    .meta(ConsulInstances.metadataFor(endpoint))
                    .serviceWeights(ImmutableServiceWeights.builder()
                            .passing(weight)
                            .warning(weight)
                            .build())
                    .check(check(endpoint))
                    .build();
            connection.ask("announce " + id(), client -> {
                client.agentClient().register(registration);
                return true;
            });
        }

        private Registration.RegCheck check(Endpoint endpoint) {
            ImmutableRegCheck.Builder check = ImmutableRegCheck.builder().status("passing");
            Duration time;
            if (announcement.check() instanceof Registrar.Check.Http http) {
                time = http.interval();
                check.http("http://" + endpoint.address() + http.path()).interval(seconds(time));
            } else if (announcement.check() instanceof Registrar.Check.Tcp tcp) {
                time = tcp.interval();
                check.tcp(endpoint.address()).interval(seconds(time));
            } else {
                time = ((Registrar.Check.TimeToLive) announcement.check()).time();
                check.ttl(seconds(time));
            }
            Duration patience = time.multipliedBy(PATIENCE);
            return check.deregisterCriticalServiceAfter(
                            seconds(patience.compareTo(LEAST_PATIENCE) > 0 ? patience : LEAST_PATIENCE))
                    .build();
        }

        private static String seconds(Duration time) {
            return StoreRules.seconds(time, 1) + "s";
        }

        @Override
        public boolean renew() throws IOException {
            if (announcement.check() instanceof Registrar.Check.TimeToLive) {
                return connection.ask("renew " + id(), client -> {
                    try {
                        client.agentClient().pass(id());
                        return true;
                    } catch (NotRegisteredException e) {
                        return false; // which is what is asked
                    }
                });
            }
            return connection.ask("read " + id(), client -> client.agentClient().isRegistered(id()));
        }

        @Override
        public void withdraw() throws IOException {
            connection.ask("withdraw " + id(), client -> {
                client.agentClient().deregister(id());
                return true;
            });
        }

        @Override
        public Duration interval() {
            return announcement.check() instanceof Registrar.Check.TimeToLive limited
                    ? limited.time().dividedBy(RENEWALS)
                    : LOOK;
        }
    }
}
