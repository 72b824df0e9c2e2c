package io.lb4j.internal.control;

import io.lb4j.spi.Certificate;
import io.lb4j.spi.ChallengeResponder;
import java.util.Optional;

/** Knows the answer to no challenge. */
enum NoChallenges implements ChallengeResponder {
    INSTANCE;

    @Override
    public Optional<String> httpChallenge(String host, String token) {
        return Optional.empty();
    }

    @Override
    public Optional<Certificate> tlsChallenge(String serverName) {
        return Optional.empty();
    }
}
