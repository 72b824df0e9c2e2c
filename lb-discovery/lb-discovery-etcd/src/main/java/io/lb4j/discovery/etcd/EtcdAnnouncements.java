package io.lb4j.discovery.etcd;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.PutOption;
import io.lb4j.discovery.EndpointJson;
import io.lb4j.discovery.KeptRegistrar;
import io.lb4j.discovery.StoreRules;
import io.lb4j.spi.Registrar;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Instances that are announced under leased keys: {@code <prefix><service>/<instance>}. Thread-safe. */
final class EtcdAnnouncements implements KeptRegistrar.Registry {
    private static final Duration DEFAULT_TERM = Duration.ofSeconds(30);
    private static final long SHORTEST_TERM =
            2; // below, the time of an election of etcd's own leader would be too long
    private static final int RENEWALS = 3; // in a term

    private final EtcdConnection connection;
    private final EtcdLeases leases;
    private final String prefix;

    EtcdAnnouncements(EtcdConnection connection, String prefix) {
        this.connection = connection;
        this.leases = new EtcdLeases(connection);
        this.prefix = prefix;
    }

    @Override
    public KeptRegistrar.Entry entry(Registrar.Announcement announcement) {
        return new Leased(announcement);
    }

    @Override
    public void close() {
        connection.close();
    }

    @Override
    public String toString() {
        return connection.toString();
    }

    private final class Leased implements KeptRegistrar.Entry {
        private final String key;
        private final String value;
        private final long termSeconds;
        private long lease; // used by one thread at a time

        Leased(Registrar.Announcement announcement) {
            key = prefix + announcement.service() + "/" + announcement.instance();
            value = EndpointJson.write(announcement.endpoint());
            // etcd asks nobody whether he is well: those of checks by requests and connections run out likewise.
            Duration term =
                    announcement.check() instanceof Registrar.Check.TimeToLive limited ? limited.time() : DEFAULT_TERM;
            termSeconds = StoreRules.seconds(term, SHORTEST_TERM);
        }

        @Override
        public void announce() throws IOException {
            long granted = leases.grant(termSeconds);
            PutOption leased = PutOption.builder().withLeaseId(granted).build();
            connection.ask(
                    "write " + key,
                    client -> client.getKVClient().put(EtcdConnection.bytes(key), EtcdConnection.bytes(value), leased));
            lease = granted;
        }

        @Override
        public boolean renew() throws IOException {
            if (!leases.renew(lease)) {
                return false;
            }
            // Somebody may have removed the key, whose lease goes on.
            List<KeyValue> found = connection
                    .ask("read " + key, client -> client.getKVClient().get(EtcdConnection.bytes(key)))
                    .getKvs();
            return !found.isEmpty() && found.get(0).getLease() == lease;
        }

        @Override
        public void withdraw() throws IOException {
            leases.revoke(lease);
        }

        @Override
        public Duration interval() {
            return Duration.ofSeconds(termSeconds).dividedBy(RENEWALS);
        }
    }
}
