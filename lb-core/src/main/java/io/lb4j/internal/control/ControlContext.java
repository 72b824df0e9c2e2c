package io.lb4j.internal.control;

import io.lb4j.dns.DnsClient;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.upstream.HttpConnector;
import io.lb4j.spi.Candidate;
import io.lb4j.spi.ChallengeResponder;
import io.lb4j.spi.ControlEvent;
import io.netty.channel.ChannelFactory;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What the control plane works with. Immutable.
 *
 * @param executor the control thread: runs one task at a time
 * @param clock the present in nanoseconds
 * @param loops the event loops of the data path
 * @param network makes sockets towards endpoints, and resolves names
 * @param edge what the two ends of the balancer have in common
 * @param retire lets go of the connections of endpoints, on all loops
 * @param sources what sources of endpoints work with
 * @param events takes what observers are told
 */
public record ControlContext(
        ScheduledExecutorService executor,
        LongSupplier clock,
        List<LoopContext> loops,
        HttpConnector.Network network,
        Edge edge,
        Consumer<List<? extends Candidate>> retire,
        SourceTools sources,
        Consumer<ControlEvent> events) {
    /**
     * What the two ends of the balancer have in common, listeners and connections to endpoints.
     *
     * @param sockets makes TCP sockets
     * @param datagrams makes UDP sockets
     * @param engine what does TLS
     * @param challenges answers the challenges of a certificate authority
     */
    public record Edge(
            ChannelFactory<? extends SocketChannel> sockets,
            ChannelFactory<? extends DatagramChannel> datagrams,
            EngineChoice engine,
            ChallengeResponder challenges) {}

    /** Copies what it is given. */
    public ControlContext {
        loops = List.copyOf(loops);
    }

    /**
     * What sources of endpoints work with. Immutable.
     *
     * @param blocking runs what may block
     * @param dns resolves names as the configuration has it
     * @param transport what sockets are made of
     */
    public record SourceTools(Executor blocking, DnsClient dns, DnsClient.Transport transport) {}
}
