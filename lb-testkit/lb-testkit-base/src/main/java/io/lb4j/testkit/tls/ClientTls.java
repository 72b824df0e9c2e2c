package io.lb4j.testkit.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * How a test client does TLS, with the JDK's own engine. Immutable: each setter returns a changed copy.
 *
 * <p>Defaults: no SNI, no ALPN, no client certificate, the JDK's protocol versions.
 */
public final class ClientTls {
    private final Trust trust;
    private final Optional<TestCertificate> identity;
    private final Optional<String> serverName;
    private final Offer offer;

    private ClientTls(Trust trust, Optional<TestCertificate> identity, Optional<String> serverName, Offer offer) {
        this.trust = trust;
        this.identity = identity;
        this.serverName = serverName;
        this.offer = offer;
    }

    /**
     * Accepts any certificate for any name.
     *
     * @return settings with defaults
     */
    public static ClientTls trustAll() {
        return new ClientTls(
                new Trust(List.of(new TrustEverything()), false), Optional.empty(), Optional.empty(), Offer.NOTHING);
    }

    /**
     * Accepts what this authority issued for the name that {@link #serverName} sets; without a name the chain alone is
     * checked.
     *
     * @param authority the only authority trusted
     * @return settings with defaults
     */
    public static ClientTls trusting(TestCertificates authority) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authority.trustStore());
            Trust trust = new Trust(List.of(factory.getTrustManagers()), true);
            return new ClientTls(trust, Optional.empty(), Optional.empty(), Offer.NOTHING);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no trust manager", e);
        }
    }

    /**
     * Default: none sent. The name for SNI.
     *
     * @param name a host name
     * @return a changed copy
     */
    public ClientTls serverName(String name) {
        return new ClientTls(trust, identity, Optional.of(name), offer);
    }

    /**
     * Default: no ALPN extension. The protocols to offer, most wanted first.
     *
     * @param names as registered with IANA: {@code h2}, {@code http/1.1}
     * @return a changed copy
     */
    public ClientTls alpn(String... names) {
        return new ClientTls(trust, identity, serverName, offer.alpn(names));
    }

    /**
     * Default: those of the JDK. The versions to offer.
     *
     * @param versions as the JDK names them: {@code TLSv1.2}, {@code TLSv1.3}
     * @return a changed copy
     */
    public ClientTls protocols(String... versions) {
        return new ClientTls(trust, identity, serverName, offer.versions(versions));
    }

    /**
     * Default: none. The certificate to show when the server asks for one.
     *
     * @param certificate key and chain
     * @return a changed copy
     */
    public ClientTls identity(TestCertificate certificate) {
        return new ClientTls(trust, Optional.of(certificate), serverName, offer);
    }

    /**
     * Does the handshake over a connected socket.
     *
     * @param connected the plain socket, closed together with the returned one
     * @return after the handshake
     * @throws IOException if the handshake fails
     */
    public SSLSocket secure(Socket connected) throws IOException {
        SSLContext context = Engines.context(identity, trust.managers);
        String host = serverName.orElse(connected.getInetAddress().getHostAddress());
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(connected, host, connected.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName
                .<List<SNIServerName>>map(name -> List.of(new SNIHostName(name)))
                .orElse(List.of()));
        offer.applyTo(parameters);
        if (trust.verifiesHost && serverName.isPresent()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /**
     * A context with the same trust and identity, for clients other than the kit's (the JDK's HttpClient, say).
     *
     * @return a new context
     */
    public SSLContext context() {
        return Engines.context(identity, trust.managers);
    }

    private record Trust(List<TrustManager> managers, boolean verifiesHost) {}
}
