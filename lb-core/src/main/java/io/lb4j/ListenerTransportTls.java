package io.lb4j;

import io.lb4j.internal.tls.ClientCertificates.Demand;
import io.lb4j.internal.tls.ServerTls;
import io.lb4j.model.ClientAuth;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.TicketKey;
import io.lb4j.spi.TransportTls;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener's TLS as its further transports see it: the same object, whatever becomes of the listener's configuration. Thread-safe. */
final class ListenerTransportTls implements TransportTls {
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private volatile ServerTls current;

    ListenerTransportTls(ServerTls first) {
        current = first;
        first.follow(this::tell);
    }

    /** Goes by another configuration from now on. */
    void use(ServerTls next) {
        if (next != current) {
            current = next;
            next.follow(this::tell);
            tell();
        }
    }

    private void tell() {
        followers.forEach(Runnable::run);
    }

    @Override
    public Optional<Certificate> certificate(String serverName) {
        return current.certificateFor(serverName);
    }

    @Override
    public List<Certificate> certificates() {
        return current.allCertificates();
    }

    @Override
    public ClientAuth clientAuth() {
        Demand demand = current.clients().demand();
        return switch (demand) {
            case OFF -> ClientAuth.NONE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRED;
        };
    }

    @Override
    public List<X509Certificate> clientAuthorities() {
        return current.clients().trust().authorities();
    }

    @Override
    public List<TicketKey> ticketKeys() {
        return current.ticketKeys();
    }

    @Override
    public boolean isAuthoritative(String serverName, Certificate shown, String host) {
        return serverName.isEmpty() || serverName.equals(host) || current.wouldShow(host, shown);
    }

    @Override
    public Runnable follow(Runnable onChange) {
        followers.add(onChange);
        return () -> followers.remove(onChange);
    }
}
