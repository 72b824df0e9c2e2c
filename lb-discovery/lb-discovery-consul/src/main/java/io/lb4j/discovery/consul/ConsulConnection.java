package io.lb4j.discovery.consul;

import io.lb4j.config.Settings;
import io.lb4j.discovery.RegistrySettings;
import io.lb4j.discovery.RegistryTls;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.kiwiproject.consul.ConsulException;

/** A client of Consul, made with the first question. Thread-safe. */
final class ConsulConnection implements AutoCloseable {
    // Time for one packet that is lost, and little more: with the longest wait after it, an outage is over within 5
    // seconds.
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(1500);
    private static final int FORBIDDEN = 403;

    private final Settings settings;
    private org.kiwiproject.consul.@Nullable Consul client; // guarded by this
    private boolean isClosed; // guarded by this

    private ConsulConnection(Settings settings) {
        this.settings = settings;
    }

    /**
     * Opens a connection, without asking anything yet.
     *
     * @param settings of any section that has the options of a connection
     */
    static ConsulConnection open(Settings settings) {
        return new ConsulConnection(
                RegistrySettings.complete(RegistrySettings.draft(ConsulOptions.CONNECTION, settings)));
    }

    Settings settings() {
        return settings;
    }

    private synchronized org.kiwiproject.consul.Consul client() throws IOException {
        if (isClosed) {
            throw new IOException(this + ": closed");
        }
        org.kiwiproject.consul.Consul known = client;
        if (known == null) {
            known = newClient();
            client = known;
        }
        return known;
    }

    private org.kiwiproject.consul.Consul newClient() throws IOException {
        URI url = settings.value(ConsulOptions.URL);
        org.kiwiproject.consul.Consul.Builder builder = org.kiwiproject.consul.Consul.builder()
                .withUrl(url.toURL())
                .withPing(false)
                .withConnectTimeoutMillis(CONNECT_TIMEOUT.toMillis())
                .withReadTimeoutMillis(settings.value(ConsulOptions.TIMEOUT).toMillis())
                .withWriteTimeoutMillis(settings.value(ConsulOptions.TIMEOUT).toMillis());
        settings.find(ConsulOptions.TOKEN).ifPresent(builder::withTokenAuth);
        if ("https".equals(url.getScheme())) {
            Settings given = settings.find(ConsulOptions.TLS).orElseGet(() -> Settings.defaults(RegistryTls.SECTION));
            RegistryTls tls = RegistryTls.of(given);
            builder.withSslContext(tls.context()).withTrustManager(tls.trustManager());
        }
        return builder.build();
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param what is done, for the message of a failure: {@code read service api}
     * @throws IOException if there is no answer, or a refusal
     */
    <T> T ask(String what, Function<org.kiwiproject.consul.Consul, T> question) throws IOException {
        try {
            return question.apply(client());
        } catch (ConsulException e) {
            throw new IOException(this + ": " + message(what, e), e);
        }
    }

    private String message(String what, ConsulException e) {
        if (!e.hasCode()) {
            return "cannot " + what + ": " + innermost(e);
        }
        String said = String.valueOf(e.getMessage());
        if (said.contains("No path to datacenter")) {
            return "cannot " + what
                    + ": unknown datacenter (expected: one of those that \"consul catalog datacenters\" lists)";
        }
        if (said.contains("ACL not found")) {
            return "the token is not known there (expected: one that \"consul acl token list\" has)";
        }
        if (e.getCode() == FORBIDDEN) {
            String whose = settings.isSet(ConsulOptions.TOKEN) ? "the token" : "nobody without a token";
            return whose + " may " + (settings.isSet(ConsulOptions.TOKEN) ? "not " : "") + what
                    + " (expected: a token whose policy allows it)";
        }
        return "cannot " + what + ": " + said;
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "Canceled".equals(cause.getMessage()) ? "no whole answer in time" : cause.toString();
    }

    /** Breaks off all that is asked at present; the next question goes by another client. */
    synchronized void breakOff() {
        if (client != null) {
            client.destroy();
            client = null;
        }
    }

    /** Breaks off all that is asked, for good. Idempotent. */
    @Override
    public synchronized void close() {
        isClosed = true;
        breakOff();
    }

    @Override
    public String toString() {
        return "consul " + settings.value(ConsulOptions.URL);
    }
}
