package io.lb4j.internal.tls;

import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.netty.channel.ChannelHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * TLS on a listener: which certificate a client is shown, and the contexts that this takes. Thread-safe.
 *
 * <p>It neither starts nor stops the sources, which several listeners may share; whoever does tells it of changes. A change makes
 * contexts for certificates that are new, and drops those of certificates that have gone; connections keep the context they began
 * with.
 */
public final class ServerTls implements CertificateSource.Listener, AutoCloseable {
    private final ServerTlsSettings settings;
    private final CertificateTable certificates;
    private final ServerContexts contexts;
    private final List<String> applicationProtocols;

    private ServerTls(ServerTlsSettings settings, CertificateTable certificates, ServerContexts contexts) {
        this.settings = settings;
        this.certificates = certificates;
        this.contexts = contexts;
        applicationProtocols = Alpn.names(settings.versions());
    }

    /**
     * Makes the contexts for what the sources have at hand.
     *
     * @param sources asked in this order; already started
     * @throws IllegalStateException if the settings insist on an engine that is not there
     * @throws IllegalArgumentException if the engine does not take the settings, or one of the certificates
     */
    public static ServerTls create(ServerTlsSettings settings, List<CertificateSource> sources, TicketKeys ticketKeys) {
        ServerContextRecipe recipe = new ServerContextRecipe(settings);
        ServerContexts contexts = settings.parameters().chosenEngine() == TlsEngine.NATIVE
                ? new NativeContexts(recipe, ticketKeys)
                : new JdkContexts(recipe);
        ServerTls tls = new ServerTls(settings, new CertificateTable(sources), contexts);
        try {
            tls.onChange();
        } catch (RuntimeException e) {
            contexts.close();
            throw e;
        }
        return tls;
    }

    /** Returns the protocols offered by ALPN. */
    public Set<Version> versions() {
        return settings.versions();
    }

    /**
     * Looks at the sources again. Takes a millisecond or so for each new certificate: not for event loops.
     *
     * @throws IllegalArgumentException if the engine does not take a certificate; the others are served all the same
     */
    @Override
    public void onChange() {
        contexts.prepare(certificates.all());
    }

    /**
     * Makes the handler that does a connection's handshake. It goes first in the pipeline of a channel that is active; it puts the TLS
     * handler in its place and is gone when the listener is told.
     */
    public ChannelHandler handler(LoopContext loop, HandshakeListener listener) {
        return new ServerHandshake(this, loop, listener);
    }

    /** Gives back the contexts. Connections go on. */
    @Override
    public void close() {
        contexts.close();
    }

    HandshakePolicy policy() {
        return settings.handshake();
    }

    CertificateTable certificates() {
        return certificates;
    }

    ServerContexts contexts() {
        return contexts;
    }

    /** Returns the certificate when none is for the name asked for; empty if such clients are refused. */
    Optional<Certificate> forUnknownName() {
        return settings.handshake().unknownNames() == HandshakePolicy.UnknownNames.REFUSE
                ? Optional.empty()
                : certificates.fallback();
    }

    /** RFC 7301 §3.2: a client that offers protocols, none of which is served, is refused. */
    boolean servesOneOf(List<String> offered) {
        boolean servesHttp1 = settings.versions().contains(Version.HTTP_1_1);
        return offered.isEmpty()
                || offered.stream()
                        .anyMatch(name ->
                                applicationProtocols.contains(name) || (servesHttp1 && name.equals(Alpn.HTTP_1_0)));
    }

    /** Returns whether a client that asks for this host would be shown this certificate, or one for the same names. */
    boolean wouldShow(String host, Certificate shown) {
        Optional<Certificate> chosen = certificates.cached(host).or(this::forUnknownName);
        return chosen.isPresent()
                && (chosen.get() == shown || chosen.get().names().equals(shown.names()));
    }
}
