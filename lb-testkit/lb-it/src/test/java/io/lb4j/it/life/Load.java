package io.lb4j.it.life;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.tls.ClientTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** Clients that ask without a pause, each for one thing after the other, until it is closed. What goes wrong is kept. */
final class Load implements AutoCloseable {
    static final ClientTls TLS = ClientTls.trustAll().serverName("a.test");

    private static final String GET = "GET /load HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String LAST_GET = "GET /load HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
    private static final int MOST_KEPT = 20;

    private final LongAdder answered = new LongAdder();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean over;

    /** One thing that a client does, again and again. */
    @FunctionalInterface
    interface Round {
        /** Does it, and returns what is wrong: nothing if it is empty. */
        String run() throws Exception;
    }

    /** A client's connection, with what it does over it. */
    @FunctionalInterface
    interface Opening {
        Round open(List<AutoCloseable> toBeClosed);
    }

    /** Adds a client. */
    Load with(String name, Opening opening) {
        Thread client = new Thread(() -> run(name, opening), "load-" + name);
        clients.add(client);
        client.start();
        return this;
    }

    /** Adds clients with a connection of HTTP/1.1 each. */
    Load withHttp1(int number, int port) {
        for (int i = 0; i < number; i++) {
            with("http1", toBeClosed -> on(kept(RawClient.connect(port), toBeClosed)));
        }
        return this;
    }

    /** Adds clients with a connection of HTTP/1.1 over TLS each. */
    Load withSecured(int number, int port) {
        for (int i = 0; i < number; i++) {
            with("tls", toBeClosed -> on(kept(RawClient.connect(port, TLS), toBeClosed)));
        }
        return this;
    }

    /** Adds clients with a connection of HTTP/2 each. */
    Load withHttp2(int number, int port) {
        for (int i = 0; i < number; i++) {
            with("http2", toBeClosed -> {
                RawH2Client client = kept(RawH2Client.connect(port), toBeClosed);
                return () -> wrong(client.get("/load").status());
            });
        }
        return this;
    }

    /** Adds a client that connects anew for each request. */
    Load withNewcomer(int port) {
        return with("newcomer", toBeClosed -> () -> {
            try (RawClient client = RawClient.connect(port)) {
                return wrong(client.send(LAST_GET).readResponse().status());
            }
        });
    }

    /** Adds a client that connects anew, over TLS, for each request. */
    Load withSecuredNewcomer(int port) {
        return with("tls-newcomer", toBeClosed -> () -> {
            try (RawClient client = RawClient.connect(port, TLS)) {
                return wrong(client.send(LAST_GET).readResponse().status());
            }
        });
    }

    private static Round on(RawClient client) {
        return () -> wrong(client.send(GET).readResponse().status());
    }

    /** Notes that something is to be closed when its client ends. */
    static <T extends AutoCloseable> T kept(T connection, List<AutoCloseable> toBeClosed) {
        toBeClosed.add(connection);
        return connection;
    }

    static String wrong(int status) {
        return status == 200 ? "" : "status " + status;
    }

    private void run(String name, Opening opening) {
        List<AutoCloseable> toBeClosed = new ArrayList<>();
        try {
            Round round = opening.open(toBeClosed);
            while (!over) {
                String wrong = round.run();
                if (wrong.isEmpty()) {
                    answered.increment();
                } else {
                    note(name + ": " + wrong);
                }
            }
        } catch (Exception | AssertionError e) {
            note(name + ": " + e);
        } finally {
            closeAll(name, toBeClosed);
        }
    }

    private void note(String fault) {
        if (faults.size() < MOST_KEPT) {
            faults.add(fault);
        }
    }

    private void closeAll(String name, List<AutoCloseable> toBeClosed) {
        for (AutoCloseable each : toBeClosed) {
            try {
                each.close();
            } catch (Exception e) {
                note(name + ": " + e);
            }
        }
    }

    /** Returns how many rounds went well. */
    long answered() {
        return answered.sum();
    }

    /** Returns what went wrong: with a client whose connection has ended, the end. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        over = true;
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
