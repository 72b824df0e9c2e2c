package io.lb4j.internal.accept;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.Version;
import io.lb4j.internal.codec.ServerConnection;
import io.lb4j.internal.tls.TlsSession;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection from acceptance to its end: what is known of it, and a link in the book of its event loop. Confined to that
 * loop, but for what {@link ConnectionInfo} promises: that is settled before the first exchange begins.
 */
final class AcceptedConnection implements ConnectionInfo {
    private static final AtomicLong LAST_ID = new AtomicLong();

    private final long id = newId();
    private final String listener;
    private final Channel channel;
    private InetSocketAddress remoteAddress;
    private SocketAddress localAddress;
    private @Nullable ClientPrefix countedAs;
    private Version version = Version.HTTP_1_1;
    private @Nullable TlsSession tls;
    private @Nullable ServerConnection codec;

    // The book of the loop is a list through these two.
    @Nullable AcceptedConnection next;

    @Nullable AcceptedConnection previous;

    AcceptedConnection(
            String listener, Channel channel, InetSocketAddress remoteAddress, @Nullable ClientPrefix countedAs) {
        this.listener = listener;
        this.channel = channel;
        this.remoteAddress = remoteAddress;
        this.countedAs = countedAs;
        localAddress = channel.localAddress();
    }

    /** Returns a number for a connection, unique in this process. */
    static long newId() {
        return LAST_ID.incrementAndGet();
    }

    Channel channel() {
        return channel;
    }

    /** Returns the client that the connection was counted for; null if clients were not counted. */
    @Nullable ClientPrefix countedAs() {
        return countedAs;
    }

    /** Returns the address at the other end: the client's, until a proxy has named another. */
    InetSocketAddress peer() {
        return remoteAddress;
    }

    /** Returns the address that the client connected to. */
    InetSocketAddress target() {
        return (InetSocketAddress) localAddress;
    }

    /** A trusted proxy has named the client, and where it connected to. */
    void onProxied(InetSocketAddress client, InetSocketAddress target, @Nullable ClientPrefix counted) {
        remoteAddress = client;
        localAddress = target;
        countedAs = counted;
    }

    void onSecured(TlsSession session) {
        tls = session;
    }

    void onVersion(Version spoken) {
        version = spoken;
    }

    /** Hands the connection to its codec. */
    void onCodec(ServerConnection made) {
        codec = made;
    }

    /** Lets exchanges under way end, then closes; a connection that has no codec yet has none under way. */
    void drain() {
        if (codec == null) {
            channel.close();
            return;
        }
        codec.drain();
    }

    void close() {
        if (codec == null) {
            channel.close();
            return;
        }
        codec.close();
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String listener() {
        return listener;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public Version version() {
        return version;
    }

    @Override
    public Optional<TlsInfo> tls() {
        return Optional.ofNullable(tls).map(TlsSession::info);
    }

    @Override
    public boolean isAuthoritativeFor(String host) {
        TlsSession session = tls;
        return session == null || session.isAuthoritativeFor(host);
    }
}
