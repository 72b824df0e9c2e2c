package io.lb4j.discovery;

import io.lb4j.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One document over HTTP, by the JDK's client that has no threads of its own. An answer that is too large is not read to its end; redirections
 * are not followed. Thread-safe; one question at a time.
 */
final class HttpDocument implements AutoCloseable {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int CHUNK = 16 * 1024;

    private final Settings settings;
    private final URI url;
    private @Nullable SSLSocketFactory sockets; // guarded by this, as all below
    private @Nullable HttpURLConnection underWay;
    private boolean isBrokenOff; // what is under way
    private boolean isClosed;

    /** What a server calls a state of the document: an entity tag, a date, Consul's index. */
    record Version(Optional<String> tag, Optional<String> date, Optional<String> index) {
        static final Version NONE = new Version(Optional.empty(), Optional.empty(), Optional.empty());

        boolean isKnown() {
            return !equals(NONE);
        }
    }

    /**
     * An answer.
     *
     * @param isUnchanged whether the document is still what it was; the body is empty then
     */
    record Answer(boolean isUnchanged, String body, Version version) {}

    HttpDocument(Settings settings) {
        this.settings = settings;
        url = settings.value(HttpOptions.URL);
    }

    /**
     * Asks for the document.
     *
     * @param known the version of the last answer; NONE to be answered whatever was known
     */
    Answer ask(Version known) throws IOException {
        HttpURLConnection connection = connect(known, waitFor(known));
        Duration limit = limit(known);
        connection.setConnectTimeout(millis(settings.value(HttpOptions.TIMEOUT)));
        connection.setReadTimeout(millis(limit));
        long endNanos = System.nanoTime() + limit.toNanos();
        try {
            return read(connection, known, endNanos);
        } catch (IOException e) {
            connection.disconnect();
            throw new IOException(HttpOptions.name(url) + ": " + reason(e), e);
        } finally {
            done();
        }
    }

    private String reason(IOException failure) {
        if (isBrokenOff()) {
            return "no whole answer in time";
        }
        return failure instanceof SocketTimeoutException
                ? "no whole answer in time: " + failure.getMessage()
                : String.valueOf(failure.getMessage());
    }

    /** Returns how long a question may take, down to the last octet of the answer. */
    Duration limit(Version known) {
        return waitFor(known).plus(settings.value(HttpOptions.TIMEOUT));
    }

    private Duration waitFor(Version known) {
        return known.isKnown() ? settings.find(HttpOptions.LONG_POLL).orElse(Duration.ZERO) : Duration.ZERO;
    }

    private synchronized boolean isBrokenOff() {
        return isBrokenOff;
    }

    private static int millis(Duration time) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, time.toMillis()));
    }

    private synchronized void done() {
        underWay = null;
    }

    private synchronized HttpURLConnection connect(Version known, Duration wait) throws IOException {
        if (isClosed) {
            throw new IOException(HttpOptions.name(url) + ": closed");
        }
        HttpURLConnection connection =
                (HttpURLConnection) asked(known, wait).toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        if (connection instanceof HttpsURLConnection secured) {
            secured.setSSLSocketFactory(sockets());
        }
        connection.setRequestProperty("Accept", "application/json");
        connection.setRequestProperty("Accept-Encoding", "gzip");
        settings.find(HttpOptions.HEADERS).orElse(Map.of()).forEach(connection::setRequestProperty);
        authorization().ifPresent(value -> connection.setRequestProperty("Authorization", value));
        known.tag.ifPresent(tag -> connection.setRequestProperty("If-None-Match", tag));
        known.date.ifPresent(date -> connection.setRequestProperty("If-Modified-Since", date));
        if (!wait.isZero() && known.index.isEmpty()) {
            connection.setRequestProperty("Prefer", "wait=" + wait.toSeconds()); // RFC 7240 §4.3
        }
        underWay = connection;
        isBrokenOff = false;
        return connection;
    }

    private URI asked(Version known, Duration wait) {
        if (known.index.isEmpty() || wait.isZero()) {
            return url;
        }
        String query = url.getRawQuery() == null ? "?" : "&";
        return URI.create(url + query + "index=" + known.index.get() + "&wait=" + wait.toSeconds() + "s");
    }

    private SSLSocketFactory sockets() throws IOException {
        SSLSocketFactory known = sockets;
        if (known == null) {
            Settings given = settings.find(HttpOptions.TLS).orElseGet(() -> Settings.defaults(RegistryTls.SECTION));
            known = RegistryTls.of(given).context().getSocketFactory();
            sockets = known;
        }
        return known;
    }

    private Optional<String> authorization() {
        Optional<String> bearer = settings.find(HttpOptions.BEARER);
        if (bearer.isPresent()) {
            return bearer.map(token -> "Bearer " + token);
        }
        return settings.find(HttpOptions.USER).map(user -> {
            String pair = user + ":" + settings.find(HttpOptions.PASSWORD).orElse("");
            return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        });
    }

    private Answer read(HttpURLConnection connection, Version known, long endNanos) throws IOException {
        int status = connection.getResponseCode();
        if (status == NOT_MODIFIED && known.isKnown()) {
            connection.disconnect();
            return new Answer(true, "", known);
        }
        if (HttpBusy.isSaidBy(status)) {
            throw new HttpBusy(refusal(status), wanted(connection));
        }
        if (status != OK) {
            throw new IOException(refusal(status));
        }
        String body;
        try (InputStream content = decoded(connection)) {
            body = body(content, endNanos);
        }
        Version version = new Version(
                Optional.ofNullable(connection.getHeaderField("ETag")),
                Optional.ofNullable(connection.getHeaderField("Last-Modified")),
                settings.value(HttpOptions.SHAPE) == DocumentShape.CONSUL
                        ? Optional.ofNullable(connection.getHeaderField("X-Consul-Index"))
                                .filter(index -> index.matches("[1-9][0-9]{0,18}"))
                        : Optional.empty());
        return new Answer(false, body, version);
    }

    /** A date is one by the server's clock, if it tells that. */
    private static Duration wanted(HttpURLConnection connection) {
        long said = connection.getDate();
        Instant now = said == 0 ? Instant.now() : Instant.ofEpochMilli(said);
        return HttpBusy.wanted(Optional.ofNullable(connection.getHeaderField("Retry-After")), now);
    }

    private static String refusal(int status) {
        String text = "status " + status;
        return switch (status) {
            case UNAUTHORIZED -> text + " (expected: bearer, or user and password, that the server knows)";
            case FORBIDDEN -> text + " (expected: credentials that may read the document)";
            default -> text + " (expected: 200)";
        };
    }

    private static InputStream decoded(HttpURLConnection connection) throws IOException {
        String coding = String.valueOf(connection.getContentEncoding()).toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "null", "identity" -> connection.getInputStream();
            case "gzip", "x-gzip" -> new GZIPInputStream(connection.getInputStream(), CHUNK);
            default -> throw new IOException("content coding " + coding + " (expected: gzip, or none)");
        };
    }

    private String body(InputStream content, long endNanos) throws IOException {
        long most = settings.value(HttpOptions.MAX_SIZE);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
            body.write(chunk, 0, read);
            // An end of the connection from elsewhere waits for this thread, which reads on as long as anything comes.
            if (isBrokenOff() || System.nanoTime() - endNanos >= 0) {
                throw new SocketTimeoutException("the body still comes");
            }
            if (body.size() > most) {
                throw new IOException("the answer is larger than max_size, " + most + " octets");
            }
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Breaks off what is asked at present: a head may come an octet at a time, which no timeout of a single read finds out. */
    void breakOff() {
        HttpURLConnection open;
        synchronized (this) {
            open = underWay;
            isBrokenOff = open != null;
        }
        if (open != null) {
            open.disconnect();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        breakOff();
    }
}
