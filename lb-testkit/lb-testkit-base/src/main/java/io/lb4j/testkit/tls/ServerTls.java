package io.lb4j.testkit.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * How a scripted server does TLS, with the JDK's own engine. Immutable: each setter returns a changed copy.
 *
 * <p>Defaults: no ALPN, no client certificate asked for, the JDK's protocol versions.
 */
public final class ServerTls {
    private final SSLContext context;
    private final TestCertificate identity;
    private final boolean needsClient;
    private final Offer offer;

    private ServerTls(SSLContext context, TestCertificate identity, boolean needsClient, Offer offer) {
        this.context = context;
        this.identity = identity;
        this.needsClient = needsClient;
        this.offer = offer;
    }

    /**
     * Serves with this certificate.
     *
     * @param identity key and chain
     * @return settings with defaults
     */
    public static ServerTls with(TestCertificate identity) {
        SSLContext context = Engines.context(Optional.of(identity), List.of(new TrustEverything()));
        return new ServerTls(context, identity, false, Offer.NOTHING);
    }

    /**
     * Default: no ALPN. The protocols to choose from, most wanted first; a client that offers none of them fails its
     * handshake (RFC 7301 §3.2).
     *
     * @param names as registered with IANA: {@code h2}, {@code http/1.1}
     * @return a changed copy
     */
    public ServerTls alpn(String... names) {
        return new ServerTls(context, identity, needsClient, offer.alpn(names));
    }

    /**
     * Default: those of the JDK. The versions to accept.
     *
     * @param versions as the JDK names them: {@code TLSv1.2}, {@code TLSv1.3}
     * @return a changed copy
     */
    public ServerTls protocols(String... versions) {
        return new ServerTls(context, identity, needsClient, offer.versions(versions));
    }

    /**
     * Default: no client certificate. Asks for one, and fails the handshake unless this authority issued it.
     *
     * @param authority the only authority trusted
     * @return a changed copy
     */
    public ServerTls requireClient(TestCertificates authority) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authority.trustStore());
            SSLContext checking = Engines.context(Optional.of(identity), List.of(factory.getTrustManagers()));
            return new ServerTls(checking, identity, true, offer);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no trust manager", e);
        }
    }

    /**
     * Does the handshake, as the server, over an accepted socket.
     *
     * @param accepted the plain socket, closed together with the returned one
     * @return after the handshake
     * @throws IOException if the handshake fails
     */
    public SSLSocket secure(Socket accepted) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(accepted, accepted.getInetAddress().getHostAddress(), accepted.getPort(), true);
        socket.setUseClientMode(false);
        SSLParameters parameters = socket.getSSLParameters();
        offer.applyTo(parameters);
        parameters.setNeedClientAuth(needsClient);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
