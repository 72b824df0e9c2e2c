package io.lb4j.plugins.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.lb4j.config.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges tokens (RFC 7519 §7.2, RFC 8725). What the head of a token says of keys (jwk, jku, x5c …) counts for nothing. A signature that was right
 * is remembered, as long as the keys stay. Thread-safe.
 */
final class TokenJudge {
    /** What becomes of a request. */
    enum Outcome {
        /** It comes in. */
        RIGHT,
        /** The token is not for us, not valid now, or nobody's. */
        WRONG,
        /** The token is right, and does not allow this. */
        SCOPE,
        /** The token names a key that is not there. */
        UNKNOWN_KEY
    }

    /** An outcome, with what the token says where it is right. */
    record Verdict(Outcome outcome, Map<String, Object> claims) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(TokenJudge.class);
    private static final Verdict WRONG = new Verdict(Outcome.WRONG, Map.of());
    private static final Verdict UNKNOWN_KEY = new Verdict(Outcome.UNKNOWN_KEY, Map.of());
    private static final int LONGEST = 16_384;
    private static final int MOST_REMEMBERED = 10_000;
    private static final Set<String> TYPES = Set.of("jwt", "application/jwt", "at+jwt", "application/at+jwt");

    private final Supplier<Instant> clock;
    private final Set<String> algorithms = new HashSet<>();
    private final Optional<String> issuer;
    private final List<String> audience;
    private final List<String> scopes;
    private final Duration skew;
    private final boolean requiresExpiry;
    private final ConcurrentHashMap<String, Verified> remembered = new ConcurrentHashMap<>();

    TokenJudge(Settings settings, Supplier<Instant> clock) {
        this.clock = clock;
        JwtOptions.algorithms(settings).forEach(algorithm -> algorithms.add(algorithm.text()));
        issuer = settings.find(JwtOptions.ISSUER);
        audience = settings.find(JwtOptions.AUDIENCE).orElse(List.of());
        scopes = settings.find(JwtOptions.SCOPES).orElse(List.of());
        skew = settings.value(JwtOptions.CLOCK_SKEW);
        requiresExpiry = settings.value(JwtOptions.REQUIRE_EXPIRY);
    }

    Verdict judge(String token, KeySet keys) {
        if (token.length() > LONGEST) {
            return WRONG;
        }
        String digest = digest(token);
        Verified known = remembered.get(digest);
        if (known == null || known.keys() != keys) {
            try {
                SignedJWT parsed = SignedJWT.parse(token);
                if (!isAcceptable(parsed.getHeader())) {
                    return WRONG;
                }
                if (!keys.hasKeyFor(parsed.getHeader())) {
                    return UNKNOWN_KEY;
                }
                if (!keys.verify(parsed)) {
                    return WRONG;
                }
                known = verified(parsed.getJWTClaimsSet(), keys);
            } catch (ParseException | JOSEException | RuntimeException e) {
                LOGGER.debug("a token cannot be read", e);
                return WRONG;
            }
            if (!isFor(known)) {
                return WRONG;
            }
            remember(digest, known);
        }
        if (!isTimely(known)) {
            return WRONG;
        }
        return new Verdict(known.scopes().containsAll(scopes) ? Outcome.RIGHT : Outcome.SCOPE, known.claims());
    }

    private boolean isAcceptable(JWSHeader header) {
        JOSEObjectType type = header.getType();
        boolean isToken = type == null || TYPES.contains(type.getType().toLowerCase(Locale.ROOT));
        return isToken
                && algorithms.contains(header.getAlgorithm().getName())
                && (header.getCriticalParams() == null
                        || header.getCriticalParams().isEmpty());
    }

    private static Verified verified(JWTClaimsSet set, KeySet keys) throws ParseException {
        Map<String, Object> claims = new HashMap<>();
        set.getClaims().forEach((name, value) -> {
            if (value != null) {
                claims.put(
                        name,
                        value instanceof Date date ? (Object) date.toInstant().getEpochSecond() : value);
            }
        });
        claims.put("aud", set.getAudience());
        return new Verified(
                keys,
                claims,
                Optional.ofNullable(set.getNotBeforeTime()).map(Date::toInstant),
                Optional.ofNullable(set.getExpirationTime()).map(Date::toInstant),
                scopes(claims));
    }

    /** RFC 8693 §4.2 has them in one text; others in a list. */
    private static Set<String> scopes(Map<String, Object> claims) {
        Set<String> found = new HashSet<>();
        for (String name : List.of("scope", "scp")) {
            Object value = claims.get(name);
            if (value instanceof String text) {
                found.addAll(Arrays.asList(text.split(" ", -1)));
            } else if (value instanceof List<?> list) {
                list.forEach(each -> found.add(String.valueOf(each)));
            }
        }
        return found;
    }

    private boolean isFor(Verified token) {
        boolean issued = issuer.isEmpty() || issuer.get().equals(token.claims().get("iss"));
        boolean meant = audience.isEmpty()
                || (token.claims().get("aud") instanceof List<?> named
                        && named.stream().anyMatch(audience::contains));
        return issued && meant && (token.expires().isPresent() || !requiresExpiry);
    }

    private boolean isTimely(Verified token) {
        Instant now = clock.get();
        return token.notBefore().map(from -> !now.plus(skew).isBefore(from)).orElse(true)
                && token.expires().map(until -> now.minus(skew).isBefore(until)).orElse(true);
    }

    private void remember(String digest, Verified token) {
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.values().removeIf(each -> each.keys() != token.keys() || !isTimely(each));
            Iterator<String> any = remembered.keySet().iterator();
            if (remembered.size() >= MOST_REMEMBERED && any.hasNext()) {
                any.next();
                any.remove();
            }
        }
        remembered.put(digest, token);
    }

    private static String digest(String token) {
        try {
            byte[] octets = token.getBytes(StandardCharsets.ISO_8859_1);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
