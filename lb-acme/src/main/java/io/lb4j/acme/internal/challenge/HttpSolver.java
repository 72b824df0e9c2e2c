package io.lb4j.acme.internal.challenge;

import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.DomainName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers over HTTP (HTTP-01, RFC 8555 §8.3), by the balancer's plain listeners. Only tokens of challenges under way are known; they cannot be
 * guessed, so that the host of the request does not matter. Thread-safe.
 */
public final class HttpSolver implements Solver {
    private final Map<String, Proof> answers = new ConcurrentHashMap<>();

    /** Creates a solver that knows no token. */
    public HttpSolver() {}

    @Override
    public ChallengeType type() {
        return ChallengeType.HTTP;
    }

    @Override
    public boolean isFor(DomainName name) {
        return !name.isWildcard();
    }

    @Override
    public void present(Proof proof) {
        answers.put(proof.token(), proof);
    }

    @Override
    public void withdraw(Proof proof) {
        answers.remove(proof.token());
    }

    /** Returns what a token is answered with. Never blocks. */
    public Optional<String> answer(String token) {
        return Optional.ofNullable(answers.get(token)).map(Proof::keyAuthorization);
    }
}
