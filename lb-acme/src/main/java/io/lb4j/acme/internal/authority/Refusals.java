package io.lb4j.acme.internal.authority;

import java.io.IOException;
import java.net.URL;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.exception.AcmeProtocolException;

/**
 * What the last answer to each thread said of coming back later, in HTTP's own words: acme4j passes on what a problem document says of a limit, and
 * nothing of what an authority, or what stands before it, says by a status and {@code Retry-After} alone. Thread-safe.
 */
final class Refusals {
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final ThreadLocal<Optional<Refusal>> last = ThreadLocal.withInitial(Optional::empty);

    /**
     * An answer that asks to come back later.
     *
     * @param isLimit whether it is for having come too often
     * @param retryAfter when, if it says so
     */
    record Refusal(boolean isLimit, Optional<Instant> retryAfter) {}

    /** Returns what the last answer to this thread was, if it was one that asks to come back later. */
    Optional<Refusal> last() {
        return last.get();
    }

    /** Returns a connection whose answers are looked at. */
    Connection connection(HttpConnector connector) {
        return new Heeded(connector);
    }

    /** A connection of acme4j. Confined to one thread, as those are. */
    private final class Heeded extends DefaultConnection {
        Heeded(HttpConnector connector) {
            super(connector);
        }

        @Override
        protected void sendRequest(Session session, URL url, Consumer<HttpRequest.Builder> body) throws IOException {
            last.remove();
            super.sendRequest(session, url, body);
            int status = lastResponse == null ? 0 : lastResponse.statusCode();
            if (status == TOO_MANY || status == UNAVAILABLE) {
                last.set(Optional.of(new Refusal(status == TOO_MANY, asked())));
            }
        }

        private Optional<Instant> asked() {
            try {
                return getRetryAfter();
            } catch (AcmeProtocolException e) {
                return Optional.empty(); // neither seconds nor a date: as if it said nothing
            }
        }
    }
}
