package io.lb4j.plugins.jwt;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.model.ModelTypes;
import io.lb4j.plugins.kit.IdentityField;
import io.lb4j.plugins.kit.SecureAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What can be configured of JSON Web Tokens. */
final class JwtOptions {
    private static final String ADDRESS =
            "an https address such as https://id.example.com/jwks.json (http to this machine only)";
    private static final String SECRET_EXPECTED = "a secret of at least 32 octets (RFC 7518 §3.2)";

    static final Option<URI> JWKS = Option.of("jwks", SecureAddress.type(ADDRESS), "Where the keys are fetched.")
            .absentMeans("jwks_file or secret says it")
            .build();

    static final Option<Path> JWKS_FILE = Option.of(
                    "jwks_file", OptionTypes.file(), "File that holds the keys; it is read again when it has changed.")
            .absentMeans("jwks or secret says it")
            .build();

    static final Option<String> SECRET = Option.of(
                    "secret",
                    OptionTypes.text(String.class, SECRET_EXPECTED, JwtOptions::requireSecret, text -> text),
                    "Secret that tokens are signed with, in UTF-8.")
            .secret()
            .absentMeans("jwks or jwks_file says it")
            .build();

    static final Option<List<Algorithm>> ALGORITHMS = Option.of(
                    "algorithms",
                    OptionTypes.list(OptionTypes.choice(Algorithm.class, Algorithm::text)),
                    "Algorithms that are accepted, whatever a token says.")
            .absentMeans("RS256 and ES256, or HS256 where there is a secret")
            .build();

    static final Option<String> ISSUER = Option.of("issuer", OptionTypes.string("an issuer"), "What iss has to be.")
            .absentMeans("whoever has the key may issue tokens")
            .build();

    static final Option<List<String>> AUDIENCE = Option.of(
                    "audience",
                    OptionTypes.list(OptionTypes.string("an audience")),
                    "What aud has to name, at least one of them.")
            .absentMeans("tokens for others are accepted")
            .build();

    static final Option<List<String>> SCOPES = Option.of(
                    "scopes",
                    OptionTypes.list(OptionTypes.string("a scope")),
                    "Scopes that a token has to have, all of them; without them 403.")
            .absentMeans("none")
            .build();

    static final Option<Duration> CLOCK_SKEW = Option.of(
                    "clock_skew", OptionTypes.duration(Duration.ZERO), "How far clocks may be apart.")
            .defaultsTo(Duration.ofSeconds(60))
            .build();

    static final Option<Boolean> REQUIRE_EXPIRY = Option.of(
                    "require_expiry", OptionTypes.bool(), "Whether tokens that never expire are refused.")
            .defaultsTo(true)
            .build();

    static final Option<String> FIELD = Option.of(
                    "field",
                    ModelTypes.fieldName(),
                    "Field that the token comes in; in authorization it follows the word Bearer.")
            .defaultsTo("authorization")
            .build();

    static final Option<String> COOKIE = Option.of(
                    "cookie", OptionTypes.name(), "Cookie that the token may come in instead.")
            .absentMeans("it comes in the field only")
            .build();

    static final Option<Boolean> FORWARD = Option.of("forward", OptionTypes.bool(), "Whether endpoints see the token.")
            .defaultsTo(true)
            .build();

    static final Option<String> IDENTITY_CLAIM = Option.of(
                    "identity_claim", OptionTypes.string("a claim"), "Claim that says who the client is.")
            .defaultsTo("sub")
            .build();

    static final Option<Map<String, String>> CLAIM_FIELDS = Option.of(
                    "claim_fields",
                    OptionTypes.map("field names", OptionTypes.string("a claim")),
                    "Fields that tell endpoints further claims; the client's own are removed.")
            .defaultsTo(Map.of())
            .build();

    static final Option<Boolean> REQUIRED = Option.of(
                    "required",
                    OptionTypes.bool(),
                    "Whether requests without a token are refused; one that is wrong always is.")
            .defaultsTo(true)
            .build();

    static final Option<Duration> REFRESH = Option.of("refresh", ModelTypes.time(), "How often keys are fetched again.")
            .defaultsTo(Duration.ofMinutes(15))
            .build();

    static final Option<Duration> MIN_REFRESH = Option.of(
                    "min_refresh",
                    ModelTypes.time(),
                    "How long at least lies between two times that keys are fetched because a token names one that is unknown.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    static final Option<Duration> TIMEOUT = Option.of("timeout", ModelTypes.time(), "How long fetching keys may take.")
            .defaultsTo(Duration.ofSeconds(3))
            .build();

    static final Section SECTION = Section.of("jwt", "Lets in whoever has a JSON Web Token (RFC 7519).")
            .options(JWKS, JWKS_FILE, SECRET, ALGORITHMS, ISSUER, AUDIENCE, SCOPES, CLOCK_SKEW, REQUIRE_EXPIRY)
            .options(FIELD, COOKIE, FORWARD, IDENTITY_CLAIM, CLAIM_FIELDS, REQUIRED, IdentityField.OPTION)
            .options(REFRESH, MIN_REFRESH, TIMEOUT)
            .exactlyOneOf(JWKS, JWKS_FILE, SECRET)
            .rule(JwtOptions::requireOneKind)
            .rule(JwtOptions::requireFieldNames)
            .build();

    private JwtOptions() {}

    private static String requireSecret(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length < 32) {
            throw new IllegalArgumentException(SECRET_EXPECTED);
        }
        return text;
    }

    /** A public key must never be taken for a secret (RFC 8725 §2.1). */
    private static void requireOneKind(Settings settings, Scope scope) {
        boolean symmetric = settings.isSet(SECRET);
        for (Algorithm algorithm : settings.find(ALGORITHMS).orElse(List.of())) {
            if (algorithm.isSymmetric() != symmetric) {
                String expected =
                        symmetric ? "algorithms for a secret: HS256, HS384, HS512" : "algorithms for public keys";
                scope.at(ALGORITHMS.name())
                        .report(Fault.Code.CONFLICT, algorithm.text(), expected, settings.origin(ALGORITHMS));
            }
        }
    }

    private static void requireFieldNames(Settings settings, Scope scope) {
        for (String name : settings.find(CLAIM_FIELDS).orElse(Map.of()).keySet()) {
            try {
                FieldName.of(name);
            } catch (IllegalArgumentException e) {
                scope.at(CLAIM_FIELDS.name())
                        .at(name)
                        .report(Fault.Code.INVALID, name, "a field name", settings.origin(CLAIM_FIELDS));
            }
        }
    }

    static List<Algorithm> algorithms(Settings settings) {
        List<Algorithm> usual =
                settings.isSet(SECRET) ? List.of(Algorithm.HS256) : List.of(Algorithm.RS256, Algorithm.ES256);
        return settings.find(ALGORITHMS).orElse(usual);
    }
}
