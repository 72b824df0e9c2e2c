package io.lb4j.testkit.tls;

import java.util.List;
import javax.net.ssl.SSLParameters;

/** What one end offers in its handshake; an empty list of versions leaves them to the JDK. */
record Offer(List<String> applicationProtocols, List<String> versions) {
    static final Offer NOTHING = new Offer(List.of(), List.of());

    Offer {
        applicationProtocols = List.copyOf(applicationProtocols);
        versions = List.copyOf(versions);
    }

    Offer alpn(String... names) {
        return new Offer(List.of(names), versions);
    }

    Offer versions(String... names) {
        return new Offer(applicationProtocols, List.of(names));
    }

    void applyTo(SSLParameters parameters) {
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        if (!versions.isEmpty()) {
            parameters.setProtocols(versions.toArray(String[]::new));
        }
    }
}
