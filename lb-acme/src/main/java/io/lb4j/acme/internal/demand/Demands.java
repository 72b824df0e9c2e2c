package io.lb4j.acme.internal.demand;

import io.lb4j.acme.internal.life.Keepers;
import io.lb4j.acme.internal.life.OrderRate;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DemandDecision;
import io.lb4j.acme.model.DomainName;
import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Obtains certificates for names that handshakes ask for: of each name once at a time, for names that a decision allows, and not more than so many new
 * ones in a minute, nor in all. What is stored and valid is served without being decided again; before it is renewed it is. Thread-safe.
 */
public final class Demands {
    private static final Logger logger = LoggerFactory.getLogger(Demands.class);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST_UNDER_WAY = 256; // questions that wait for a thread

    private final Keepers keepers;
    private final DemandDecision decision;
    private final Limits limits;
    private final OrderRate rate;
    private final Executor workers;
    private final ConcurrentHashMap<String, CompletableFuture<Optional<Certificate>>> underWay =
            new ConcurrentHashMap<>();
    private final RefusedNames refused = new RefusedNames();
    private final Set<String> allowed =
            ConcurrentHashMap.newKeySet(); // of those under way: another instance may be waited for

    /**
     * Bounds.
     *
     * @param perMinute names that may be new in a minute
     * @param inAll names that there may be
     * @param clock to go by
     */
    public record Limits(int perMinute, int inAll, Clock clock) {}

    /** Creates a state in which nothing was asked for. */
    public Demands(Keepers keepers, DemandDecision decision, Limits limits, Executor workers) {
        this.keepers = keepers;
        this.decision = decision;
        this.limits = limits;
        this.rate = new OrderRate(limits.perMinute(), MINUTE);
        this.workers = workers;
    }

    /** Finds the certificate for a name that there is none for at hand. Never blocks. */
    public CompletionStage<Optional<Certificate>> find(String serverName) {
        DomainName name;
        try {
            name = DomainName.of(serverName);
        } catch (IllegalArgumentException e) {
            return nothing();
        }
        if (name.isAddress() || name.isWildcard() || !serverName.contains(".") || underWay.size() >= MOST_UNDER_WAY) {
            return nothing();
        }
        CompletableFuture<Optional<Certificate>> fresh = new CompletableFuture<>();
        CompletableFuture<Optional<Certificate>> known = underWay.putIfAbsent(name.text(), fresh);
        if (known != null) {
            return known;
        }
        try {
            workers.execute(() -> answer(name, fresh));
        } catch (RejectedExecutionException e) {
            underWay.remove(name.text());
            fresh.complete(Optional.empty());
        }
        return fresh;
    }

    private static CompletionStage<Optional<Certificate>> nothing() {
        return CompletableFuture.completedStage(Optional.empty());
    }

    private void answer(DomainName name, CompletableFuture<Optional<Certificate>> answer) {
        Optional<Certificate> found = Optional.empty();
        try {
            found = obtain(name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            logger.warn("{}: on demand: {}", name, e.toString());
        } finally {
            allowed.remove(name.text());
            underWay.remove(name.text());
            answer.complete(found);
        }
    }

    private Optional<Certificate> obtain(DomainName name) throws IOException, InterruptedException {
        CertificateNames certificate = CertificateNames.of(name);
        return keepers.isDemanded(certificate)
                ? keepers.held(certificate)
                : keepers.keep(certificate, this::isAllowed, limits.inAll());
    }

    private boolean isAllowed(CertificateNames certificate, boolean isNew) throws InterruptedException {
        String name = certificate.names().get(0).text();
        if (allowed.contains(name)) {
            return true;
        }
        Instant now = limits.clock().instant();
        if (refused.isKnown(name, now)) {
            return false;
        }
        try {
            if (!decision.allows(name)) {
                logger.debug("{}: on demand: not allowed", name);
                refused.remember(name, now);
                return false;
            }
        } catch (IOException | RuntimeException e) {
            logger.warn("{}: on demand: not decided, and therefore not allowed: {}", name, e.toString());
            return false;
        }
        if (isNew && !rate.take(now).isZero()) {
            logger.warn("{}: on demand: refused, {} new names in a minute (expected: fewer)", name, limits.perMinute());
            return false;
        }
        if (underWay.containsKey(name)) {
            allowed.add(name);
        }
        return true;
    }
}
