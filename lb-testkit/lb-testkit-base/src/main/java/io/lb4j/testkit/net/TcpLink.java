package io.lb4j.testkit.net;

import java.io.IOException;

/** One relayed connection: two sides, and a {@link TcpPump} for each direction. Thread-safe. */
final class TcpLink {
    private final int number;
    private final Wire client;
    private final Wire origin;
    private final TcpPump forth;
    private final TcpPump back;

    TcpLink(TcpRelay relay, Wire client, Wire origin, int number) {
        this.number = number;
        this.client = client;
        this.origin = origin;
        this.forth = new TcpPump(relay, client, origin, 2L * number);
        this.back = new TcpPump(relay, origin, client, 2L * number + 1);
    }

    int number() {
        return number;
    }

    /** Relays until both directions have ended. */
    void run() throws InterruptedException {
        forth.start();
        back.start();
        try {
            forth.join();
            back.join();
        } finally {
            close();
            forth.interrupt();
            back.interrupt();
        }
    }

    void abandon() {
        forth.abandon();
        back.abandon();
    }

    void close() {
        client.close();
        origin.close();
    }

    void abort() {
        abort(client);
        abort(origin);
    }

    private static void abort(Wire wire) {
        try {
            wire.abort();
        } catch (IOException e) {
            // The system knows the connection no more, which is what was wanted.
            wire.close();
        }
    }
}
