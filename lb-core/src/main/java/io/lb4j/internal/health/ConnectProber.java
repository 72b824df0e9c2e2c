package io.lb4j.internal.health;

import io.lb4j.error.ProxyException;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Checks that an endpoint can be connected to as requests do, the TLS handshake included; closes each connection at once. Thread-safe. */
public final class ConnectProber implements Prober {
    private final Connector connector;
    private final Supplier<LoopContext> loops;

    /**
     * Creates a prober.
     *
     * @param connector connects as requests do
     * @param loops gives the event loop for each check
     */
    public ConnectProber(Connector connector, Supplier<LoopContext> loops) {
        this.connector = connector;
        this.loops = loops;
    }

    @Override
    public Probe begin(Endpoint endpoint, Consumer<Result> report) {
        LoopContext loop = loops.get();
        Attempt attempt = new Attempt(report);
        loop.eventLoop().execute(() -> connector.connect(endpoint, loop, attempt, attempt));
        return attempt;
    }

    /** One check. Nothing is said on the connection, and nothing that is heard matters. */
    private static final class Attempt implements Probe, Connector.Outcome, ClientConnection.Events {
        private final Consumer<Result> report;
        private volatile boolean cancelled;

        Attempt(Consumer<Result> report) {
            this.report = report;
        }

        @Override
        public void cancel() {
            cancelled = true; // the connector's own timeouts end what is under way
        }

        @Override
        public void onConnected(ClientConnection connection) {
            connection.close();
            if (!cancelled) {
                report.accept(Result.passed("accepts connections and the TLS handshake"));
            }
        }

        @Override
        public void onFailed(ProxyException reason) {
            if (!cancelled) {
                report.accept(Result.failed(reason.kind().reason() + ": " + reason.getMessage()));
            }
        }

        @Override
        public void onCapacity(ClientConnection connection) {
            // It is not used.
        }

        @Override
        public void onDraining(ClientConnection connection) {
            // It is closed at once.
        }

        @Override
        public void onClosed(ClientConnection connection, ProxyException reason) {
            // It is closed from here.
        }
    }
}
