package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How TLS is done with a cluster's endpoints. Immutable. */
public final class UpstreamTls extends View {
    /** Whether the endpoint's certificate is verified. */
    public static final Option<Boolean> VERIFY = Option.of(
                    "verify",
                    OptionTypes.bool(),
                    "Whether an endpoint's certificate has to be trusted and made for its name; without, anyone can pose as the endpoint.")
            .defaultsTo(true)
            .build();

    /** The name to ask for. */
    public static final Option<String> SERVER_NAME = Option.of(
                    "server_name", ModelTypes.host(), "Name to ask for (SNI) and to verify.")
            .absentMeans("the endpoint's host")
            .build();

    /** Who is trusted. */
    public static final Option<Path> TRUST = Option.of(
                    "trust",
                    OptionTypes.file(),
                    "File with the certificates, in PEM, of those who sign the endpoints' certificates.")
            .absentMeans("the Java runtime's trust store")
            .build();

    /** Our own certificate. */
    public static final Option<Settings> CLIENT_CERTIFICATE = Option.of(
                    "client_certificate",
                    OptionTypes.section(KeyPair.SECTION),
                    "Certificate to show to endpoints that ask for one.")
            .absentMeans("none is shown")
            .build();

    /** The lowest version. */
    public static final Option<TlsVersion> MIN_VERSION = Option.of(
                    "min_version", OptionTypes.choice(TlsVersion.class, TlsVersion::toString), "Lowest version of TLS.")
            .defaultsTo(TlsVersion.TLS_1_2)
            .build();

    /** The highest version. */
    public static final Option<TlsVersion> MAX_VERSION = Option.of(
                    "max_version",
                    OptionTypes.choice(TlsVersion.class, TlsVersion::toString),
                    "Highest version of TLS.")
            .defaultsTo(TlsVersion.TLS_1_3)
            .build();

    /** The cipher suites. */
    public static final Option<List<String>> CIPHERS = Option.of(
                    "ciphers",
                    OptionTypes.list(OptionTypes.name()),
                    "Cipher suites by their registered names, the preferred one first; none named: the engine's own choice.")
            .defaultsTo(List.of())
            .build();

    /** The options of a cluster's TLS. */
    public static final Section SECTION = Section.of("tls", "TLS towards endpoints.")
            .options(VERIFY, SERVER_NAME, TRUST, CLIENT_CERTIFICATE, MIN_VERSION, MAX_VERSION, CIPHERS)
            .rule((settings, scope) -> ListenerTls.requireOrder(settings, scope, MIN_VERSION, MAX_VERSION))
            .build();

    UpstreamTls(Settings settings) {
        super(settings);
    }

    /** Returns whether certificates are verified, trust and name; by default they are. */
    public boolean verifies() {
        return settings().value(VERIFY);
    }

    /** Returns the name to ask for and to verify; by default it is the endpoint's host. */
    public Optional<String> serverName() {
        return settings().find(SERVER_NAME);
    }

    /** Returns the file with the certificates that are trusted; by default the Java runtime's trust store is used. */
    public Optional<Path> trust() {
        return settings().find(TRUST);
    }

    /** Returns the certificate to show; by default none. */
    public Optional<KeyPair> clientCertificate() {
        return settings().find(CLIENT_CERTIFICATE).map(KeyPair::new);
    }

    /** Returns the lowest version; TLS 1.2 by default. */
    public TlsVersion minVersion() {
        return settings().value(MIN_VERSION);
    }

    /** Returns the highest version; TLS 1.3 by default. */
    public TlsVersion maxVersion() {
        return settings().value(MAX_VERSION);
    }

    /** Returns the cipher suites, the preferred one first; empty for the engine's own choice, which is the default. */
    public List<String> ciphers() {
        return settings().value(CIPHERS);
    }
}
