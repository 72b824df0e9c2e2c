package io.lb4j.spi;

import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Announces this process in a registry, for others to find by their {@link Discovery}. Implemented by discovery modules whose registry can.
 * Thread-safe.
 */
public interface Registrar extends AutoCloseable {
    /**
     * Announces an instance of a service. From then on the registrar renews by itself what the registry would let run out, and announces
     * the instance again where the registry has lost it, until the registration is closed. May block; never called on an event loop.
     *
     * @throws IOException if the registry cannot be asked, or refuses; nothing is announced then
     */
    Registration register(Announcement announcement) throws IOException;

    /** Withdraws what is announced still, and lets go of connections. May block. Idempotent. */
    @Override
    void close();

    /** What is announced. Thread-safe. */
    interface Registration extends AutoCloseable {
        /** Returns whether the registry has it, as far as is known: false while it cannot be asked. */
        boolean isInForce();

        /** Withdraws it, as far as the registry can be reached; what cannot be withdrawn runs out. May block. Idempotent. */
        @Override
        void close();
    }

    /**
     * An instance of a service. Immutable.
     *
     * @param service the service's name
     * @param instance what tells it from other instances
     * @param endpoint where it is reached, with weight and metadata
     * @param check how the registry finds out that it is gone
     */
    record Announcement(String service, String instance, Endpoint endpoint, Check check) {
        /**
         * Checks the names.
         *
         * @throws IllegalArgumentException if one is blank
         */
        public Announcement {
            if (service.isBlank() || instance.isBlank()) {
                throw new IllegalArgumentException(
                        "announcement: \"" + service + "\", \"" + instance + "\" (expected: two names)");
            }
        }

        /**
         * Returns an announcement by address, which runs out half a minute after the process has ended.
         *
         * @throws IllegalArgumentException if a name is blank, or host or port are not good
         */
        public static Announcement of(String service, String host, int port) {
            Endpoint endpoint = Endpoint.of(host, port);
            return new Announcement(
                    service,
                    service + "-" + endpoint.address(),
                    endpoint,
                    new Check.TimeToLive(Duration.ofSeconds(30)));
        }

        /** Returns the same announcement with metadata: {@code zone}, {@code version}, {@code tags} and whatever else. */
        public Announcement withMetadata(Map<String, String> metadata) {
            return new Announcement(service, instance, endpoint.withMetadata(metadata), check);
        }
    }

    /** How a registry finds out that an instance is gone. A registry takes the nearest that it knows. */
    sealed interface Check {
        /**
         * By requests.
         *
         * @param path that is asked for
         * @param interval between two of them
         */
        record Http(String path, Duration interval) implements Check {}

        /**
         * By connections.
         *
         * @param interval between two of them
         */
        record Tcp(Duration interval) implements Check {}

        /**
         * By its not being renewed.
         *
         * @param time after which it runs out
         */
        record TimeToLive(Duration time) implements Check {}
    }
}
