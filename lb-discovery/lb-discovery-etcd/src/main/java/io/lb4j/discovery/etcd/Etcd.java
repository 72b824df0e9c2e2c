package io.lb4j.discovery.etcd;

import io.lb4j.config.Draft;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.discovery.KeptRegistrar;
import io.lb4j.discovery.RegistrySettings;
import io.lb4j.discovery.RegistryTls;
import io.lb4j.model.KeyPair;
import io.lb4j.spi.Registrar;
import io.lb4j.spi.SharedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An etcd v3, and what it is good for: endpoints, announcing this process, a store that a fleet has in common, with locks.
 *
 * <pre>{@code
 * Etcd etcd = Etcd.at("http://10.0.0.1:2379", "http://10.0.0.2:2379").user("lb", password);
 * builder.cluster("api", cluster -> cluster.discovery(etcd.service("api")));
 * lb.register(etcd.registrar(), Announcement.of("edge", "10.0.0.9", 8080));
 * }</pre>
 *
 * <p>Whatever is made of equal settings shares one connection, which is open as long as somebody uses it. Immutable: each setter returns a
 * changed copy.
 */
public final class Etcd extends RegistrySettings<Etcd> {
    private Etcd(Settings settings) {
        super(settings);
    }

    /**
     * Names the members of a cluster; any that answers will do. Defaults: no user, no TLS but for {@code https}, 5 seconds for a question.
     *
     * @param servers {@code http://host:port}, or all of them {@code https}
     */
    public static Etcd at(String... servers) {
        Draft draft = new Draft(EtcdOptions.CONNECTION);
        draft.set(EtcdOptions.SERVERS, List.of(servers), Origin.setter("at", RegistrySettings.class::isAssignableFrom));
        return new Etcd(complete(draft));
    }

    @Override
    protected Etcd with(Settings changed) {
        return new Etcd(changed);
    }

    /** Logs in. Default: nobody does, which is right where authentication is off. */
    public Etcd user(String name, String password) {
        Draft draft = Draft.of(settings());
        Origin origin = Origin.setter("user", RegistrySettings.class::isAssignableFrom);
        draft.set(EtcdOptions.USER, name, origin);
        draft.set(EtcdOptions.PASSWORD, password, origin);
        return new Etcd(complete(draft));
    }

    /** Trusts those who sign the servers' certificates. Default: whom the Java runtime trusts. */
    public Etcd trust(Path authorities) {
        return setTls(RegistryTls.TRUST, authorities, "trust");
    }

    /** Shows a certificate. Default: none. */
    public Etcd clientCertificate(Path chain, Path key) {
        Draft pair = new Draft(KeyPair.SECTION);
        Origin origin = Origin.setter("clientCertificate", RegistrySettings.class::isAssignableFrom);
        pair.set(KeyPair.CHAIN, chain, origin);
        pair.set(KeyPair.KEY, key, origin);
        return setTls(RegistryTls.CLIENT_CERTIFICATE, complete(pair), "clientCertificate");
    }

    private <T> Etcd setTls(Option<T> option, T value, String setter) {
        Draft draft = Draft.of(settings());
        Origin origin = Origin.setter(setter, RegistrySettings.class::isAssignableFrom);
        draft.section(EtcdOptions.TLS, origin).set(option, value, origin);
        return new Etcd(complete(draft));
    }

    /** Sets how long a question may take. Default: 5 seconds. */
    public Etcd timeout(Duration time) {
        return set(EtcdOptions.TIMEOUT, time, "timeout");
    }

    /** Returns the endpoints under {@code /services/<name>/}: for {@code cluster.discovery(…)}. */
    public Part service(String name) {
        return service(name, EtcdOptions.SERVICES);
    }

    /**
     * Returns the endpoints under {@code <prefix><name>/}, whatever their keys are called below; values are as
     * {@link io.lb4j.discovery.EndpointJson} has them.
     */
    public Part service(String name, String prefix) {
        Draft draft = draft(EtcdOptions.DISCOVERY, settings());
        Origin origin = Origin.setter("service", RegistrySettings.class::isAssignableFrom);
        draft.set(EtcdOptions.SERVICE, name, origin);
        draft.set(EtcdOptions.PREFIX, prefix, origin);
        return Part.of(new EtcdDiscoveryFactory(), complete(draft));
    }

    /** Returns a registrar that announces under {@code /services/}. */
    public Registrar registrar() {
        return registrar(EtcdOptions.SERVICES);
    }

    /** Returns a registrar that announces under {@code <prefix><service>/<instance>}, with leases. */
    public Registrar registrar(String prefix) {
        return new KeptRegistrar(new EtcdAnnouncements(EtcdConnection.open(settings()), prefix));
    }

    /** Returns a shared store under {@code /lb4j/}. */
    public SharedStore store() {
        return store(EtcdOptions.STORE_KEYS);
    }

    /** Returns a shared store of keys with a prefix, for whoever else uses it with the same. */
    public SharedStore store(String prefix) {
        return new EtcdStore(EtcdConnection.open(settings()), prefix);
    }

    /** Returns the section of a discovery's settings, as a configuration file has them. */
    public static Section discoverySection() {
        return EtcdOptions.DISCOVERY;
    }
}
