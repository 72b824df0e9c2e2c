package io.lb4j.spi;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where a TLS listener's certificates come from: files, an ACME account, a secret store. It hands out key and chain, not a TLS
 * engine's context, so that TCP and QUIC share them. Thread-safe.
 */
public interface CertificateSource extends AutoCloseable {
    /**
     * Returns the certificate for a server name that is at hand now. Called on event loops: never blocks. HTTP/3 serves what this
     * returns and nothing else.
     *
     * @param serverName the name that the client asked for, lower case, without a trailing dot; empty if it asked for none
     */
    Optional<Certificate> cached(String serverName);

    /**
     * Returns every certificate at hand now for a server name, from which a TCP listener chooses what the client can verify: one with an RSA
     * key may stand beside one with a key on an elliptic curve. Called on event loops: never blocks. By default what is {@linkplain #cached
     * cached}.
     *
     * @param serverName as in {@link #cached}
     */
    default List<Certificate> candidates(String serverName) {
        return cached(serverName).map(List::of).orElse(List.of());
    }

    /**
     * Finds the certificate for a server name, when the handshake can wait. By default what is {@linkplain #cached cached}.
     *
     * <p>Handshakes that ask for one name share one search. They wait no longer than the handshake may take, and at most 256 names are searched
     * for at once on a listener; other handshakes go on as if there were none.
     *
     * @return completes with empty if there is none; a failure counts as none and is logged
     */
    default CompletionStage<Optional<Certificate>> find(String serverName) {
        return CompletableFuture.completedStage(cached(serverName));
    }

    /**
     * Begins to work. The listener is told whenever a certificate was added, replaced or taken away; contexts made of those that are
     * still the same are kept.
     */
    default void start(Listener listener) {}

    /** Returns every certificate at hand, for statistics. */
    List<Certificate> certificates();

    /** Stops. Certificates handed out stay valid. */
    @Override
    default void close() {}

    /** Hears of changes, on any thread. */
    @FunctionalInterface
    interface Listener {
        /** What {@link CertificateSource#cached} returns may have changed. */
        void onChange();

        /**
         * The source has something new that cannot be used, and goes on with what it has: a file was replaced by one that is damaged, say.
         * Does nothing by default.
         */
        default void onError(String source, Throwable reason) {}
    }
}
