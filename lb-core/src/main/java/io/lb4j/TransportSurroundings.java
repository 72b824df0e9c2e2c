package io.lb4j;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.internal.accept.Acceptor;
import io.lb4j.internal.accept.Transports;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.proxy.Conductor;
import io.lb4j.internal.snapshot.AltSvc;
import io.lb4j.model.Listener;
import io.lb4j.spi.RequestReceiver;
import io.lb4j.spi.Transport;
import io.lb4j.spi.TransportTls;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a listener's further transports are given. Thread-safe. */
final class TransportSurroundings implements Transport.Context {
    private final ServingListener.Base base;
    private final Acceptor acceptor;
    private final List<EventLoop> eventLoops;
    private final AltSvc silent = new AltSvc(); // who came by a transport need not be told of it
    private volatile Listener listener;
    private volatile Optional<ListenerTransportTls> tls = Optional.empty();

    TransportSurroundings(ServingListener.Base base, Acceptor acceptor, Listener listener) {
        this.base = base;
        this.acceptor = acceptor;
        this.listener = listener;
        eventLoops =
                base.transports().loops().stream().map(LoopContext::eventLoop).toList();
    }

    void use(Listener next) {
        listener = next;
    }

    void use(Optional<ListenerTransportTls> next) {
        tls = next;
    }

    @Override
    public Listener listener() {
        return listener;
    }

    @Override
    public InetSocketAddress address() {
        return acceptor.address().localAddress();
    }

    @Override
    public List<EventLoop> eventLoops() {
        return eventLoops;
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannels() {
        Transports transports = base.transports();
        return transports.kind()::datagram;
    }

    @Override
    public Optional<TransportTls> tls() {
        return tls.map(same -> same);
    }

    @Override
    public Optional<Transport.Admission> admit(SocketAddress client, EventLoop loop) {
        if (!(client instanceof InetSocketAddress remote) || remote.getAddress() == null) {
            return Optional.empty();
        }
        return acceptor.admit(remote, indexOf(loop)).map(TransportSurroundings::once);
    }

    private static Transport.Admission once(Runnable release) {
        AtomicBoolean released = new AtomicBoolean();
        return () -> {
            if (released.compareAndSet(false, true)) {
                release.run();
            }
        };
    }

    @Override
    public long newConnectionId() {
        return Acceptor.newConnectionId();
    }

    @Override
    public RequestReceiver receiver(ConnectionInfo connection, EventLoop loop) {
        return new Conductor(base.runtimes().get(indexOf(loop)), connection, silent);
    }

    @Override
    public void afterTurn(EventLoop loop, Runnable action) {
        base.transports().loops().get(indexOf(loop)).flusher().flushAfterTurn(action::run);
    }

    private int indexOf(EventLoop loop) {
        int index = eventLoops.indexOf(loop);
        if (index < 0) {
            throw new IllegalArgumentException("event loop: " + loop + " (expected: one of the balancer's)");
        }
        return index;
    }
}
