package io.lb4j.server.config;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Where the process is administered from, and by whom. Immutable; equal if the settings are. */
public final class AdminOptions {
    private static final int SHORTEST_TOKEN = 16;

    /** The address. */
    public static final Option<String> HOST = Option.of(
                    "host",
                    OptionTypes.text(String.class, "an address", AdminOptions::address, text -> text),
                    "Address to bind. One that is not of loopback needs a token, or tls with client_trust.")
            .defaultsTo("127.0.0.1")
            .build();

    /** The port. */
    public static final Option<Integer> PORT = Option.of(
                    "port", OptionTypes.integer(0, 65_535), "Port to bind; 0 for one that is free.")
            .defaultsTo(9901)
            .build();

    /** A socket in the file system. */
    public static final Option<Path> UNIX_SOCKET = Option.of(
                    "unix_socket",
                    OptionTypes.text(Path.class, "a path", Path::of, Path::toString),
                    "Socket in the file system in place of host and port; only its owner can connect.")
            .absentMeans("host and port")
            .build();

    /** What is shown to be let in. */
    public static final Option<String> TOKEN = Option.of(
                    "token",
                    OptionTypes.text(
                            String.class, "a text of at least 16 visible characters", AdminOptions::token, t -> t),
                    "What clients show in Authorization: Bearer. The health of the process is told without.")
            .secret()
            .absentMeans("whoever can connect is let in")
            .build();

    /** The names that it is called by. */
    public static final Option<List<String>> ALLOWED_HOSTS = Option.of(
                    "allowed_hosts",
                    OptionTypes.list(OptionTypes.name()),
                    "Names that requests may call it by, beside localhost, 127.0.0.1, [::1] and host: whatever else a browser was led here by is refused.")
            .defaultsTo(List.of())
            .build();

    /** The certificate chain. */
    public static final Option<Path> CHAIN = Option.of(
                    "chain",
                    OptionTypes.file(),
                    "File with the certificate chain in PEM, the end-entity certificate first.")
            .required()
            .build();

    /** The key. */
    public static final Option<Path> KEY = Option.of("key", OptionTypes.file(), "File with the private key in PEM.")
            .required()
            .build();

    /** Who signs clients' certificates. */
    public static final Option<Path> CLIENT_TRUST = Option.of(
                    "client_trust",
                    OptionTypes.file(),
                    "File with the certificates, in PEM, of those who sign clients' certificates; clients then have to show one.")
            .absentMeans("clients show none")
            .build();

    /** TLS. */
    public static final Section TLS_SECTION = Section.of("tls", "TLS of the administration.")
            .options(CHAIN, KEY, CLIENT_TRUST)
            .build();

    /** TLS. */
    public static final Option<Settings> TLS = Option.of("tls", OptionTypes.section(TLS_SECTION), "TLS.")
            .absentMeans("no TLS")
            .build();

    /** The options. */
    public static final Section SECTION = Section.of(
                    "admin", "Where the process is administered from; without it, from nowhere.")
            .options(HOST, PORT, UNIX_SOCKET, TOKEN, ALLOWED_HOSTS, TLS)
            .rule(AdminOptions::requireProtection)
            .build();

    private final Settings settings;

    AdminOptions(Settings settings) {
        this.settings = settings;
    }

    /**
     * Returns options for a process that is not configured by files.
     *
     * @throws io.lb4j.config.ConfigurationException if a value is not valid; it names all that are not
     */
    public static AdminOptions of(Consumer<? super AdminBuilder> options) {
        AdminBuilder builder = new AdminBuilder();
        options.accept(builder);
        return new AdminOptions(builder.complete());
    }

    private static String address(String text) {
        if (!text.matches("[A-Za-z0-9_.:-]{1,253}")) {
            throw new IllegalArgumentException("a host name or an address, an IPv6 address without brackets");
        }
        return text;
    }

    private static String token(String text) {
        if (text.length() < SHORTEST_TOKEN || text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException("a text of at least 16 visible characters");
        }
        return text;
    }

    private static void requireProtection(Settings settings, Scope scope) {
        String host = settings.find(HOST).orElse("127.0.0.1");
        boolean isKept = settings.find(TOKEN).isPresent()
                || settings.isFaulty(TOKEN)
                || settings.find(UNIX_SOCKET).isPresent()
                || settings.find(TLS).flatMap(tls -> tls.find(CLIENT_TRUST)).isPresent();
        if (!isKept && !isLoopback(host)) {
            String expected = "an address of loopback, or a token, or tls with client_trust";
            scope.at(HOST.name()).report(Fault.Code.CONFLICT, '"' + host + '"', expected, settings.origin(HOST));
        }
    }

    /** Returns whether only this machine can reach an address. */
    public static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }

    /** Returns the address to bind; 127.0.0.1 by default. */
    public String host() {
        return settings.value(HOST);
    }

    /** Returns the port to bind; 9901 by default. */
    public int port() {
        return settings.value(PORT);
    }

    /** Returns the socket in the file system; none by default. */
    public Optional<Path> unixSocket() {
        return settings.find(UNIX_SOCKET);
    }

    /** Returns what clients show; nothing by default. */
    public Optional<String> token() {
        return settings.find(TOKEN);
    }

    /** Returns the names that requests may call it by, beside those of loopback and the host; none by default. */
    public List<String> allowedHosts() {
        return settings.value(ALLOWED_HOSTS);
    }

    /** Returns the settings of {@link #TLS_SECTION}; no TLS by default. */
    public Optional<Settings> tls() {
        return settings.find(TLS);
    }

    /** Returns whether other options have it listen in the same place. */
    public boolean isSamePlace(AdminOptions other) {
        return unixSocket().equals(other.unixSocket())
                && (unixSocket().isPresent() || (host().equals(other.host()) && port() == other.port()));
    }

    /** Returns whether other options have it listen at the same port, of whichever address: the one may be in the way of the other. */
    public boolean isSamePort(AdminOptions other) {
        boolean isAddress = unixSocket().isEmpty() && other.unixSocket().isEmpty();
        return isAddress && port() != 0 && port() == other.port();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdminOptions options && options.settings.equals(settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    /** Tells the settings, the token masked. */
    @Override
    public String toString() {
        return settings.toString();
    }
}
