package io.lb4j.discovery.consul;

import io.lb4j.config.Settings;
import io.lb4j.discovery.RegistrySettings;
import io.lb4j.discovery.RegistryTls;
import io.lb4j.discovery.TimeLimit;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
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
    private static final String LATE = "no whole answer in time";
    private static final int SPREAD = 16; // Consul lets a question wait for up to a sixteenth longer

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
                .withConsulFailoverInterceptor(new AnswerLimit(url, settings.value(ConsulOptions.MAX_SIZE)))
                .withConnectTimeoutMillis(CONNECT_TIMEOUT.toMillis())
                .withReadTimeoutMillis(settings.value(ConsulOptions.TIMEOUT).toMillis())
                .withWriteTimeoutMillis(settings.value(ConsulOptions.TIMEOUT).toMillis());
        settings.find(ConsulOptions.TOKEN).ifPresent(builder::withTokenAuth);
        if ("https".equals(url.getScheme())) {
            RegistryTls tls = tls(settings);
            builder.withSslContext(tls.context()).withTrustManager(tls.trustManager());
        }
        return builder.build();
    }

    static RegistryTls tls(Settings settings) throws IOException {
        return RegistryTls.of(settings.find(ConsulOptions.TLS).orElseGet(() -> Settings.defaults(RegistryTls.SECTION)));
    }

    /**
     * Asks, and waits for the whole answer: as long as the settings say for its head, and once more for the rest.
     *
     * @param what is done, for the message of a failure: {@code read service api}
     * @throws IOException if there is no answer, or a refusal
     */
    <T> T ask(String what, Function<org.kiwiproject.consul.Consul, T> question) throws IOException {
        return ask(what, settings.value(ConsulOptions.TIMEOUT).multipliedBy(2), question);
    }

    /** As {@link #ask(String, Function)}, for a question that waits for a change: it may take as much longer as that wait. */
    <T> T askForChange(String what, Function<org.kiwiproject.consul.Consul, T> question) throws IOException {
        Duration wait = settings.value(ConsulOptions.WAIT);
        Duration limit = settings.value(ConsulOptions.TIMEOUT).plus(wait).plus(wait.dividedBy(SPREAD));
        return ask(what, limit, question);
    }

    private <T> T ask(String what, Duration limit, Function<org.kiwiproject.consul.Consul, T> question)
            throws IOException {
        org.kiwiproject.consul.Consul asked = client();
        try (TimeLimit time = TimeLimit.of(limit)) {
            try {
                return question.apply(asked);
            } catch (Exception e) { // the client lets an InterruptedException through that it does not declare
                throw failure(what, e, time.isExceeded());
            }
        }
    }

    private IOException failure(String what, Exception e, boolean isLate) {
        if (isLate) {
            return new IOException(this + ": cannot " + what + ": " + LATE, e);
        }
        if (e instanceof ConsulException refusal) {
            return new IOException(this + ": " + message(what, refusal), e);
        }
        if (e instanceof UncheckedIOException) {
            return new IOException(this + ": cannot " + what + ": " + innermost(e), e);
        }
        if (e instanceof RuntimeException fault) {
            throw fault;
        }
        Thread.currentThread().interrupt();
        return new InterruptedIOException(this + ": interrupted (" + what + ")");
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
        while (cause.getCause() != null && !(cause instanceof SocketTimeoutException)) {
            cause = cause.getCause();
        }
        if (cause instanceof AnswerLimit.TooLarge told) {
            return String.valueOf(told.getMessage());
        }
        return cause instanceof SocketTimeoutException ? LATE : cause.toString();
    }

    /** Breaks off what is asked, as far as no answer to it has begun. Idempotent. */
    @Override
    public synchronized void close() {
        isClosed = true;
        if (client != null) {
            client.destroy();
            client = null;
        }
    }

    @Override
    public String toString() {
        return "consul " + settings.value(ConsulOptions.URL);
    }
}
