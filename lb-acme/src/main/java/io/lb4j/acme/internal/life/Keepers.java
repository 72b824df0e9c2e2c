package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.acme.stats.CertificateStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keepers of all certificates: gives each its turns, on threads that may wait, so that one name that fails keeps no other from its
 * certificate. Thread-safe.
 */
public final class Keepers {
    private static final Logger logger = LoggerFactory.getLogger(Keepers.class);

    private final List<Turns> keepers = new ArrayList<>(); // filled before it is published
    private final Archive archive;
    private String seen = ""; // confined to the scheduler's thread, as below
    private boolean isBlind;
    private final AtomicBoolean begun = new AtomicBoolean();

    /**
     * Creates keepers, and serves what is stored.
     *
     * @param workers run turns, several at a time
     * @throws UncheckedIOException if the storage cannot be asked
     */
    public Keepers(Surroundings around, Served served, Executor workers) {
        archive = around.archive();
        for (CertificateNames names : around.options().certificates()) {
            Keeper keeper = new Keeper(names, around, served);
            try {
                keeper.open();
            } catch (IOException e) {
                throw new UncheckedIOException(names + ": the storage cannot be read: " + e.getMessage(), e);
            }
            keepers.add(new Turns(keeper, around.context(), workers));
        }
    }

    /** Takes what other instances have obtained. Called again and again where the storage is shared; may block. */
    public void look() {
        try {
            String version = archive.version();
            if (!version.equals(seen)) {
                for (Turns turns : keepers) {
                    turns.keeper().look();
                }
                seen = version;
            }
            isBlind = false;
        } catch (IOException e) {
            if (!isBlind) {
                logger.warn("the storage cannot be asked; what is known is served on: {}", e.toString());
            }
            isBlind = true;
        }
    }

    /** Begins to order; challenges are answered by now. Does nothing the second time. */
    public void begin() {
        if (begun.compareAndSet(false, true)) {
            keepers.forEach(turns -> turns.in(Duration.ZERO));
        }
    }

    /** Returns how the certificates stand. Never waits. */
    public List<CertificateStatistics> standing() {
        return keepers.stream().map(turns -> turns.keeper().standing()).toList();
    }

    /**
     * Revokes the certificate for a name, and has it replaced at once.
     *
     * @param name as it was asked for
     * @throws IllegalArgumentException if no certificate is kept for it
     * @throws AcmeFailure if the authority refuses, or cannot be asked
     * @throws InterruptedException if the balancer closes
     */
    public void revoke(String name, RevocationReason reason) throws AcmeFailure, InterruptedException {
        DomainName wanted = DomainName.of(name);
        Turns turns = keepers.stream()
                .filter(one -> one.keeper().names().names().contains(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "name: \"" + name + "\" (expected: one that a certificate is kept for)"));
        try {
            turns.keeper().revoke(reason);
        } catch (IOException e) {
            throw Journal.storageFailed(turns.keeper().names(), e);
        } finally {
            turns.in(Duration.ZERO);
        }
    }
}
