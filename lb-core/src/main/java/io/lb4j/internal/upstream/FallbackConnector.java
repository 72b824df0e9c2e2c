package io.lb4j.internal.upstream;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects in a preferred way, and in another where that is not to be had. The preferred one has a head start; then both are tried side by
 * side, and the first to stand is used (RFC 8305 does so for addresses). A connection that is of use before its handshake is over does not stand yet:
 * where the other way does first, it ends, and its requests are made again. An endpoint where the preferred way failed is connected to in the
 * other way for a while. Thread-safe.
 */
public final class FallbackConnector implements Connector {
    /** Past this many endpoints that are left out, those whose time is over are forgotten. */
    private static final int MANY = 1024;

    private static final String FALLBACKS = "fallbacks";
    private static final String ENDPOINTS_LEFT_OUT = "endpoints_left_out";

    private final Connector preferred;
    private final Connector other;
    private final Times times;
    private final LongSupplier clock;
    private final Map<String, Long> leftOutUntil = new ConcurrentHashMap<>(); // by the endpoint's address
    private final LongAdder fallbacks = new LongAdder();

    /**
     * How long to wait, in nanoseconds.
     *
     * @param headStartNanos for the preferred way before the other is tried too
     * @param giveUpNanos for the preferred way, after that, before it counts as failed
     * @param retryAfterNanos before the preferred way is tried again where it failed
     */
    public record Times(long headStartNanos, long giveUpNanos, long retryAfterNanos) {}

    /**
     * Joins two ways to connect; both are closed with this one.
     *
     * @param clock the present in nanoseconds
     */
    public FallbackConnector(Connector preferred, Connector other, Times times, LongSupplier clock) {
        this.preferred = preferred;
        this.other = other;
        this.times = times;
        this.clock = clock;
    }

    @Override
    public void connect(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome) {
        boolean isServed = preferred.serves(endpoint);
        if (isServed && isLeftOut(endpoint)) {
            fallbacks.increment();
            other.connect(endpoint, loop, events, outcome);
        } else if (!isServed) {
            other.connect(endpoint, loop, events, outcome);
        } else {
            new Race(endpoint, loop, events, outcome).begin();
        }
    }

    @Override
    public boolean connectsLike(Connector connector) {
        return connector instanceof FallbackConnector fallback
                && preferred.connectsLike(fallback.preferred)
                && other.connectsLike(fallback.other);
    }

    /** Returns what the preferred way takes, as long as it works everywhere. */
    @Override
    public int expectedCapacity() {
        return leftOutUntil.isEmpty() ? preferred.expectedCapacity() : other.expectedCapacity();
    }

    @Override
    public Optional<Connector> forHttp1() {
        return other.forHttp1();
    }

    @Override
    public boolean onAltSvc(Endpoint endpoint, String value) {
        boolean isHeeded = preferred.onAltSvc(endpoint, value);
        return other.onAltSvc(endpoint, value) || isHeeded;
    }

    /** Adds to what the preferred way has counted how often it was given up. */
    @Override
    public Map<String, Map<String, Long>> transportFigures() {
        Map<String, Map<String, Long>> figures = new HashMap<>(other.transportFigures());
        long now = clock.getAsLong();
        long leftOut =
                leftOutUntil.values().stream().filter(until -> until - now > 0).count();
        preferred.transportFigures().forEach((name, own) -> {
            Map<String, Long> more = new HashMap<>(own);
            more.put(FALLBACKS, fallbacks.sum());
            more.put(ENDPOINTS_LEFT_OUT, leftOut);
            figures.put(name, more);
        });
        return figures;
    }

    @Override
    public void close() {
        preferred.close();
        other.close();
    }

    private boolean isLeftOut(Endpoint endpoint) {
        Long until = leftOutUntil.get(endpoint.address());
        if (until == null) {
            return false;
        }
        if (until - clock.getAsLong() > 0) {
            return true;
        }
        leftOutUntil.remove(endpoint.address(), until);
        return false;
    }

    private void leaveOut(Endpoint endpoint) {
        long now = clock.getAsLong();
        if (leftOutUntil.size() >= MANY) {
            leftOutUntil.values().removeIf(until -> until - now <= 0);
        }
        leftOutUntil.put(endpoint.address(), now + times.retryAfterNanos());
    }

    /** One connection that is wanted, and the two attempts to make it. Confined to its event loop. */
    private final class Race extends LoopTimer.Timeout {
        private final Endpoint endpoint;
        private final LoopContext loop;
        private final ClientConnection.Events events;
        private final Outcome outcome;
        private final Leg first = new Leg(this);
        private final Leg second = new Leg(this);
        private boolean secondBegun;
        private @Nullable Leg winner;
        private @Nullable ClientConnection early; // of the preferred way, and of use before its handshake is over

        Race(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome) {
            this.endpoint = endpoint;
            this.loop = loop;
            this.events = events;
            this.outcome = outcome;
        }

        void begin() {
            loop.timer().set(this, times.headStartNanos());
            preferred.connect(endpoint, loop, first, first);
        }

        @Override
        protected void expire() {
            if (winner == first && !isUnproven()) {
                return;
            }
            if (!secondBegun) {
                beginSecond();
                loop.timer().set(this, times.giveUpNanos());
                return;
            }
            if (winner == first) {
                return; // the transport itself tells when its handshake has failed
            }
            failed(
                    first,
                    new ProxyException(
                            Kind.CONNECT_TIMEOUT,
                            Delivery.UNPROCESSED,
                            endpoint.address() + ": no connection in time",
                            null));
        }

        private void beginSecond() {
            secondBegun = true;
            other.connect(endpoint, loop, second, second);
        }

        /** Returns whether the connection in use is one of which nobody knows yet whether it leads anywhere. */
        private boolean isUnproven() {
            return early != null && !early.isHandshakeComplete();
        }

        void connected(Leg leg, ClientConnection connection) {
            if (leg == first && connection.isHandshakeComplete()) {
                loop.timer().cancel(this);
            }
            if (winner != null || leg.failure != null) {
                if (leg == second) {
                    overtake();
                }
                connection.close(); // late: nobody waits for it any more
                return;
            }
            winner = leg;
            if (leg == first) {
                early = connection;
            } else {
                fallbacks.increment();
            }
            outcome.onConnected(connection);
        }

        /** The other way stands: a connection that may lead nowhere is not waited for, and what it has taken is made again. */
        private void overtake() {
            ClientConnection overtaken = early;
            if (overtaken != null && isUnproven()) {
                leaveOut(endpoint);
                overtaken.close();
            }
        }

        /** The connection in use is gone; if it never stood, so is the way, unless this side has given it up. */
        void closed(ProxyException reason) {
            if (isUnproven()) {
                loop.timer().cancel(this);
                if (reason.kind() != Kind.DRAINED) {
                    leaveOut(endpoint);
                }
            }
        }

        void failed(Leg leg, ProxyException reason) {
            if (leg.failure != null) {
                return; // it came after we had given it up
            }
            leg.failure = reason;
            if (leg == first) {
                loop.timer().cancel(this);
                leaveOut(endpoint);
                if (!secondBegun) {
                    beginSecond();
                    return;
                }
            }
            ProxyException last = second.failure;
            if (winner == null && first.failure != null && last != null) {
                outcome.onFailed(last);
            }
        }
    }

    /** One attempt of a race. Only the winner's connection is heard of. Confined to its event loop. */
    private static final class Leg implements ClientConnection.Events, Outcome {
        private final Race race;
        private @Nullable ProxyException failure;

        Leg(Race race) {
            this.race = race;
        }

        @Override
        public void onConnected(ClientConnection connection) {
            race.connected(this, connection);
        }

        @Override
        public void onFailed(ProxyException reason) {
            race.failed(this, reason);
        }

        @Override
        public void onCapacity(ClientConnection connection) {
            if (race.winner == this) {
                race.events.onCapacity(connection);
            }
        }

        @Override
        public void onDraining(ClientConnection connection) {
            if (race.winner == this) {
                race.events.onDraining(connection);
            }
        }

        @Override
        public void onClosed(ClientConnection connection, ProxyException reason) {
            if (race.winner == this) {
                race.closed(reason);
                race.events.onClosed(connection, reason);
            }
        }
    }
}
