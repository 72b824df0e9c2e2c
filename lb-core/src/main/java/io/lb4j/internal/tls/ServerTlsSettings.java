package io.lb4j.internal.tls;

import io.lb4j.http.Version;
import java.util.Set;

/**
 * How a listener speaks TLS.
 *
 * @param parameters engine, versions, cipher suites
 * @param versions the protocols offered by ALPN: {@link Version#HTTP_2} (most wanted), {@link Version#HTTP_1_1}
 * @param clients what is asked of clients
 * @param handshake limits, and what is done about unknown names
 */
public record ServerTlsSettings(
        TlsParameters parameters, Set<Version> versions, ClientCertificates clients, HandshakePolicy handshake) {
    /** Copies what it is given. */
    public ServerTlsSettings {
        versions = Set.copyOf(versions);
    }

    /** Returns the defaults of each part; HTTP/2 and HTTP/1.1; clients are asked for nothing. */
    public static ServerTlsSettings defaults() {
        return new ServerTlsSettings(
                TlsParameters.defaults(),
                Set.of(Version.HTTP_2, Version.HTTP_1_1),
                ClientCertificates.off(),
                HandshakePolicy.defaults());
    }

    /** Returns the same settings with other parameters. */
    public ServerTlsSettings withParameters(TlsParameters changed) {
        return new ServerTlsSettings(changed, versions, clients, handshake);
    }

    /** Returns the same settings with other demands on clients. */
    public ServerTlsSettings withClients(ClientCertificates changed) {
        return new ServerTlsSettings(parameters, versions, changed, handshake);
    }

    /** Returns the same settings with other limits. */
    public ServerTlsSettings withHandshake(HandshakePolicy changed) {
        return new ServerTlsSettings(parameters, versions, clients, changed);
    }
}
