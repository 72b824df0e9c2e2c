package io.lb4j.plugins.registry.oci;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Who asks a registry. Immutable.
 *
 * @param user empty for an identity token
 * @param secret the password, or an identity token of the registry's own token service
 */
public record Credentials(String user, String secret) {
    /** Returns whether the secret is a token that the token service exchanges for others. */
    boolean isIdentityToken() {
        return user.isEmpty();
    }

    /** Returns the field {@code Authorization} for a user with a password (RFC 7617). */
    String basic() {
        byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** Keeps the secret out of logs. */
    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
