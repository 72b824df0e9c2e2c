package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.spi.Certificate;
import io.lb4j.stats.CertificateStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keepers of all certificates: gives each its turns, on threads that may wait, so that one name that fails keeps no other from its
 * certificate. Thread-safe.
 */
public final class Keepers {
    private static final Logger logger = LoggerFactory.getLogger(Keepers.class);

    private static final int FIRST_TURNS = 30; // of what is waited for
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final List<Turns> configured;
    private final ConcurrentHashMap<CertificateNames, Turns> demanded = new ConcurrentHashMap<>();
    private final Surroundings around;
    private final Served served;
    private final Executor workers;
    private final Archive archive;
    private String seen = ""; // confined to the thread that looks, as below
    private boolean isBlind;
    private final AtomicBoolean begun = new AtomicBoolean();

    /**
     * Creates keepers, and serves what is stored.
     *
     * @param workers run turns, several at a time
     * @throws UncheckedIOException if the storage cannot be asked, and is this machine's own or required
     */
    public Keepers(Surroundings around, Served served, Executor workers) {
        archive = around.archive();
        this.around = around;
        this.served = served;
        this.workers = workers;
        if (around.options().requiresStorage()) {
            requireAnswer();
        }
        this.configured = around.options().certificates().stream()
                .map(names -> opened(new Keeper(names, around, served, Leave.ALWAYS)))
                .toList();
    }

    /** Asks for what no copy is kept of. */
    private void requireAnswer() {
        try {
            archive.version();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "acme: " + AcmeOptions.STORAGE_REQUIRED.name() + ": the storage cannot be asked: " + e.getMessage(),
                    e);
        }
    }

    private Turns opened(Keeper keeper) {
        try {
            keeper.open();
        } catch (IOException e) {
            if (!archive.storage().isShared()) {
                throw new UncheckedIOException(keeper.names() + ": the storage cannot be read: " + e.getMessage(), e);
            }
            // Across a network it comes back by itself, and is looked for every second.
            logger.warn(
                    "{}: the storage cannot be asked; a certificate stands in until it can: {}",
                    keeper.names(),
                    e.toString());
            isBlind = true;
        }
        return new Turns(keeper, around.context(), workers, any -> false);
    }

    private Stream<Turns> all() {
        return Stream.concat(configured.stream(), demanded.values().stream());
    }

    /** Takes what other instances have obtained. Called again and again where the storage is shared; may block. */
    public void look() {
        try {
            String version = archive.version();
            if (!version.equals(seen)) {
                for (Turns turns : all().toList()) {
                    if (turns.keeper().look()) {
                        turns.in(Duration.ZERO); // what its issuer says of it is not known yet
                    }
                }
                seen = version;
            }
            if (isBlind && begun.get()) {
                // What failed for want of the storage is not kept waiting for it.
                all().forEach(turns -> turns.in(Duration.ZERO));
            }
            isBlind = false;
        } catch (IOException | RuntimeException e) {
            // Of whatever kind: it is looked again in a second.
            if (!isBlind) {
                logger.warn("the storage cannot be asked; what is known is served on: {}", e.toString());
            }
            isBlind = true;
        }
    }

    /** Begins to order; challenges are answered by now. Does nothing the second time. */
    public void begin() {
        if (begun.compareAndSet(false, true)) {
            configured.forEach(turns -> turns.in(Duration.ZERO));
        }
    }

    /** Returns whether a certificate is kept that was asked for on demand. */
    public boolean isDemanded(CertificateNames names) {
        return demanded.containsKey(names);
    }

    /** Returns the certificate that is held for names that were asked for on demand. Never waits. */
    public Optional<Certificate> held(CertificateNames names) {
        return Optional.ofNullable(demanded.get(names))
                .flatMap(turns -> turns.keeper().certificate());
    }

    /**
     * Keeps one more certificate for as long as there is a valid one, and waits for it. For one name it is called once at a time.
     *
     * @param leave is asked for before each order
     * @param most that may be kept on demand
     * @return empty if it could not be had
     * @throws IOException if the storage cannot be asked
     * @throws InterruptedException if the balancer closes
     */
    public Optional<Certificate> keep(CertificateNames names, Leave leave, int most)
            throws IOException, InterruptedException {
        Keeper keeper = new Keeper(names, around, served, leave);
        Turns turns = new Turns(keeper, around.context(), workers, this::isLetGo);
        if (!add(turns, most)) {
            logger.warn("{}: on demand: refused, there are {} names (expected: fewer)", names, most);
            return Optional.empty();
        }
        Duration next = Duration.ZERO;
        try {
            keeper.look();
            if (keeper.certificate().isEmpty()) {
                next = firstTurns(keeper);
            }
        } finally {
            if (!isLetGo(keeper)) {
                turns.in(next);
            }
        }
        return keeper.certificate();
    }

    private synchronized boolean add(Turns turns, int most) {
        return demanded.size() < most && demanded.putIfAbsent(turns.keeper().names(), turns) == null;
    }

    /** Another instance may be about it, or our own limit met: both pass soon. */
    private static Duration firstTurns(Keeper keeper) throws InterruptedException {
        Duration wait = keeper.turn();
        for (int i = 1; i < FIRST_TURNS; i++) {
            if (keeper.certificate().isPresent() || wait.compareTo(LONGEST_PAUSE) > 0) {
                break;
            }
            Thread.sleep(wait.toMillis());
            wait = keeper.turn();
        }
        return wait;
    }

    /** What was asked for on demand, and is not there or over, is asked for again by whoever wants it. */
    private boolean isLetGo(Keeper keeper) {
        if (keeper.certificate().isPresent()) {
            return false;
        }
        Turns known = demanded.get(keeper.names());
        if (known != null && known.keeper().equals(keeper)) {
            demanded.remove(keeper.names(), known);
            served.remove(keeper.names());
        }
        return true;
    }

    /** Returns how the certificates stand. Never waits. */
    public List<CertificateStatistics> standing() {
        return all().map(turns -> turns.keeper().standing()).toList();
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
        Turns turns = all().filter(one -> one.keeper().names().names().contains(wanted))
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

    /**
     * Gives the account with each authority another key.
     *
     * @throws AcmeFailure of the first authority that refuses, or cannot be asked
     * @throws InterruptedException if the thread is interrupted
     */
    public void changeAccountKeys() throws AcmeFailure, InterruptedException {
        for (Surroundings.Limited limited : around.authorities()) {
            if (limited.authority().changeAccountKey()) {
                around.context()
                        .report("account_key_changed", limited.authority().name() + ": the account has another key");
            }
        }
    }
}
