package io.lb4j.internal.proxy;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.snapshot.AltSvc;
import io.lb4j.internal.snapshot.ListenerEntry;
import io.lb4j.internal.snapshot.Snapshot;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.internal.upstream.LoopPools;
import io.lb4j.spi.RequestReceiver;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Leads the exchanges of one connection. It names the stages in their order; the work is theirs, and the state of each exchange is a
 * {@link ProxyExchange}'s. Confined to the connection's event loop.
 */
public final class Conductor implements RequestReceiver {
    private final LoopRuntime runtime;
    private final ConnectionInfo connection;
    private final Forwarding forwarding;
    private final AltSvc altSvc;
    private @Nullable ClientPools clientPools; // where a cluster is told who its clients are
    private @Nullable String judgedAuthority;
    private boolean mayServe;

    /**
     * Creates the conductor of a connection.
     *
     * @param altSvc what its answers say of the listener's further transports
     */
    public Conductor(LoopRuntime runtime, ConnectionInfo connection, AltSvc altSvc) {
        this.altSvc = altSvc;
        this.runtime = runtime;
        this.connection = connection;
        this.forwarding = new Forwarding(connection);
    }

    @Override
    public StreamListener onRequest(ServerStream stream, RequestHead head, boolean end) {
        ProxyExchange exchange = new ProxyExchange(this, stream, head, end);
        exchange.begin();
        return exchange;
    }

    @Override
    public void onRefusal(ServerStream stream, RequestHead head, ProxyException refusal) {
        ProxyExchange exchange = new ProxyExchange(this, stream, head, true);
        exchange.refuse(refusal);
    }

    @Override
    public void onConnectionEnded() {
        if (clientPools != null) {
            clientPools.pools().retireAll();
        }
    }

    /** Returns whether a request for this authority may come by this connection; asked anew only when the authority changes. */
    boolean mayServe(String authority) {
        if (!authority.equals(judgedAuthority)) {
            judgedAuthority = authority;
            mayServe = connection.isAuthoritativeFor(hostOf(authority));
        }
        return mayServe;
    }

    /** Returns the host of an authority: lower case, without port and trailing dot. */
    private static String hostOf(String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        String host = end < 0 ? authority : authority.substring(0, end);
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.toLowerCase(Locale.ROOT);
    }

    LoopRuntime runtime() {
        return runtime;
    }

    ConnectionInfo connection() {
        return connection;
    }

    AltSvc altSvc() {
        return altSvc;
    }

    /** Returns the connections to take streams of: the event loop's, or this client's own where the cluster is told who it is. */
    LoopPools poolsFor(UpstreamCluster cluster) {
        return cluster.connector().namesClients() ? ownPools().pools() : runtime.pools();
    }

    /** Returns the cluster to take streams of: as it is, or for this client alone. */
    UpstreamCluster upstreamOf(UpstreamCluster cluster) {
        return cluster.connector().namesClients() ? ownPools().of(cluster) : cluster;
    }

    private ClientPools ownPools() {
        ClientPools known = clientPools;
        if (known == null) {
            known = new ClientPools(connection, runtime.loop());
            clientPools = known;
        }
        return known;
    }

    Forwarding forwarding() {
        return forwarding;
    }

    ListenerEntry listener(Snapshot snapshot) {
        ListenerEntry entry = snapshot.listeners().get(connection.listener());
        if (entry == null) {
            throw new IllegalStateException("listener: " + connection.listener() + " (expected: in the snapshot)");
        }
        return entry;
    }
}
