package io.lb4j;

import io.lb4j.internal.tls.ServerTls;
import io.lb4j.internal.tls.TicketKeys;
import io.lb4j.model.Listener;
import io.lb4j.model.ListenerTls;
import io.lb4j.spi.CertificateSource;
import java.util.ArrayList;
import java.util.List;

/** A listener's TLS with the sources of its certificates. Thread-safe; closed once. */
final class SecuredListener implements AutoCloseable {
    private final CertificateSources registry;
    private final List<CertificateSource> own; // made of the configuration
    private final List<CertificateSource> given; // made by the program
    private final ServerTls tls;

    /**
     * Makes the contexts, and begins to follow the sources.
     *
     * @throws RuntimeException if files cannot be read, or are not what they should be
     */
    SecuredListener(Listener listener, ListenerTls asked, TicketKeys ticketKeys, CertificateSources registry) {
        this.registry = registry;
        this.given = ListenerMapping.givenSources(asked);
        this.own = ListenerMapping.ownSources(asked);
        List<CertificateSource> all = new ArrayList<>(given);
        all.addAll(own);
        try {
            tls = ServerTls.create(ListenerMapping.tlsSettings(listener, asked), all, ticketKeys);
        } catch (RuntimeException e) {
            own.forEach(CertificateSource::close);
            throw e;
        }
        registry.attach(all, tls);
    }

    ServerTls tls() {
        return tls;
    }

    @Override
    public void close() {
        tls.close();
        registry.detach(given, tls, false);
        registry.detach(own, tls, true);
    }
}
