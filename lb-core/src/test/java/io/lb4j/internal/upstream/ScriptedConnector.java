package io.lb4j.internal.upstream;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes connections when the test says so. Confined to the loop of the pools that it serves. */
final class ScriptedConnector implements Connector {
    private final int streams;
    private final List<Attempt> attempts = new ArrayList<>();
    private @Nullable EventLoop byItself;

    /**
     * Creates a connector.
     *
     * @param streams that each connection takes
     */
    ScriptedConnector(int streams) {
        this.streams = streams;
    }

    /** One connection that was asked for. */
    final class Attempt {
        private final ClientConnection.Events events;
        private final Outcome outcome;

        private Attempt(ClientConnection.Events events, Outcome outcome) {
            this.events = events;
            this.outcome = outcome;
        }

        ScriptedConnection succeed() {
            ScriptedConnection made = new ScriptedConnection(streams, events);
            outcome.onConnected(made);
            return made;
        }

        void fail() {
            outcome.onFailed(new ProxyException(Kind.CONNECT_FAILED, Delivery.UNPROCESSED, "refused", null));
        }
    }

    /** Makes every connection from here on, a little after it was asked for. */
    void succeedOn(EventLoop eventLoop) {
        byItself = eventLoop;
    }

    List<Attempt> attempts() {
        return attempts;
    }

    Attempt attempt(int index) {
        return attempts.get(index);
    }

    @Override
    public void connect(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome) {
        Attempt attempt = new Attempt(events, outcome);
        attempts.add(attempt);
        if (byItself != null) {
            byItself.execute(attempt::succeed);
        }
    }

    @Override
    public int expectedCapacity() {
        return streams;
    }
}
