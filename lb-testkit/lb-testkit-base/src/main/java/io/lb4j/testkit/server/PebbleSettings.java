package io.lb4j.testkit.server;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How Pebble behaves. Immutable: each setter returns a changed copy.
 *
 * <p>Defaults: validates at ports 5002 (HTTP-01) and 5001 (TLS-ALPN-01) without waiting, rejects 5 of 100 good nonces, uses half of
 * the valid authorizations again, and asks a DNS server of its own by which every name is at 127.0.0.1.
 */
public final class PebbleSettings {
    private static final int HTTP_PORT = 5002;
    private static final int TLS_PORT = 5001;

    private final Ports ports;
    private final Map<String, String> environment;
    private final Map<String, String> externalAccounts;
    private final Issuance issuance;

    private PebbleSettings(
            Ports ports, Map<String, String> environment, Map<String, String> externalAccounts, Issuance issuance) {
        this.ports = ports;
        this.environment = Map.copyOf(environment);
        this.externalAccounts = Map.copyOf(externalAccounts);
        this.issuance = issuance;
    }

    /**
     * What holds unless something else is set.
     *
     * @return all defaults
     */
    public static PebbleSettings defaults() {
        return new PebbleSettings(
                new Ports(HTTP_PORT, TLS_PORT, OptionalInt.empty()),
                Map.of("PEBBLE_VA_NOSLEEP", "1"),
                Map.of(),
                new Issuance(false, Optional.empty(), Map.of()));
    }

    /**
     * Default: 5002. Where HTTP-01 is validated.
     *
     * @param port in place of 80
     * @return a changed copy
     */
    public PebbleSettings httpPort(int port) {
        return new PebbleSettings(new Ports(port, ports.tls, ports.dns), environment, externalAccounts, issuance);
    }

    /**
     * Default: 5001. Where TLS-ALPN-01 is validated.
     *
     * @param port in place of 443
     * @return a changed copy
     */
    public PebbleSettings tlsPort(int port) {
        return new PebbleSettings(new Ports(ports.http, port, ports.dns), environment, externalAccounts, issuance);
    }

    /**
     * Default: a server of its own. The DNS server that is asked for addresses and TXT records.
     *
     * @param port of 127.0.0.1
     * @return a changed copy
     */
    public PebbleSettings dnsPort(int port) {
        return new PebbleSettings(
                new Ports(ports.http, ports.tls, OptionalInt.of(port)), environment, externalAccounts, issuance);
    }

    /**
     * Default: 5. How many of 100 good nonces are rejected.
     *
     * @param percent 0 to 100
     * @return a changed copy
     */
    public PebbleSettings rejectedNonces(int percent) {
        return with("PEBBLE_WFE_NONCEREJECT", Integer.toString(percent));
    }

    /**
     * Default: 50. How many of 100 valid authorizations are used again.
     *
     * @param percent 0 to 100
     * @return a changed copy
     */
    public PebbleSettings reusedAuthorizations(int percent) {
        return with("PEBBLE_AUTHZREUSE", Integer.toString(percent));
    }

    /**
     * Default: 0. How many further roots there are, each with a chain of its own.
     *
     * @param count 0 or more
     * @return a changed copy
     */
    public PebbleSettings alternateRoots(int count) {
        return with("PEBBLE_ALTERNATE_ROOTS", Integer.toString(count));
    }

    /**
     * Default: not at all. Waits before each validation, for a time by chance.
     *
     * @param seconds the longest time
     * @return a changed copy
     */
    public PebbleSettings validationDelay(int seconds) {
        return with("PEBBLE_VA_NOSLEEP", "0").with("PEBBLE_VA_SLEEPTIME", Integer.toString(seconds));
    }

    /**
     * Default: none, and accounts need none. An external account, which every new account has to be bound to one of.
     *
     * @param identifier of the key
     * @param key in base64url
     * @return a changed copy
     */
    public PebbleSettings externalAccount(String identifier, String key) {
        Map<String, String> more = new HashMap<>(externalAccounts);
        more.put(identifier, key);
        return new PebbleSettings(ports, environment, more, issuance);
    }

    private PebbleSettings with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new PebbleSettings(ports, more, externalAccounts, issuance);
    }

    int httpPort() {
        return ports.http;
    }

    int tlsPort() {
        return ports.tls;
    }

    OptionalInt dnsPort() {
        return ports.dns;
    }

    Map<String, String> environment() {
        return environment;
    }

    Map<String, String> externalAccounts() {
        return externalAccounts;
    }

    /**
     * Default: none. Where a responder is that issued certificates name; it is up to the test to answer there.
     *
     * @param address of the responder
     * @return a changed copy
     */
    public PebbleSettings ocspResponder(URI address) {
        return with(new Issuance(issuance.newer, Optional.of(address), issuance.profiles));
    }

    /**
     * Default: the Pebble that Debian 12 has. A newer one, by the name of {@code pebble-newer}, which knows renewal windows (RFC 9773) and
     * profiles.
     *
     * @return a changed copy
     */
    public PebbleSettings newer() {
        return with(new Issuance(true, issuance.ocspResponder, issuance.profiles));
    }

    /**
     * Default: none, and certificates are valid for five years. A profile that orders may name; for a {@linkplain #newer newer} Pebble.
     *
     * @param name of the profile
     * @param validity of its certificates
     * @return a changed copy
     */
    public PebbleSettings profile(String name, Duration validity) {
        Map<String, Duration> more = new TreeMap<>(issuance.profiles);
        more.put(name, validity);
        return with(new Issuance(issuance.newer, issuance.ocspResponder, more));
    }

    private PebbleSettings with(Issuance changed) {
        return new PebbleSettings(ports, environment, externalAccounts, changed);
    }

    boolean isNewer() {
        return issuance.newer;
    }

    Optional<URI> ocspResponder() {
        return issuance.ocspResponder;
    }

    Map<String, Duration> profiles() {
        return issuance.profiles;
    }

    private record Issuance(boolean newer, Optional<URI> ocspResponder, Map<String, Duration> profiles) {}

    private record Ports(int http, int tls, OptionalInt dns) {}
}
