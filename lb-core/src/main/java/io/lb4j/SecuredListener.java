package io.lb4j;

import io.lb4j.internal.tls.ServerCertificates;
import io.lb4j.internal.tls.ServerTls;
import io.lb4j.model.Listener;
import io.lb4j.model.ListenerTls;
import io.lb4j.spi.CertificateSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A listener's TLS with the sources of its certificates. Thread-safe; closed once. */
final class SecuredListener implements AutoCloseable {
    private final CertificateSources registry;
    private final List<CertificateSource> own; // made of the configuration
    private final List<CertificateSource> given; // made by the program, or shared by all listeners
    private final Duration handshakeTimeout;
    private final ServerTls tls;

    /**
     * Starts the sources, makes the contexts, and begins to follow the sources.
     *
     * @throws RuntimeException if files cannot be read, or are not what they should be; nothing is left in use
     */
    SecuredListener(Listener listener, ListenerTls asked, ServingListener.Base base) {
        registry = base.sources();
        handshakeTimeout = asked.handshakeTimeout();
        given = new ArrayList<>(ListenerMapping.givenSources(asked));
        given.add(base.acme());
        List<CertificateSource> files = ListenerMapping.fileSources(asked);
        List<CertificateSource> lastResort = ListenerMapping.selfSignedSources(asked);
        own = new ArrayList<>(files);
        own.addAll(lastResort);
        List<CertificateSource> sources = new ArrayList<>(given.subList(0, given.size() - 1));
        sources.addAll(files);
        sources.add(base.acme());
        tls = create(listener, asked, base, new ServerCertificates(sources, lastResort, Optional.of(base.acme())));
    }

    private ServerTls create(
            Listener listener, ListenerTls asked, ServingListener.Base base, ServerCertificates certificates) {
        List<CertificateSource> all = new ArrayList<>(given);
        all.addAll(own);
        registry.acquire(all);
        ServerTls made = null;
        try {
            made = ServerTls.create(
                    ListenerMapping.tlsSettings(listener, asked, base.engine()), certificates, base.ticketKeys());
            registry.follow(all, made);
            return made;
        } catch (RuntimeException e) {
            if (made != null) {
                made.close();
            }
            registry.release(given, made, false);
            registry.release(own, made, true);
            throw e;
        }
    }

    /** Returns how long a client may take for its handshake. */
    Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    ServerTls tls() {
        return tls;
    }

    @Override
    public void close() {
        tls.close();
        registry.release(given, tls, false);
        registry.release(own, tls, true);
    }
}
