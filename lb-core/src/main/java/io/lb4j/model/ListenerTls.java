package io.lb4j.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Part;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a listener does TLS. The certificate is chosen by the name that the client asks for. Immutable. */
public final class ListenerTls extends View {
    /** The kind of {@link Part} that gives certificates. */
    public static final String CERTIFICATE_SOURCE = "certificate_source";

    /** Certificates in files. */
    public static final Option<List<Settings>> CERTIFICATES = Option.of(
                    "certificates",
                    OptionTypes.sections(KeyPair.SECTION),
                    "Certificates in files, chosen by the server name that the client asks for; the first one is for all other names.")
            .defaultsTo(List.of())
            .build();

    /** The names of a self-signed certificate. */
    public static final Option<List<String>> SELF_SIGNED = Option.of(
                    "self_signed",
                    OptionTypes.list(ModelTypes.host()),
                    "Host names and addresses of a certificate that is made at start-up and signed by itself: for trials and tests.")
            .defaultsTo(List.of())
            .build();

    /** Certificates that code gives. */
    public static final Option<List<Part>> SOURCES = Option.of(
                    "sources",
                    OptionTypes.list(OptionTypes.part(CERTIFICATE_SOURCE)),
                    "Where further certificates come from.")
            .defaultsTo(List.of())
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

    /** Whether clients show a certificate. */
    public static final Option<ClientAuth> CLIENT_AUTH = Option.of(
                    "client_auth", OptionTypes.oneOf(ClientAuth.class), "Whether clients are asked for a certificate.")
            .defaultsTo(ClientAuth.NONE)
            .build();

    /** Who signs the clients' certificates. */
    public static final Option<Path> CLIENT_TRUST = Option.of(
                    "client_trust",
                    OptionTypes.file(),
                    "File with the certificates, in PEM, of those who sign clients' certificates.")
            .build();

    /** How long a handshake may take. */
    public static final Option<Duration> HANDSHAKE_TIMEOUT = Option.of(
                    "handshake_timeout", ModelTypes.time(), "How long a client may take for the handshake.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    /** Whether clients are given session tickets. */
    public static final Option<Boolean> SESSION_TICKETS = Option.of(
                    "session_tickets",
                    OptionTypes.bool(),
                    "Whether clients are given tickets to resume their sessions with; without, each handshake is a full one. BoringSSL only.")
            .defaultsTo(true)
            .build();

    /** The options of a listener's TLS. */
    public static final Section SECTION = Section.of("tls", "TLS towards clients.")
            .options(CERTIFICATES, SELF_SIGNED, SOURCES, MIN_VERSION, MAX_VERSION, CIPHERS)
            .options(CLIENT_AUTH, CLIENT_TRUST, HANDSHAKE_TIMEOUT, SESSION_TICKETS)
            .rule(ListenerTls::requireTrust)
            .rule((settings, scope) -> requireOrder(settings, scope, MIN_VERSION, MAX_VERSION))
            .build();

    ListenerTls(Settings settings) {
        super(settings);
    }

    /** Returns whether a listener's TLS names a certificate, or where to get one. */
    static boolean namesCertificate(Settings tls) {
        return tls.isSet(CERTIFICATES) || tls.isSet(SELF_SIGNED) || tls.isSet(SOURCES);
    }

    private static void requireTrust(Settings settings, Scope scope) {
        boolean asked = settings.find(CLIENT_AUTH).orElse(ClientAuth.NONE) != ClientAuth.NONE;
        if (asked && !settings.isSet(CLIENT_TRUST)) {
            String expected = "a file, because client_auth is set";
            scope.at(CLIENT_TRUST.name()).report(Fault.Code.MISSING, "missing", expected, settings.origin(CLIENT_AUTH));
        }
    }

    /** Reports a lower bound above the upper one. */
    static <T extends Comparable<? super T>> void requireOrder(
            Settings settings, Scope scope, Option<T> lower, Option<T> upper) {
        Optional<T> min = settings.find(lower);
        Optional<T> max = settings.find(upper);
        if (min.isPresent() && max.isPresent() && min.get().compareTo(max.get()) > 0) {
            Option<T> culprit = settings.isSet(lower) ? lower : upper;
            String seen = String.valueOf(settings.toTree().get(culprit.name()));
            String expected = culprit == lower ? "not above " + upper.name() : "not below " + lower.name();
            scope.at(culprit.name()).report(Fault.Code.CONFLICT, seen, expected, settings.origin(culprit));
        }
    }

    /** Returns the certificates in files; the first one is for names that no certificate is made for. */
    public List<KeyPair> certificates() {
        return settings().value(CERTIFICATES).stream().map(KeyPair::new).toList();
    }

    /** Returns the host names and addresses of the self-signed certificate; empty if there is to be none. */
    public List<String> selfSigned() {
        return settings().value(SELF_SIGNED);
    }

    /** Returns where further certificates come from. */
    public List<Part> sources() {
        return settings().value(SOURCES);
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

    /** Returns whether clients are asked for a certificate; not by default. */
    public ClientAuth clientAuth() {
        return settings().value(CLIENT_AUTH);
    }

    /** Returns the file with the certificates of those who sign clients' certificates. */
    public Optional<Path> clientTrust() {
        return settings().find(CLIENT_TRUST);
    }

    /** Returns how long a handshake may take; 10 seconds by default. */
    public Duration handshakeTimeout() {
        return settings().value(HANDSHAKE_TIMEOUT);
    }

    /** Returns whether clients are given tickets to resume their sessions with; they are by default. */
    public boolean sessionTickets() {
        return settings().value(SESSION_TICKETS);
    }
}
