package io.lb4j.spi;

import io.lb4j.stats.CertificateStatistics;
import io.lb4j.stats.Statistics;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Certificates that take care of themselves: a source that obtains what it serves from a certificate authority, and answers the authority's
 * challenges. An ACME module implements it. Every TLS listener serves its certificates, after those that the listener names itself; every
 * plain listener answers HTTP-01 for it, and every TLS listener TLS-ALPN-01. Thread-safe.
 *
 * <p>Its life: {@link #open} once, before any listener is bound; {@link #start}, when the first TLS listener follows it, perhaps never;
 * {@link #onListening} after each configuration that was put in force; {@link #close} once. Two that are equal do the same, so that an update
 * which says the same in another object keeps the one in use.
 */
public interface ManagedCertificates extends CertificateSource, ChallengeResponder {
    /**
     * Gets ready: reads what it has stored, so that a restart serves at once. Called on the control thread and may block for as long as a
     * disk takes; what waits for an authority goes to the {@linkplain Context#scheduler() scheduler}. Does nothing by default.
     *
     * @throws RuntimeException if it cannot work; the balancer does not start then
     */
    default void open(Context context) {}

    /**
     * The listeners are bound, and challenges are answered from now on. Called on the control thread; must not block. Does nothing by
     * default.
     *
     * @param plain where plain listeners listen; none of them may be reachable as port 80
     * @param secured where TLS listeners listen
     */
    default void onListening(List<InetSocketAddress> plain, List<InetSocketAddress> secured) {}

    /** Returns how its certificates stand, for {@link Statistics#certificates()}. Never waits. None by default. */
    default List<CertificateStatistics> standing() {
        return List.of();
    }

    /** What it is given. Thread-safe. */
    interface Context {
        /** Returns the clock to go by. */
        Clock clock();

        /**
         * Returns a thread of its own for work that waits: for an authority, a disk, a lock. It ends when the balancer closes; what is
         * scheduled then is dropped, and what runs is interrupted.
         */
        ScheduledExecutorService scheduler();

        /** Returns the store that the instances of a fleet have in common, where one is configured. */
        Optional<SharedStore> store();

        /**
         * Tells the log and the balancer's observers of something that went well, and an operator may want to know; as
         * {@link ControlEvent.CertificateReport}.
         */
        void report(String name, String message);

        /** Tells the log and the balancer's observers of something that went wrong; as {@link ControlEvent.CertificateReport}. */
        void reportFailure(String name, String message, Throwable cause);
    }
}
