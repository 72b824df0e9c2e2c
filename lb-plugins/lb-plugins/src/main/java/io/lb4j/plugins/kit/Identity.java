package io.lb4j.plugins.kit;

import io.lb4j.exchange.AttributeKey;
import java.util.Map;

/**
 * Whom a plugin has found a client to be. It is kept with the exchange under {@link #KEY}. Immutable.
 *
 * @param name who
 * @param scheme how that is known: {@code basic}, {@code api_key}, {@code jwt}
 * @param claims what else is known
 */
public record Identity(String name, String scheme, Map<String, Object> claims) {
    /** Where an exchange keeps it. */
    public static final AttributeKey<Identity> KEY = AttributeKey.of("identity", Identity.class);

    /** Copies what it is given. */
    public Identity {
        claims = Map.copyOf(claims);
    }

    /** Returns somebody of whom no more is known. */
    public static Identity of(String name, String scheme) {
        return new Identity(name, scheme, Map.of());
    }
}
