package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.challenge.Proof;
import io.lb4j.acme.internal.challenge.Solver;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.DomainName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.TokenChallenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;

/**
 * Shows an authority that the names of one order are ours (RFC 8555 §7.5): first all answers are made ready, then the authority is told, then
 * its verdicts are waited for. Confined to one thread.
 */
final class Validation {
    private static final Set<Status> UNDER_WAY = Set.of(Status.PROCESSING, Status.VALID);
    private static final Set<Status> ENDS = Set.of(Status.VALID, Status.INVALID);
    private static final int TRIES = 3;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

    private final Order order;
    private final ChallengeChoice choice;
    private final Problems problems;
    private final List<Step> steps = new ArrayList<>();

    /** One name, and how it is shown to be ours. */
    private record Step(
            Authorization authorization, Challenge challenge, Solver solver, Proof proof, DomainName name) {}

    Validation(Order order, ChallengeChoice choice, Problems problems) {
        this.order = order;
        this.choice = choice;
        this.problems = problems;
    }

    void run() throws AcmeException, AcmeFailure, InterruptedException {
        try {
            for (Authorization authorization : order.getAuthorizations()) {
                if (authorization.getStatus() == Status.PENDING) {
                    prepare(authorization);
                }
            }
            await();
            for (Step step : steps) {
                trigger(step);
            }
            for (Step step : steps) {
                judge(step);
            }
        } catch (AcmeFailure e) {
            deactivate();
            throw e;
        } finally {
            steps.forEach(step -> step.solver.withdraw(step.proof));
        }
    }

    private void prepare(Authorization authorization) throws AcmeFailure, InterruptedException {
        Identifier identifier = authorization.getIdentifier();
        DomainName base = DomainName.of(identifier.getValue());
        DomainName name = authorization.isWildcard() ? DomainName.of("*." + base.text()) : base;
        Map<String, Challenge> offered = new LinkedHashMap<>();
        authorization.getChallenges().forEach(challenge -> offered.put(challenge.getType(), challenge));
        Set<String> begun = offered.values().stream()
                .filter(challenge -> UNDER_WAY.contains(challenge.getStatus()))
                .map(Challenge::getType)
                .collect(Collectors.toSet());
        Solver solver = choice.solver(name, begun)
                .or(() -> choice.solver(name, offered.keySet()))
                .orElseThrow(() -> nothingFits(name, offered.keySet()));
        if (!(offered.get(solver.type().protocolName()) instanceof TokenChallenge challenge)) {
            throw nothingFits(name, offered.keySet());
        }
        String keyAuthorization = challenge.getAuthorization();
        String token = keyAuthorization.substring(0, keyAuthorization.indexOf('.'));
        Proof proof = new Proof(base, token, keyAuthorization);
        // Before it is presented: what fails halfway is taken back too.
        steps.add(new Step(authorization, challenge, solver, proof, name));
        solver.present(proof);
    }

    /** Whoever held the lock before may have told the authority already: a challenge is not told of twice (RFC 8555 §7.5.1). */
    private static void trigger(Step step) throws AcmeException {
        if (step.challenge.getStatus() != Status.PENDING) {
            return;
        }
        try {
            step.challenge.trigger();
        } catch (AcmeServerException e) {
            if (Problems.isPassing(e) || !isUnderWay(step)) {
                throw e;
            }
        }
    }

    private static boolean isUnderWay(Step step) throws AcmeException {
        step.authorization.fetch();
        return step.authorization.getStatus() != Status.PENDING || present(step).getStatus() != Status.PENDING;
    }

    private AcmeFailure nothingFits(DomainName name, Set<String> offered) {
        String message = name + ": no challenge fits; the authority offers " + String.join(", ", offered)
                + " (expected: one of them in challenge_type)";
        return new AcmeFailure(AcmeFailure.Kind.REFUSED, message, AcmeFailure.Details.NONE);
    }

    private void await() throws AcmeFailure, InterruptedException {
        Map<Solver, List<Proof>> bySolver = steps.stream()
                .collect(Collectors.groupingBy(
                        Step::solver, LinkedHashMap::new, Collectors.mapping(Step::proof, Collectors.toList())));
        for (Map.Entry<Solver, List<Proof>> each : bySolver.entrySet()) {
            each.getKey().await(each.getValue());
        }
    }

    private void judge(Step step) throws AcmeException, AcmeFailure, InterruptedException {
        for (int tries = 1; true; tries++) {
            Status status = Polling.poll(step.authorization, any -> isDecided(step));
            if (status == Status.VALID) {
                return;
            }
            // Some authorities, of smallstep's family, leave what they could not validate pending, until they are told
            // of it anew.
            if (status != Status.PENDING
                    || tries == TRIES
                    || present(step).getError().isEmpty()) {
                throw problems.ofChallenge(
                        step.name, step.solver.type(), present(step).getError());
            }
            Thread.sleep(BETWEEN_TRIES.toMillis()); // on a thread that waits for authorities, as polling does
            present(step).trigger(); // RFC 8555 §8.2
        }
    }

    /** Returns the challenge as it was when the authority was asked last. */
    private static Challenge present(Step step) {
        return step.authorization.getChallenges().stream()
                .filter(challenge -> challenge.getType().equals(step.challenge.getType()))
                .findFirst()
                .orElse(step.challenge);
    }

    private static boolean isDecided(Step step) {
        Challenge challenge = present(step);
        return ENDS.contains(step.authorization.getStatus())
                || (challenge.getStatus() == Status.PENDING
                        && challenge.getError().isPresent());
    }

    /** Gives up what is pending, so that it does not count against the authority's limit of pending authorizations. */
    private void deactivate() {
        for (Step step : steps) {
            try {
                if (step.authorization.getStatus() == Status.PENDING) {
                    step.authorization.deactivate();
                }
            } catch (AcmeException | RuntimeException e) {
                // It ends by itself; what went wrong first is what is told.
                return;
            }
        }
    }
}
