package io.lb4j.discovery.consul;

import io.lb4j.config.Draft;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import io.lb4j.discovery.KeptRegistrar;
import io.lb4j.discovery.RegistrySettings;
import io.lb4j.discovery.RegistryTls;
import io.lb4j.model.Configuration;
import io.lb4j.model.KeyPair;
import io.lb4j.spi.ConfigSource;
import io.lb4j.spi.Registrar;
import io.lb4j.spi.SharedStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A Consul, and what it is good for: endpoints, announcing this process, configurations, a store that a fleet has in common, with locks.
 *
 * <pre>{@code
 * Consul consul = Consul.at("http://127.0.0.1:8500").token(token);
 * builder.cluster("api", cluster -> cluster.discovery(consul.service("api", query -> query.tag("blue"))));
 * lb.register(consul.registrar(), Announcement.of("edge", "10.0.0.9", 8080));
 * }</pre>
 *
 * <p>Immutable: each setter returns a changed copy.
 */
public final class Consul extends RegistrySettings<Consul> {
    private Consul(Settings settings) {
        super(settings);
    }

    /** Names an agent, or a server. Defaults: no token, 5 seconds for a question, 4 for one that waits for a change. */
    public static Consul at(String url) {
        Draft draft = new Draft(ConsulOptions.CONNECTION);
        draft.setText(ConsulOptions.URL, url, Origin.setter("at", RegistrySettings.class::isAssignableFrom));
        return new Consul(complete(draft));
    }

    @Override
    protected Consul with(Settings changed) {
        return new Consul(changed);
    }

    /** Returns the agent's address. */
    public URI url() {
        return settings().value(ConsulOptions.URL);
    }

    /** Shows an ACL token. Default: none, so that the agent's default token counts. */
    public Consul token(String token) {
        return set(ConsulOptions.TOKEN, token, "token");
    }

    /** Trusts those who sign the agent's certificate. Default: whom the Java runtime trusts. */
    public Consul trust(Path authorities) {
        return setTls(RegistryTls.TRUST, authorities, "trust");
    }

    /** Shows a certificate. Default: none. */
    public Consul clientCertificate(Path chain, Path key) {
        Draft pair = new Draft(KeyPair.SECTION);
        Origin origin = Origin.setter("clientCertificate", RegistrySettings.class::isAssignableFrom);
        pair.set(KeyPair.CHAIN, chain, origin);
        pair.set(KeyPair.KEY, key, origin);
        return setTls(RegistryTls.CLIENT_CERTIFICATE, complete(pair), "clientCertificate");
    }

    private <T> Consul setTls(Option<T> option, T value, String setter) {
        Draft draft = Draft.of(settings());
        Origin origin = Origin.setter(setter, RegistrySettings.class::isAssignableFrom);
        draft.section(ConsulOptions.TLS, origin).set(option, value, origin);
        return new Consul(complete(draft));
    }

    /** Sets how long a question may take that does not wait for a change. Default: 5 seconds. */
    public Consul timeout(Duration time) {
        return set(ConsulOptions.TIMEOUT, time, "timeout");
    }

    /**
     * Sets how long a question waits for a change. An agent that hangs, and a connection that is gone without a word, are found out up to
     * {@link #timeout} after it. Longer waits spare an agent that has thousands of such questions. Default: 4 seconds.
     */
    public Consul wait(Duration time) {
        return set(ConsulOptions.WAIT, time, "wait");
    }

    /** Sets how many octets an answer may have, once it is unpacked. Default: 64 MiB. */
    public Consul maxSize(long octets) {
        return set(ConsulOptions.MAX_SIZE, octets, "maxSize");
    }

    /** Returns the instances of a service whose checks all pass: for {@code cluster.discovery(…)}. */
    public Part service(String name) {
        return service(name, UnaryOperator.identity());
    }

    /** Returns those instances of a service that a query asks for. */
    public Part service(String name, UnaryOperator<ConsulQuery> query) {
        Draft draft = draft(ConsulOptions.DISCOVERY, settings());
        draft.set(ConsulOptions.SERVICE, name, Origin.setter("service", RegistrySettings.class::isAssignableFrom));
        return Part.of(
                new ConsulDiscoveryFactory(),
                query.apply(new ConsulQuery(complete(draft))).settings());
    }

    /**
     * Returns a registrar that announces at the agent, with a check as announced. An instance whose check has been critical for a while is
     * taken away by the agent: after ten times the check's time, and a minute at least.
     */
    public Registrar registrar() {
        return new KeptRegistrar(new ConsulAnnouncements(ConsulConnection.open(settings())));
    }

    /**
     * Returns the configurations that a key holds, one after the other.
     *
     * @param parser of a value; what it throws leaves in force what is
     */
    public ConfigSource configuration(String key, Function<byte[], Configuration> parser) {
        return new ConsulConfigSource(ConsulConnection.open(settings()), key, parser);
    }

    /** Returns a shared store under {@code lb4j/}. */
    public SharedStore store() {
        return store(ConsulOptions.STORE_KEYS);
    }

    /**
     * Returns a shared store of keys with a prefix, for whoever else uses it with the same. Consul's sessions live twice the time they ask
     * for, 10 seconds at least: a lease shorter than 20 seconds lasts 20. A value that is written under a lock, or in place of a leased one,
     * has at most 250 KiB.
     */
    public SharedStore store(String prefix) {
        return new ConsulStoreFactory().create(storeSettings(prefix, ConsulOptions.SESSION));
    }

    /** Returns the settings of a store, as a configuration file has them. */
    Settings storeSettings(String prefix, Duration shortestSession) {
        Draft draft = draft(ConsulOptions.STORE, settings());
        Origin origin = Origin.setter("store", RegistrySettings.class::isAssignableFrom);
        draft.set(ConsulOptions.PREFIX, prefix, origin);
        draft.set(ConsulOptions.SHORTEST_SESSION, shortestSession, origin);
        return complete(draft);
    }
}
