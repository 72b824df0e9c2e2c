package io.lb4j.acme.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Part;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.DnsOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that is said of certificates that take care of themselves. Immutable; equal if the settings are.
 *
 * <p>The options of one section stand in one place, however many there are: by it a reader sees what can be said.
 */
public final class AcmeOptions {
    private static final int LONGEST_RENEWAL_DAYS = 365;
    private static final ScalarType<DomainName> DOMAIN = OptionTypes.text(
            DomainName.class,
            "a host name such as api.example.com, a wildcard such as *.example.com, or an IP address",
            DomainName::of,
            DomainName::text);

    /** Whether at all. */
    public static final Option<Boolean> ENABLED = Option.of(
                    "enabled", OptionTypes.bool(), "Whether certificates are obtained and served at all.")
            .defaultsTo(true)
            .build();

    /** Who is told. */
    public static final Option<String> EMAIL = Option.of(
                    "email",
                    OptionTypes.text(String.class, "an e-mail address", AcmeOptions::email, text -> text),
                    "The account's contact.")
            .absentMeans("an account without contact")
            .build();

    /** The authority's terms. */
    public static final Option<Boolean> ACCEPT_TERMS = Option.of(
                    "accept_terms", OptionTypes.bool(), "Whether the terms of service of the authorities are accepted.")
            .defaultsTo(false)
            .build();

    /** Who issues. */
    public static final Option<List<Settings>> AUTHORITIES = Option.of(
                    "authorities",
                    OptionTypes.sections(AuthorityOptions.SECTION),
                    "The authorities, in the order in which they are asked.")
            .absentMeans("Let's Encrypt")
            .build();

    /** Names with a certificate each. */
    public static final Option<List<DomainName>> DOMAINS = Option.of(
                    "domains", OptionTypes.list(DOMAIN), "Names that get a certificate each.")
            .defaultsTo(List.of())
            .build();

    /** The names of one certificate. */
    public static final Option<List<DomainName>> NAMES = Option.of(
                    "names", OptionTypes.list(DOMAIN), "The names of the certificate.")
            .required()
            .build();

    /** A certificate with several names. */
    public static final Section CERTIFICATE = Section.of("certificate", "A certificate with several names.")
            .options(NAMES)
            .build();

    /** Certificates with several names. */
    public static final Option<List<Settings>> CERTIFICATES = Option.of(
                    "certificates", OptionTypes.sections(CERTIFICATE), "Certificates with several names each.")
            .defaultsTo(List.of())
            .build();

    /** Names that nobody has configured. */
    public static final Option<Settings> ON_DEMAND = Option.of(
                    "on_demand",
                    OptionTypes.section(DemandOptions.SECTION),
                    "Certificates for names that nobody has configured, when a handshake asks for them.")
            .absentMeans("none")
            .build();

    /** How names are shown to be ours. */
    public static final Option<List<ChallengeType>> CHALLENGE_TYPE = Option.of(
                    "challenge_type",
                    OptionTypes.list(OptionTypes.choice(ChallengeType.class, ChallengeType::option)),
                    "The kinds of challenges, in the order in which they are tried: http, tls-alpn, dns.")
            .defaultsTo(List.of(ChallengeType.HTTP, ChallengeType.TLS_ALPN))
            .build();

    /** Where it is kept. */
    public static final Option<Path> STORAGE_PATH = Option.of(
                    "storage_path",
                    OptionTypes.text(Path.class, "a folder", Path::of, Path::toString),
                    "The folder for certificates, keys and accounts; made where it is missing, for its owner alone.")
            .defaultsTo(Path.of("certs"))
            .build();

    /** The kind of {@link Part} that storage is: an {@code AcmeStorage}. */
    public static final String STORAGE_KIND = "acme_storage";

    /** Storage that is code. */
    public static final Option<Part> STORAGE = Option.of(
                    "storage", OptionTypes.part(STORAGE_KIND), "Storage other than files.")
            .absentMeans("the fleet's shared store where the balancer has one, or else files")
            .build();

    /** Where copies are kept. */
    public static final Option<Path> COPY_PATH = Option.of(
                    "copy_path",
                    OptionTypes.text(Path.class, "a folder", Path::of, Path::toString),
                    "The folder for copies of the certificates in a shared storage, served by a start while the"
                            + " storage is away; made where it is missing, for its owner alone.")
            .absentMeans("no copies")
            .build();

    /** Whether a start needs the storage. */
    public static final Option<Boolean> STORAGE_REQUIRED = Option.of(
                    "storage_required",
                    OptionTypes.bool(),
                    "Whether a start fails while a shared storage cannot be asked, copies or not. Files always have to"
                            + " be readable.")
            .defaultsTo(false)
            .build();

    /** Which keys. */
    public static final Option<KeyType> KEY_TYPE = Option.of(
                    "key_type", OptionTypes.oneOf(KeyType.class), "The kind of key that certificates have.")
            .defaultsTo(KeyType.EC256)
            .build();

    /** Whether a key serves again. */
    public static final Option<Boolean> REUSE_KEY = Option.of(
                    "reuse_key", OptionTypes.bool(), "Whether a renewed certificate has the key of the one before.")
            .defaultsTo(false)
            .build();

    /** How early, in days. */
    public static final Option<Integer> RENEWAL_DAYS = Option.of(
                    "renewal_days",
                    OptionTypes.integer(1, LONGEST_RENEWAL_DAYS),
                    "How many days before its end a certificate is renewed; never earlier than renewal_share says.")
            .defaultsTo(30)
            .build();

    /** How early, as a share. */
    public static final Option<Double> RENEWAL_SHARE = Option.of(
                    "renewal_share",
                    OptionTypes.ratio(),
                    "The last share of its lifetime in which a certificate is renewed, unless the authority names a"
                            + " time itself.")
            .defaultsTo(1 / 3d)
            .build();

    /** Whether issuers are asked. */
    public static final Option<Boolean> REVOCATION_CHECK = Option.of(
                    "revocation_check",
                    OptionTypes.bool(),
                    "Whether it is asked where certificates say (OCSP, revocation lists) if they are revoked.")
            .defaultsTo(true)
            .build();

    /** Whether it is a trial. */
    public static final Option<Boolean> TEST_MODE = Option.of(
                    "test_mode",
                    OptionTypes.bool(),
                    "Whether the authorities' endpoints for trials are asked, whose certificates nobody trusts.")
            .defaultsTo(false)
            .build();

    /** Where challenges are answered when no listener does. */
    public static final Option<Integer> CHALLENGE_PORT = Option.of(
                    "challenge_port",
                    OptionTypes.integer(0, 65_535),
                    "The port of the small server that answers challenges over HTTP where the balancer has no plain"
                            + " listener.")
            .defaultsTo(80)
            .build();

    /** The kind of {@link Part} that changes DNS: a {@code DnsProvider}. */
    public static final String DNS_PROVIDER_KIND = "dns_provider";

    /** Who changes DNS. */
    public static final Option<Part> DNS_PROVIDER = Option.of(
                    "dns_provider",
                    OptionTypes.part(DNS_PROVIDER_KIND),
                    "Who puts records into the zone for challenges by DNS: cloudflare, route53, rfc2136, acme-dns,"
                            + " exec, httpreq.")
            .absentMeans("no challenges by DNS")
            .build();

    /** Whom to ask. */
    public static final Option<List<InetSocketAddress>> DNS_RESOLVERS = Option.of(
                    "dns_resolvers",
                    DnsOptions.SERVERS.type(),
                    "Who is asked for aliases and for a zone's servers, by address; none named: the system's"
                            + " resolvers.")
            .defaultsTo(List.of())
            .build();

    /** Who has to show a record. */
    public static final Option<DnsCheck> DNS_CHECK = Option.of(
                    "dns_check",
                    OptionTypes.oneOf(DnsCheck.class),
                    "Who has to show a record before the authority is told: the zone's own servers, or the resolvers.")
            .defaultsTo(DnsCheck.AUTHORITATIVE)
            .build();

    /** How long servers have. */
    public static final Option<Duration> DNS_TIMEOUT = Option.of(
                    "dns_timeout",
                    OptionTypes.duration(Duration.ofSeconds(1)),
                    "How long is waited until all of them show it.")
            .defaultsTo(Duration.ofMinutes(2))
            .build();

    /** Where records go. */
    public static final Option<DomainName> CHALLENGE_ALIAS = Option.of(
                    "challenge_alias", DOMAIN, "The name that all records go to, in place of where aliases lead.")
            .absentMeans("where the aliases of _acme-challenge below each name lead")
            .build();

    /** All options. */
    public static final Section SECTION = Section.of(
                    "acme", "Certificates that are obtained from certificate authorities, and renewed.")
            .options(
                    ENABLED,
                    EMAIL,
                    ACCEPT_TERMS,
                    AUTHORITIES,
                    DOMAINS,
                    CERTIFICATES,
                    ON_DEMAND,
                    CHALLENGE_TYPE,
                    CHALLENGE_PORT)
            .options(DNS_PROVIDER, DNS_RESOLVERS, DNS_CHECK, DNS_TIMEOUT, CHALLENGE_ALIAS)
            .options(
                    STORAGE_PATH,
                    STORAGE,
                    COPY_PATH,
                    STORAGE_REQUIRED,
                    KEY_TYPE,
                    REUSE_KEY,
                    RENEWAL_DAYS,
                    RENEWAL_SHARE,
                    REVOCATION_CHECK,
                    TEST_MODE)
            .atMostOneOf(STORAGE_PATH, COPY_PATH)
            .rule(AcmeRules::requireNames)
            .rule(AcmeRules::requireDistinctCertificates)
            .rule(AcmeRules::requireFittingChallenges)
            .rule(AcmeRules::requireDnsProvider)
            .build();

    private final Settings settings;

    /** Makes a view of settings that have been checked. */
    public AcmeOptions(Settings settings) {
        this.settings = settings;
    }

    private static String email(String text) {
        String trimmed = text.strip();
        if (!trimmed.matches("[!-~&&[^@<>\",;]]+@[!-~&&[^@<>\",;]]+\\.[!-~&&[^@<>\",;]]+")) {
            throw new IllegalArgumentException("an e-mail address");
        }
        return trimmed;
    }

    /** Returns the settings. */
    public Settings settings() {
        return settings;
    }

    /** Returns whether anything is done at all. */
    public boolean isEnabled() {
        return settings.value(ENABLED);
    }

    /** Returns the account's contact. */
    public Optional<String> email() {
        return settings.find(EMAIL);
    }

    /** Returns whether the authorities' terms are accepted. */
    public boolean acceptsTerms() {
        return settings.value(ACCEPT_TERMS);
    }

    /** Returns the authorities, the preferred one first. */
    public List<AuthorityOptions> authorities() {
        List<AuthorityOptions> named = settings.find(AUTHORITIES).orElse(List.of()).stream()
                .map(AuthorityOptions::new)
                .toList();
        return named.isEmpty() ? List.of(AuthorityOptions.letsEncrypt()) : named;
    }

    /** Returns the certificates that are asked for. */
    public List<CertificateNames> certificates() {
        List<CertificateNames> all = new ArrayList<>();
        settings.value(DOMAINS).forEach(name -> all.add(CertificateNames.of(name)));
        settings.value(CERTIFICATES).forEach(one -> all.add(new CertificateNames(one.value(NAMES))));
        return List.copyOf(all);
    }

    /** Returns whether it is asked if certificates are revoked. */
    public boolean checksRevocation() {
        return settings.value(REVOCATION_CHECK);
    }

    /** Returns what is said of certificates on demand. */
    public Optional<DemandOptions> onDemand() {
        return settings.find(ON_DEMAND).map(DemandOptions::new);
    }

    /** Returns the kinds of challenges in the order in which they are tried. */
    public List<ChallengeType> challengeTypes() {
        return settings.value(CHALLENGE_TYPE);
    }

    /** Returns the port of the server for challenges. */
    public int challengePort() {
        return settings.value(CHALLENGE_PORT);
    }

    /** Returns who changes DNS. */
    public Optional<Part> dnsProvider() {
        return settings.find(DNS_PROVIDER);
    }

    /** Returns who is asked; empty for the system's resolvers. */
    public List<InetSocketAddress> dnsResolvers() {
        return settings.value(DNS_RESOLVERS);
    }

    /** Returns who has to show a record. */
    public DnsCheck dnsCheck() {
        return settings.value(DNS_CHECK);
    }

    /** Returns how long they have. */
    public Duration dnsTimeout() {
        return settings.value(DNS_TIMEOUT);
    }

    /** Returns where all records go. */
    public Optional<DomainName> challengeAlias() {
        return settings.find(CHALLENGE_ALIAS);
    }

    /** Who has to show a record before an authority is told of it. */
    public enum DnsCheck {
        /** The zone's own servers. */
        AUTHORITATIVE,
        /** The resolvers. */
        RESOLVERS
    }

    /** Returns the folder of the storage in files. */
    public Path storagePath() {
        return settings.value(STORAGE_PATH);
    }

    /** Returns the storage that is code. */
    public Optional<Part> storage() {
        return settings.find(STORAGE);
    }

    /** Returns whether files were asked for by name. */
    public boolean isStoredInFiles() {
        return settings.isSet(STORAGE_PATH);
    }

    /** Returns the folder for copies of certificates. */
    public Optional<Path> copyPath() {
        return settings.find(COPY_PATH);
    }

    /** Returns whether a start fails while a shared storage cannot be asked. */
    public boolean requiresStorage() {
        return settings.value(STORAGE_REQUIRED);
    }

    /** Returns the kind of key. */
    public KeyType keyType() {
        return settings.value(KEY_TYPE);
    }

    /** Returns whether a key serves again. */
    public boolean reusesKey() {
        return settings.value(REUSE_KEY);
    }

    /** Returns how many days before its end a certificate is renewed. */
    public int renewalDays() {
        return settings.value(RENEWAL_DAYS);
    }

    /** Returns the last share of a lifetime in which a certificate is renewed. */
    public double renewalShare() {
        return settings.value(RENEWAL_SHARE);
    }

    /** Returns whether the endpoints for trials are asked. */
    public boolean isTest() {
        return settings.value(TEST_MODE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AcmeOptions options && options.settings.equals(settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    /** Tells the settings, secrets masked. */
    @Override
    public String toString() {
        return settings.toString();
    }
}
