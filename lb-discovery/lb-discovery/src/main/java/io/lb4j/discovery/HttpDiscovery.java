package io.lb4j.discovery;

import io.lb4j.config.Settings;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Backoff;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** Endpoints from a document that is asked for over HTTP again and again. Thread-safe; one watch at a time. */
final class HttpDiscovery implements Discovery {
    private static final Duration PAUSE =
            Duration.ofMillis(50); // between two answers of a server that waits for changes

    private final Settings settings;
    private final HttpDocument document;
    private final EndpointDocument reader;
    private final URI url;

    HttpDiscovery(Settings settings) {
        this.settings = settings;
        url = settings.value(HttpOptions.URL);
        document = new HttpDocument(settings);
        reader = new EndpointDocument(
                settings.value(HttpOptions.SHAPE),
                settings.find(HttpOptions.ENTRIES),
                settings.value(HttpOptions.FIELDS),
                HttpOptions.name(url));
    }

    @Override
    public List<Endpoint> discover() throws IOException {
        HttpDocument.Answer answer = document.ask(HttpDocument.Version.NONE);
        return read(answer).endpoints();
    }

    private Entries read(HttpDocument.Answer answer) throws IOException {
        try {
            return reader.read(answer.body());
        } catch (IOException e) {
            throw new IOException(HttpOptions.name(url) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void watch(DiscoveryContext context, Listener listener) {
        new Watch(context, listener).ask();
    }

    @Override
    public void close() {
        document.close();
    }

    /** One question after the other. Confined to one task at a time. */
    private final class Watch {
        private final DiscoveryContext context;
        private final Listener listener;
        private final Backoff backoff;
        private HttpDocument.Version version = HttpDocument.Version.NONE;
        private Entries last = Entries.NONE;

        Watch(DiscoveryContext context, Listener listener) {
            this.context = context;
            this.listener = listener;
            backoff = context.newBackoff();
        }

        void ask() {
            Duration pause;
            long beginNanos = context.nanoTime();
            Future<?> alarm = context.schedule(document.limit(version), document::breakOff);
            try {
                HttpDocument.Answer answer = document.ask(version);
                if (!answer.isUnchanged()) {
                    last = read(answer);
                }
                listener.onEndpoints(last.endpoints(), last.leftOut());
                backoff.reset();
                pause = pauseAfter(answer, Duration.ofNanos(context.nanoTime() - beginNanos));
                version = answer.version();
            } catch (IOException | RuntimeException e) {
                version = HttpDocument.Version.NONE;
                listener.onError(e);
                pause = pauseAfter(e, backoff.next());
            } finally {
                alarm.cancel(false);
            }
            context.schedule(pause, this::ask);
        }

        private Duration pauseAfter(Exception failure, Duration usual) {
            Duration wanted = failure.getCause() instanceof HttpBusy busy
                    ? busy.pause(settings.value(HttpOptions.INTERVAL))
                    : Duration.ZERO;
            return wanted.compareTo(usual) > 0 ? wanted : usual;
        }

        /** A server that is to wait for a change, and answers at once that there is none, does not know how to. */
        private Duration pauseAfter(HttpDocument.Answer answer, Duration taken) {
            boolean isNews = !answer.version().equals(version);
            boolean hasWaited = settings.find(HttpOptions.LONG_POLL)
                    .filter(wait -> isNews || taken.compareTo(wait.dividedBy(2)) >= 0)
                    .isPresent();
            if (hasWaited) {
                return PAUSE;
            }
            long interval = settings.value(HttpOptions.INTERVAL).toNanos();
            double share = 0.9 + 0.2 * ThreadLocalRandom.current().nextDouble();
            return Duration.ofNanos((long) (interval * share));
        }
    }
}
