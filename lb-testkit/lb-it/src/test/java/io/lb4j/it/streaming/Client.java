package io.lb4j.it.streaming;

import io.lb4j.testkit.net.Dial;
import io.lb4j.testkit.net.Wire;
import io.lb4j.testkit.tls.ClientTls;
import java.io.IOException;
import java.time.Duration;

/** A connection of a client. */
final class Client implements AutoCloseable {
    private final Wire wire;
    private final Asking asking;

    @FunctionalInterface
    private interface Asking {
        Line ask(String path, long length) throws IOException;
    }

    private Client(Wire wire, Asking asking) {
        this.wire = wire;
        this.asking = asking;
    }

    /** Connects; a receive buffer of 0 is the system's. */
    static Client connect(Leg leg, int port, int receiveBuffer) throws IOException {
        Dial dial = receiveBuffer > 0 ? Dial.to(port).receiveBuffer(receiveBuffer) : Dial.to(port);
        Wire wire = (leg.isSecured() ? dial.tls(ClientTls.trustAll().alpn(leg.alpn())) : dial).open();
        wire.readTimeout(Duration.ZERO);
        if (leg.isHttp2()) {
            H2Peer peer = H2Peer.client(wire);
            return new Client(wire, (path, length) -> peer.ask(path));
        }
        return new Client(wire, (path, length) -> H1Line.ask(wire, path, length));
    }

    /**
     * Begins an exchange.
     *
     * @param length of the request's body where it is to be declared, else negative
     */
    Line ask(String path, long length) throws IOException {
        return asking.ask(path, length);
    }

    Wire wire() {
        return wire;
    }

    @Override
    public void close() {
        wire.close();
    }
}
