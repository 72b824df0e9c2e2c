package io.lb4j.acme.internal.archive;

import io.lb4j.acme.model.DomainName;
import java.time.Instant;

/**
 * A challenge that any instance may be asked. Immutable.
 *
 * @param type as the protocol calls it
 * @param name that is validated
 * @param token the authority's
 * @param keyAuthorization that proves the name to be ours (RFC 8555 §8.1)
 * @param publishedAt when it was told to others
 */
public record SharedChallenge(
        String type, DomainName name, String token, String keyAuthorization, Instant publishedAt) {}
