package io.lb4j.discovery.consul;

import io.lb4j.discovery.StoreRules;
import java.io.IOException;
import java.time.Duration;
import org.kiwiproject.consul.ConsulException;
import org.kiwiproject.consul.model.session.ImmutableSession;

/**
 * Consul's sessions, which live twice the time that they ask for: so they ask for half of it. They depend on no check, for locks must not
 * depend on the health of an agent's node, and nothing waits after their end: fences do better. Thread-safe.
 */
final class ConsulSessions {
    private static final int FACTOR = 2;
    private static final int NOT_FOUND = 404;

    private final ConsulConnection connection;
    private final Duration shortest;

    /** What becomes of the keys that a session holds when it ends. */
    enum Ending {
        TAKES_KEYS_ALONG("delete"),
        LETS_KEYS_GO("release");

        private final String behavior;

        Ending(String behavior) {
            this.behavior = behavior;
        }
    }

    ConsulSessions(ConsulConnection connection, Duration shortest) {
        this.connection = connection;
        this.shortest = shortest;
    }

    String create(Duration timeToLive, Ending ending) throws IOException {
        Duration half = StoreRules.requireTimeToLive(timeToLive).dividedBy(FACTOR);
        ImmutableSession session = ImmutableSession.builder()
                .name("lb4j")
                .ttl(StoreRules.seconds(half, StoreRules.seconds(shortest, 1)) + "s")
                .lockDelay("0s")
                .behavior(ending.behavior)
                .build();
        return connection
                .ask("create a session", client -> client.sessionClient().createSession(session))
                .getId();
    }

    /** Returns whether it had not run out. */
    boolean renew(String session) throws IOException {
        return connection.ask("renew a session", client -> {
            try {
                return client.sessionClient().renewSession(session).isPresent();
            } catch (ConsulException e) {
                if (e.hasCode() && e.getCode() == NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    void destroy(String session) throws IOException {
        connection.ask("end a session", client -> {
            client.sessionClient().destroySession(session);
            return true;
        });
    }
}
