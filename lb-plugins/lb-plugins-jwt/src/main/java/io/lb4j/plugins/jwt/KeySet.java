package io.lb4j.plugins.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;

/** Keys that signatures are checked with. Immutable. */
final class KeySet {
    /** There are no keys yet. */
    static final KeySet NONE = new KeySet(List.of(), Optional.empty());

    private static final int MOST_KEYS = 100;
    private static final int WEAKEST_RSA_BITS = 2048;

    private final List<JWK> keys;
    private final Optional<byte[]> secret;

    private KeySet(List<JWK> keys, Optional<byte[]> secret) {
        this.keys = List.copyOf(keys);
        this.secret = secret;
    }

    static KeySet of(String secret) {
        return new KeySet(List.of(), Optional.of(secret.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Reads a set of keys (RFC 7517 §5). Those that are weak, or no signing keys of these kinds, are left out.
     *
     * @throws ParseException if it is none, or none is left
     */
    static KeySet parse(String json) throws ParseException {
        List<JWK> usable = JWKSet.parse(json).getKeys().stream()
                .filter(KeySet::isUsable)
                .limit(MOST_KEYS)
                .map(JWK::toPublicJWK)
                .toList();
        if (usable.isEmpty()) {
            throw new ParseException("no RSA, EC or Ed25519 key for signatures", 0);
        }
        return new KeySet(usable, Optional.empty());
    }

    private static boolean isUsable(JWK key) {
        boolean signs = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
        boolean strong = (key instanceof OctetKeyPair pair && EdwardsVerifier.knows(pair))
                || (key instanceof RSAKey rsa && rsa.size() >= WEAKEST_RSA_BITS)
                || (key instanceof ECKey ec
                        && List.of(Curve.P_256, Curve.P_384, Curve.P_521).contains(ec.getCurve()));
        return signs && strong;
    }

    boolean isEmpty() {
        return keys.isEmpty() && secret.isEmpty();
    }

    /** Returns whether there is a key that a token's head may mean. */
    boolean hasKeyFor(JWSHeader header) {
        return secret.isPresent() || !candidates(header).isEmpty();
    }

    private List<JWK> candidates(JWSHeader header) {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        return matcher == null
                ? List.of()
                : keys.stream().filter(matcher::matches).toList();
    }

    /** Returns whether a token was signed by one of the keys. Its algorithm has to have been judged before. */
    boolean verify(SignedJWT token) throws JOSEException {
        if (secret.isPresent()) {
            return token.verify(new MACVerifier(secret.get()));
        }
        for (JWK key : candidates(token.getHeader())) {
            if (token.verify(verifier(key))) {
                return true;
            }
        }
        return false;
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        if (key instanceof OctetKeyPair pair) {
            return new EdwardsVerifier(pair);
        }
        return key instanceof RSAKey rsa ? new RSASSAVerifier(rsa) : new ECDSAVerifier((ECKey) key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeySet set && set.keys.equals(keys) && set.secret.isEmpty() == secret.isEmpty();
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }
}
