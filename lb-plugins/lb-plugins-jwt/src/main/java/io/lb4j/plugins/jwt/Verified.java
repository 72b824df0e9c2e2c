package io.lb4j.plugins.jwt;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a token says whose signature was found to be right.
 *
 * @param keys that it was checked with
 * @param claims all but those that are null
 * @param notBefore from when on it holds
 * @param expires until when
 * @param scopes that it has
 */
record Verified(
        KeySet keys,
        Map<String, Object> claims,
        Optional<Instant> notBefore,
        Optional<Instant> expires,
        Set<String> scopes) {
    Verified {
        claims = Map.copyOf(claims);
        scopes = Set.copyOf(scopes);
    }
}
