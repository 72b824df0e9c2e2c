package io.lb4j.plugins.jwt;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.IdentityField;
import io.lb4j.plugins.kit.PartBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Describes which tokens let in. */
public final class JwtBuilder extends PartBuilder<JwtBuilder> {
    JwtBuilder() {
        super(new Draft(JwtOptions.SECTION));
    }

    @Override
    protected JwtBuilder self() {
        return this;
    }

    /** Sets where keys are fetched. Required, or one of the next two is. */
    public JwtBuilder jwks(String address) {
        return setText(JwtOptions.JWKS, address, "jwks");
    }

    /** Sets the file that holds the keys. Default: they are fetched. */
    public JwtBuilder jwksFile(Path file) {
        return set(JwtOptions.JWKS_FILE, file, "jwksFile");
    }

    /** Sets the secret that tokens are signed with. Default: keys are public. */
    public JwtBuilder secret(String secret) {
        return setText(JwtOptions.SECRET, secret, "secret");
    }

    /** Sets the algorithms that are accepted. Default: RS256 and ES256, or HS256 where there is a secret. */
    public JwtBuilder algorithms(Algorithm... algorithms) {
        return set(JwtOptions.ALGORITHMS, List.of(algorithms), "algorithms");
    }

    /** Sets what {@code iss} has to be. Default: whoever has the key may issue tokens. */
    public JwtBuilder issuer(String issuer) {
        return set(JwtOptions.ISSUER, issuer, "issuer");
    }

    /** Sets what {@code aud} has to name, at least one of them. Default: tokens for others are accepted. */
    public JwtBuilder audience(String... audiences) {
        return set(JwtOptions.AUDIENCE, List.of(audiences), "audience");
    }

    /** Sets the scopes that a token has to have. Default: none. */
    public JwtBuilder scopes(String... scopes) {
        return set(JwtOptions.SCOPES, List.of(scopes), "scopes");
    }

    /** Sets how far clocks may be apart. Default: a minute. */
    public JwtBuilder clockSkew(Duration skew) {
        return set(JwtOptions.CLOCK_SKEW, skew, "clockSkew");
    }

    /** Accepts tokens that never expire. Default: they are refused. */
    public JwtBuilder withoutExpiry() {
        return set(JwtOptions.REQUIRE_EXPIRY, false, "withoutExpiry");
    }

    /** Sets the field that the token comes in. Default: {@code authorization}, after the word Bearer. */
    public JwtBuilder field(String name) {
        return setText(JwtOptions.FIELD, name, "field");
    }

    /** Lets the token come in a cookie too. Default: it does not. */
    public JwtBuilder cookie(String name) {
        return set(JwtOptions.COOKIE, name, "cookie");
    }

    /** Sets whether endpoints see the token. Default: they do. */
    public JwtBuilder forward(boolean forward) {
        return set(JwtOptions.FORWARD, forward, "forward");
    }

    /** Sets the claim that says who the client is. Default: {@code sub}. */
    public JwtBuilder identityClaim(String claim) {
        return set(JwtOptions.IDENTITY_CLAIM, claim, "identityClaim");
    }

    /** Tells endpoints a further claim. Default: none. */
    public JwtBuilder claimField(String field, String claim) {
        return put(JwtOptions.CLAIM_FIELDS, field, claim, "claimField");
    }

    /** Lets requests without a token go on, without an identity. Default: they are refused. */
    public JwtBuilder optional() {
        return set(JwtOptions.REQUIRED, false, "optional");
    }

    /** Sets the field that tells endpoints who the client is. Default: {@code x-authenticated-user}. */
    public JwtBuilder identityField(String name) {
        return setText(IdentityField.OPTION, name, "identityField");
    }

    /** Sets how often keys are fetched again, and how often at most because a token names one that is unknown. Default: 15 minutes, 10 seconds. */
    public JwtBuilder refresh(Duration interval, Duration atLeast) {
        set(JwtOptions.REFRESH, interval, "refresh");
        return set(JwtOptions.MIN_REFRESH, atLeast, "refresh");
    }

    /** Sets how long fetching keys may take. Default: 3 seconds. */
    public JwtBuilder timeout(Duration time) {
        return set(JwtOptions.TIMEOUT, time, "timeout");
    }
}
