package io.lb4j.acme.internal.challenge;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.archive.SharedChallenge;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.DomainName;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Challenges that the instances of a fleet answer for one another: an authority asks whichever instance a name leads it to. Each instance looks
 * every second for what others want to have answered. Thread-safe.
 */
public final class SharedChallenges {
    /** How often an instance looks. */
    public static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Logger logger = LoggerFactory.getLogger(SharedChallenges.class);
    private static final Duration SEEN_BY_ALL = PERIOD.multipliedBy(3); // also where a store takes its time
    private static final Duration LONGEST_LIFE = Duration.ofHours(1);

    private final Archive archive;
    private final Map<String, Solver> solvers = new HashMap<>(); // filled before it is published
    private final Clock clock;
    private final LongSupplier nanoSource;
    private final Set<Answered> own = ConcurrentHashMap.newKeySet();
    private final Map<SharedChallenge, Long> seenNanos = new HashMap<>(); // confined to the thread that looks
    private final Set<Answered> others = new HashSet<>(); // confined to the thread that looks

    /**
     * Creates the exchange.
     *
     * @param solvers that answer what others publish
     * @param nanoSource a clock that nobody sets: what is too old is told by it, since the clocks of others may be hours away
     */
    public SharedChallenges(Archive archive, List<Solver> solvers, Clock clock, LongSupplier nanoSource) {
        this.archive = archive;
        this.clock = clock;
        this.nanoSource = nanoSource;
        solvers.forEach(solver -> this.solvers.put(solver.type().protocolName(), solver));
    }

    /** What is answered: however often, and by whomever, it was told. */
    private record Answered(String type, Proof proof) {
        static Answered of(SharedChallenge challenge) {
            return new Answered(
                    challenge.type(), new Proof(challenge.name(), challenge.token(), challenge.keyAuthorization()));
        }
    }

    /** Answers what others want to have answered, and no longer what they do not. What this instance has seen for an hour is swept up. */
    public void look() {
        try {
            Set<Answered> wanted = new HashSet<>();
            List<SharedChallenge> present = archive.challenges();
            seenNanos.keySet().retainAll(Set.copyOf(present));
            for (SharedChallenge challenge : present) {
                Answered answered = Answered.of(challenge);
                if (isLeftBehind(challenge)) {
                    archive.withdraw(challenge);
                } else if (!own.contains(answered) && solvers.containsKey(challenge.type())) {
                    wanted.add(answered);
                }
            }
            for (Answered answered : wanted) {
                if (others.add(answered)) {
                    solver(answered).present(answered.proof);
                }
            }
            others.removeIf(answered -> {
                boolean isOver = !wanted.contains(answered);
                if (isOver && !own.contains(answered)) {
                    solver(answered).withdraw(answered.proof);
                }
                return isOver;
            });
        } catch (IOException | AcmeFailure | RuntimeException e) {
            // Of whatever kind: it is looked again in a second.
            logger.debug("challenges of other instances cannot be seen", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** However old it says that it is: the clock of who has written that may be hours away from ours. */
    private boolean isLeftBehind(SharedChallenge challenge) {
        long now = nanoSource.getAsLong();
        return now - seenNanos.computeIfAbsent(challenge, first -> now) > LONGEST_LIFE.toNanos();
    }

    private Solver solver(Answered answered) {
        Solver solver = solvers.get(answered.type);
        if (solver == null) {
            throw new IllegalStateException("challenge: " + answered.type + " (expected: one that is answered here)");
        }
        return solver;
    }

    /** Lets others answer what a solver answers. */
    public Solver publishing(Solver solver) {
        return new Publishing(solver);
    }

    /** Answers, and lets others answer. */
    private final class Publishing implements Solver {
        private final Solver solver;
        private final Map<Proof, SharedChallenge> published = new ConcurrentHashMap<>();

        Publishing(Solver solver) {
            this.solver = solver;
        }

        @Override
        public ChallengeType type() {
            return solver.type();
        }

        @Override
        public boolean isFor(DomainName name) {
            return solver.isFor(name);
        }

        @Override
        public void present(Proof proof) throws AcmeFailure, InterruptedException {
            solver.present(proof);
            SharedChallenge challenge = new SharedChallenge(
                    type().protocolName(), proof.name(), proof.token(), proof.keyAuthorization(), clock.instant());
            published.put(proof, challenge);
            own.add(Answered.of(challenge));
            try {
                archive.publish(challenge);
            } catch (IOException e) {
                String message = proof.name() + ": the challenge cannot be told to other instances: " + e.getMessage()
                        + "; tried again later";
                throw new AcmeFailure(AcmeFailure.Kind.LOCAL, message, e);
            }
        }

        @Override
        public void await(List<Proof> proofs) throws AcmeFailure, InterruptedException {
            solver.await(proofs);
            Thread.sleep(SEEN_BY_ALL.toMillis());
        }

        @Override
        public void withdraw(Proof proof) {
            solver.withdraw(proof);
            SharedChallenge challenge = published.remove(proof);
            if (challenge == null) {
                return;
            }
            try {
                archive.withdraw(challenge);
            } catch (IOException e) {
                logger.debug("{}: a challenge that is over stays in the storage for an hour", proof.name(), e);
            }
            own.remove(Answered.of(challenge));
        }
    }
}
