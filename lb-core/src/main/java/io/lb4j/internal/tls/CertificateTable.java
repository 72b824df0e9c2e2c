package io.lb4j.internal.tls;

import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses among the certificates of several sources. A certificate that names the host exactly goes before one that a wildcard or a
 * source's own reasons brought up; among equals the earlier source's. Thread-safe.
 */
final class CertificateTable {
    private static final Logger logger = LoggerFactory.getLogger(CertificateTable.class);
    private static final String NO_NAME = "";

    private final List<CertificateSource> sources;

    CertificateTable(List<CertificateSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** Returns the certificate for a name among those at hand; never blocks. */
    Optional<Certificate> cached(String serverName) {
        Optional<Certificate> best = Optional.empty();
        for (CertificateSource source : sources) {
            Optional<Certificate> candidate = source.cached(serverName);
            if (candidate.isPresent() && candidate.get().names().contains(serverName)) {
                return candidate;
            }
            best = best.or(() -> candidate);
        }
        return best;
    }

    /** Asks the sources in turn, those that take their time included, until one has a certificate; never fails. */
    CompletionStage<Optional<Certificate>> find(String serverName) {
        CompletionStage<Optional<Certificate>> found = CompletableFuture.completedStage(Optional.empty());
        for (CertificateSource source : sources) {
            found = found.thenCompose(before ->
                    before.isPresent() ? CompletableFuture.completedStage(before) : findIn(source, serverName));
        }
        return found;
    }

    /** Returns the certificate for clients that ask for no name, or for a name that no certificate is for. */
    Optional<Certificate> fallback() {
        Optional<Certificate> nameless = cached(NO_NAME);
        return nameless.or(() -> sources.stream()
                .flatMap(source -> source.certificates().stream())
                .findFirst());
    }

    /** Returns all that are at hand. */
    Set<Certificate> all() {
        Set<Certificate> all = new LinkedHashSet<>();
        sources.forEach(source -> all.addAll(source.certificates()));
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
