package io.lb4j.acme.internal.challenge;

import io.lb4j.acme.model.DomainName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What shows that a name is ours. Immutable.
 *
 * @param name the name that is validated; of a wildcard, its base
 * @param token the authority's
 * @param keyAuthorization token and thumbprint of the account's key (RFC 8555 §8.1)
 */
public record Proof(DomainName name, String token, String keyAuthorization) {
    /** Returns the SHA-256 of the key authorization: what a handshake shows (RFC 8737 §3). */
    public byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(keyAuthorization.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the digest in base64url: what a TXT record holds (RFC 8555 §8.4). */
    public String record() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest());
    }
}
