package io.lb4j.internal.control;

import io.lb4j.internal.snapshot.ClusterShare;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.internal.tls.ClientTls;
import io.lb4j.internal.upstream.HttpConnector;
import io.lb4j.model.Cluster;
import io.lb4j.spi.UpstreamTransport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of one cluster are made and kept, from its first configuration to its last. What a change leaves as it is stays the same
 * object, down to the TLS context with its sessions, so that the pools keep their connections. Confined to the control thread, but for what says
 * otherwise.
 */
final class ClusterConnections {
    private final ControlContext context;
    private final LateClosing lateClosing;
    private final ClusterShare share = new ClusterShare();
    private volatile @Nullable Made current; // once configured; written on the control thread
    private long generation;

    ClusterConnections(ControlContext context, LateClosing lateClosing) {
        this.context = context;
        this.lateClosing = lateClosing;
    }

    /** What one configuration says of connections, ready to be put in force. */
    record Made(UpstreamCluster upstream, Connector connector, Optional<ClientTls> tls) {}

    /**
     * Makes ready for another configuration, without changing anything yet.
     *
     * @param before what is in force; null for the first configuration
     * @return empty where everything stays as it is
     * @throws RuntimeException if files that it names cannot be read, or are not what they should be
     */
    Optional<Made> prepare(@Nullable Cluster before, Cluster next) {
        Made former = current;
        if (before == null || former == null) {
            return Optional.of(make(next, Optional.empty()));
        }
        if (!makesAlike(before, next)) {
            boolean sameTls = before.tls().equals(next.tls()) && before.protocol() == next.protocol();
            return Optional.of(make(next, former.tls().filter(tls -> sameTls)));
        }
        boolean keepsAlike =
                before.pool().equals(next.pool()) && before.drainTimeout().equals(next.drainTimeout());
        return keepsAlike ? Optional.empty() : Optional.of(keepOtherwise(former, next));
    }

    /** Returns whether connections are made by the same rules; how they are kept does not matter. */
    private static boolean makesAlike(Cluster one, Cluster other) {
        return one.protocol() == other.protocol()
                && one.transports().equals(other.transports())
                // A transport is told how its connections are pooled.
                && (one.transports().isEmpty() || one.pool().equals(other.pool()))
                && one.pool().maxStreams() == other.pool().maxStreams()
                && one.transportHeadStart().equals(other.transportHeadStart())
                && one.transportRetryAfter().equals(other.transportRetryAfter())
                && one.proxyProtocol().equals(other.proxyProtocol())
                && one.tls().equals(other.tls())
                && one.connectTimeout().equals(other.connectTimeout())
                && one.tlsHandshakeTimeout().equals(other.tlsHandshakeTimeout());
    }

    /** Keeps the connections that the same connector makes by other rules. */
    private Made keepOtherwise(Made former, Cluster next) {
        return new Made(upstream(former.connector(), next), former.connector(), former.tls());
    }

    /**
     * Makes a connector.
     *
     * @param same the TLS of the connector before, where it is as it was
     */
    private Made make(Cluster asked, Optional<ClientTls> same) {
        HttpConnector.Protocol protocol = ClusterMapping.protocol(asked);
        Optional<UpstreamTransport.Tls> how = asked.tls().map(ClusterMapping::tls);
        Optional<ClientTls> tls = same.isPresent() && same.get().tryHold()
                ? same
                : asked.tls()
                        .map(settings -> ClusterMapping.tls(
                                settings,
                                how.orElseThrow(),
                                protocol,
                                context.edge().engine()));
        HttpConnector.Times times = new HttpConnector.Times(
                asked.connectTimeout().toNanos(), asked.tlsHandshakeTimeout().toNanos());
        HttpConnector tcp = new HttpConnector(
                context.network(),
                new HttpConnector.Settings(protocol, tls, times, asked.pool().maxStreams()));
        try {
            Connector connector = UpstreamTransports.over(tcp, asked, how, context);
            return new Made(upstream(connector, asked), connector, tls);
        } catch (RuntimeException e) {
            tls.ifPresent(ClientTls::close);
            throw e;
        }
    }

    private UpstreamCluster upstream(Connector connector, Cluster asked) {
        return new UpstreamCluster(connector, ClusterMapping.pool(asked), share, ++generation);
    }

    /**
     * Puts what was prepared in force.
     *
     * @param drain for which exchanges may go on that began with what was in force before
     * @return whether connections are made in another way than before
     */
    boolean sequentialUse(Made next, Duration drain) {
        Made former = current;
        current = next;
        if (former == null || former.connector() == next.connector()) {
            return former == null;
        }
        sequentialLetGo(former, drain);
        return true;
    }

    /** Lets go of what was prepared and is not put in force. */
    void discard(Made prepared) {
        if (current == null || current.connector() != prepared.connector()) {
            prepared.connector().close();
            prepared.tls().ifPresent(ClientTls::close);
        }
    }

    private void sequentialLetGo(Made former, Duration drain) {
        former.connector().close();
        // Whoever read the snapshot before may have yet to connect.
        former.tls().ifPresent(tls -> lateClosing.sequentialAdd(drain, tls::close));
    }

    /** Returns what pools are told. */
    UpstreamCluster upstream() {
        return configured().upstream();
    }

    /** Returns what makes the connections. */
    Connector connector() {
        return configured().connector();
    }

    /** Returns what further transports have counted since the connections were last made in another way. Thread-safe. */
    Map<String, Map<String, Long>> transportFigures() {
        Made made = current;
        return made == null ? Map.of() : made.connector().transportFigures();
    }

    /** Returns the counts that all event loops have in common. Thread-safe. */
    ClusterShare share() {
        return share;
    }

    private Made configured() {
        if (current == null) {
            throw new IllegalStateException("cluster: not configured yet");
        }
        return current;
    }

    /** Makes no more connections, when the exchanges that know the cluster have had their time. */
    void sequentialClose(Duration drain) {
        if (current != null) {
            sequentialLetGo(current, drain);
        }
    }
}
