package io.lb4j.acme.model;

import io.lb4j.config.Draft;
import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is said of one certificate authority. Immutable. */
public final class AuthorityOptions {
    /** Who it is. */
    public static final Option<Directory> DIRECTORY = Option.of(
                    "directory",
                    OptionTypes.text(
                            Directory.class,
                            "letsencrypt, letsencrypt-staging, zerossl, google, buypass, or the https address of an ACME directory",
                            Directory::of,
                            directory -> directory.name().contains("-")
                                            && directory.test().isEmpty()
                                    ? directory.address().toString()
                                    : directory.name()),
                    "The authority: letsencrypt, letsencrypt-staging, zerossl, google, buypass, or the address of a directory.")
            .required()
            .build();

    /** Whom its API is trusted by. */
    public static final Option<Path> CA_CERTIFICATES = Option.of(
                    "ca_certificates",
                    OptionTypes.file(),
                    "A file in PEM of those who vouch for the authority's own API; a private authority needs it.")
            .absentMeans("those that the JDK trusts")
            .build();

    /** The external account's identifier. */
    public static final Option<String> EAB_KEY_ID = Option.of(
                    "eab_key_id",
                    OptionTypes.string("a key's identifier"),
                    "The identifier of the external account that a new account is bound to.")
            .absentMeans("none")
            .build();

    /** The external account's key. */
    public static final Option<String> EAB_HMAC_KEY = Option.of(
                    "eab_hmac_key", OptionTypes.string("a key in base64url"), "The key of the external account.")
            .secret()
            .absentMeans("none")
            .build();

    /** The kind of certificate. */
    public static final Option<String> PROFILE = Option.of(
                    "profile", OptionTypes.name(), "Which of the authority's profiles is asked for: shortlived, say.")
            .absentMeans("the authority's choice")
            .build();

    /** Which chain. */
    public static final Option<String> PREFERRED_CHAIN = Option.of(
                    "preferred_chain",
                    OptionTypes.string("the common name of an issuer"),
                    "The common name of an issuer; of several chains, the first that has it is taken.")
            .absentMeans("the first that the authority gives")
            .build();

    /** Which proxy. */
    public static final Option<HttpProxy> HTTP_PROXY = Option.of(
                    "http_proxy",
                    OptionTypes.text(HttpProxy.class, "host:port", HttpProxy::of, HttpProxy::toString),
                    "The HTTP proxy by which the authority is reached.")
            .absentMeans("none")
            .build();

    /** The options of one authority. */
    public static final Section SECTION = Section.of("authority", "A certificate authority.")
            .options(DIRECTORY, CA_CERTIFICATES, EAB_KEY_ID, EAB_HMAC_KEY, PROFILE, PREFERRED_CHAIN, HTTP_PROXY)
            .rule(AuthorityOptions::requireWholeAccount)
            .build();

    private final Settings settings;

    AuthorityOptions(Settings settings) {
        this.settings = settings;
    }

    /** Who is asked where nobody is named. */
    static AuthorityOptions letsEncrypt() {
        Draft draft = new Draft(SECTION);
        draft.setText(DIRECTORY, "letsencrypt", Origin.byDefault());
        return new AuthorityOptions(draft.complete(Scope.root(new Faults(), PartCatalog.of(List.of()))));
    }

    private static void requireWholeAccount(Settings settings, Scope scope) {
        if (settings.isSet(EAB_KEY_ID) != settings.isSet(EAB_HMAC_KEY)) {
            Option<String> missing = settings.isSet(EAB_KEY_ID) ? EAB_HMAC_KEY : EAB_KEY_ID;
            Option<String> given = settings.isSet(EAB_KEY_ID) ? EAB_KEY_ID : EAB_HMAC_KEY;
            scope.at(missing.name())
                    .report(Fault.Code.MISSING, "missing", "set together with " + given, settings.origin(given));
        }
    }

    /** Returns who it is. */
    public Directory directory() {
        return settings.value(DIRECTORY);
    }

    /** Returns the file of those who vouch for its API; empty for those that the JDK trusts. */
    public Optional<Path> caCertificates() {
        return settings.find(CA_CERTIFICATES);
    }

    /** Returns the external account that a new account is bound to. */
    public Optional<ExternalAccount> externalAccount() {
        return settings.find(EAB_KEY_ID)
                .flatMap(id -> settings.find(EAB_HMAC_KEY).map(key -> new ExternalAccount(id, key)));
    }

    /** Returns the profile that is asked for. */
    public Optional<String> profile() {
        return settings.find(PROFILE);
    }

    /** Returns the common name of the issuer whose chain is taken. */
    public Optional<String> preferredChain() {
        return settings.find(PREFERRED_CHAIN);
    }

    /** Returns the proxy. */
    public Optional<HttpProxy> httpProxy() {
        return settings.find(HTTP_PROXY);
    }

    /**
     * An account that the authority's owner has given out beforehand (RFC 8555 §7.3.4).
     *
     * @param keyId of the key
     * @param hmacKey in base64url
     */
    public record ExternalAccount(String keyId, String hmacKey) {
        /** Tells the identifier, never the key. */
        @Override
        public String toString() {
            return "external account " + keyId;
        }
    }
}
