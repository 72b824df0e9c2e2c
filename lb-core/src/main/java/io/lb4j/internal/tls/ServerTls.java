package io.lb4j.internal.tls;

import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.TicketKey;
import io.netty.channel.ChannelHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

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
    private final TicketKeys ticketKeys;
    private final Optional<AcmeHandshakes> challenges;
    private final List<String> applicationProtocols;
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private final Runnable onRotation = this::tellFollowers;

    private ServerTls(
            ServerTlsSettings settings, ServerCertificates from, ServerContexts contexts, TicketKeys ticketKeys) {
        this.settings = settings;
        this.contexts = contexts;
        this.ticketKeys = ticketKeys;
        certificates = new CertificateTable(from, settings);
        challenges = from.challenges().map(responder -> new AcmeHandshakes(settings, responder));
        applicationProtocols = Alpn.names(settings.versions());
        ticketKeys.addUser(onRotation);
    }

    /**
     * Makes the contexts for what the sources have at hand.
     *
     * @throws IllegalStateException if the settings insist on an engine that is not there
     * @throws IllegalArgumentException if the engine does not take the settings, or one of the certificates
     */
    public static ServerTls create(ServerTlsSettings settings, ServerCertificates from, TicketKeys ticketKeys) {
        ServerContextRecipe recipe = ServerContextRecipe.of(settings);
        ServerContexts contexts = settings.parameters().chosenEngine() == TlsEngine.NATIVE
                ? new NativeContexts(recipe, ticketKeys)
                : new JdkContexts(recipe);
        ServerTls tls = new ServerTls(settings, from, contexts, ticketKeys);
        try {
            tls.onChange();
        } catch (RuntimeException e) {
            tls.close();
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
        try {
            contexts.prepare(certificates.all());
        } finally {
            tellFollowers();
        }
    }

    /** Hears, on any thread, that certificates or ticket keys may have changed. */
    public void follow(Runnable follower) {
        followers.add(follower);
    }

    private void tellFollowers() {
        followers.forEach(Runnable::run);
    }

    /** Returns the keys that seal session tickets, the one in use first; none if clients are given no tickets. */
    public List<TicketKey> ticketKeys() {
        if (!settings.handshake().sessionTickets()) {
            return List.of();
        }
        return ticketKeys.forDomain(ServerContextRecipe.of(settings).resumptionDomain());
    }

    /** Returns what is asked of clients. */
    public ClientCertificates clients() {
        return settings.clients();
    }

    /** Returns every certificate at hand. */
    public List<Certificate> allCertificates() {
        return List.copyOf(certificates.all());
    }

    /** Returns the certificate that a client of which nothing else is known is shown; empty for a name that is refused. */
    public Optional<Certificate> certificateFor(String serverName) {
        return atHand(serverName, SignatureSupport.ANY).or(() -> forUnknownName(SignatureSupport.ANY));
    }

    private Optional<Certificate> atHand(String serverName, SignatureSupport client) {
        return certificates.cached(serverName, client).or(() -> certificates.lastResort(serverName, client));
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
        ticketKeys.removeUser(onRotation);
        followers.clear();
        contexts.close();
    }

    /** Returns what answers handshakes by which an authority validates a name. */
    Optional<AcmeHandshakes> challenges() {
        return challenges;
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
    Optional<Certificate> forUnknownName(SignatureSupport client) {
        return settings.handshake().unknownNames() == HandshakePolicy.UnknownNames.REFUSE
                ? Optional.empty()
                : certificates.fallback(client);
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
    public boolean wouldShow(String host, Certificate shown) {
        Optional<Certificate> chosen = certificateFor(host);
        return chosen.isPresent()
                && (chosen.get() == shown || chosen.get().names().equals(shown.names()));
    }
}
