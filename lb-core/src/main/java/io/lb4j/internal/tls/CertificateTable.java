package io.lb4j.internal.tls;

import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses among the certificates of several sources. What the client can verify goes before what it cannot; a certificate that names the host
 * exactly before one that a wildcard or a source's own reasons brought up; a key on an elliptic curve, which is quicker, before an RSA key;
 * among equals the earlier source's. Thread-safe.
 */
final class CertificateTable {
    /** How many names may be searched for at once; handshakes for others go on without. */
    static final int MAX_SEARCHES = 256;

    private static final Logger logger = LoggerFactory.getLogger(CertificateTable.class);
    private static final String NO_NAME = "";

    private final ServerCertificates from;
    private final boolean servesTls13;
    private final Duration searchTimeout;
    private final Map<String, CompletableFuture<Optional<Certificate>>> searches = new ConcurrentHashMap<>();

    CertificateTable(ServerCertificates from, ServerTlsSettings settings) {
        this.from = from;
        servesTls13 = settings.parameters().includesTls13();
        searchTimeout = settings.handshake().timeout();
    }

    /** Returns the certificate for a name among those at hand, but for the last resort; never blocks. */
    Optional<Certificate> cached(String serverName, SignatureSupport client) {
        return best(from.sources(), serverName, client);
    }

    /** Returns the certificate for a name among those of the last resort; never blocks. */
    Optional<Certificate> lastResort(String serverName, SignatureSupport client) {
        return best(from.lastResort(), serverName, client);
    }

    private Optional<Certificate> best(List<CertificateSource> sources, String serverName, SignatureSupport client) {
        Optional<Certificate> best = Optional.empty();
        int highest = -1;
        for (CertificateSource source : sources) {
            for (Certificate candidate : source.candidates(serverName)) {
                int rank = rank(candidate, serverName, client);
                if (rank > highest) {
                    highest = rank;
                    best = Optional.of(candidate);
                }
            }
        }
        return best;
    }

    private int rank(Certificate candidate, String serverName, SignatureSupport client) {
        int fits = client.covers(candidate, servesTls13) ? 4 : 0;
        int exact = candidate.names().contains(serverName) ? 2 : 0;
        int quick = candidate.chain().get(0).getPublicKey().getAlgorithm().equals("RSA") ? 0 : 1;
        return fits + exact + quick;
    }

    /**
     * Asks the sources in turn, those that take their time included, until one has a certificate; never fails. Handshakes that ask for one name
     * share one search, which gives up when their time is over; past {@value #MAX_SEARCHES} names at once nothing is found.
     *
     * @param timers for the time: the caller's event loop
     */
    CompletableFuture<Optional<Certificate>> find(String serverName, ScheduledExecutorService timers) {
        CompletableFuture<Optional<Certificate>> underWay = searches.get(serverName);
        if (underWay != null) {
            return underWay;
        }
        if (searches.size() >= MAX_SEARCHES) {
            logger.debug("certificate for {}: not searched for, {} searches are under way", serverName, MAX_SEARCHES);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletableFuture<Optional<Certificate>> search = new CompletableFuture<>();
        CompletableFuture<Optional<Certificate>> other = searches.putIfAbsent(serverName, search);
        if (other != null) {
            return other;
        }
        search.thenAccept(found -> searches.remove(serverName, search));
        begin(serverName).thenAccept(search::complete);
        if (!search.isDone()) {
            Future<?> limit = timers.schedule(
                    () -> search.complete(Optional.empty()), searchTimeout.toNanos(), TimeUnit.NANOSECONDS);
            search.thenRun(() -> limit.cancel(false));
        }
        return search;
    }

    private CompletionStage<Optional<Certificate>> begin(String serverName) {
        CompletionStage<Optional<Certificate>> found = CompletableFuture.completedStage(Optional.empty());
        for (CertificateSource source : from.sources()) {
            found = found.thenCompose(before ->
                    before.isPresent() ? CompletableFuture.completedStage(before) : findIn(source, serverName));
        }
        return found;
    }

    /** Returns the certificate for clients that ask for no name, or for a name that no certificate is for. */
    Optional<Certificate> fallback(SignatureSupport client) {
        return cached(NO_NAME, client)
                .or(() -> lastResort(NO_NAME, client))
                .or(() -> all().stream().findFirst());
    }

    /** Returns all that are at hand. */
    Set<Certificate> all() {
        Set<Certificate> all = new LinkedHashSet<>();
        from.sources().forEach(source -> all.addAll(source.certificates()));
        from.lastResort().forEach(source -> all.addAll(source.certificates()));
        return all;
    }

    private static CompletionStage<Optional<Certificate>> findIn(CertificateSource source, String serverName) {
        CompletionStage<Optional<Certificate>> search;
        try {
            search = source.find(serverName);
        } catch (RuntimeException e) {
            search = CompletableFuture.failedStage(e);
        }
        return search.exceptionally(failure -> {
            // The contract of find: a failure counts as none. The name came from a client, who could fill the log with
            // it.
            logger.debug("certificate for {}: the search failed", serverName, failure);
            return Optional.empty();
        });
    }
}
