package io.lb4j;

import io.lb4j.config.Part;
import io.lb4j.model.Configuration;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.ChallengeResponder;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.ManagedCertificates;
import io.lb4j.spi.SharedStore;
import io.lb4j.stats.CertificateStatistics;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that take care of themselves, as listeners see them: always there, though there may be none, and the same object when an
 * update brings others. Changed on the control thread; asked by all.
 */
final class AcmeService implements CertificateSource, ChallengeResponder {
    private static final Logger LOGGER = LoggerFactory.getLogger(AcmeService.class);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<ControlEvent> events;
    private final Optional<SharedStore> store;
    private volatile @Nullable Running current;
    private @Nullable Running prepared; // confined to the control thread: for a configuration that is not in force yet
    private volatile CertificateSource.@Nullable Listener listener; // once a TLS listener follows

    /** What is in use. */
    private record Running(Part part, ManagedCertificates certificates, ControlThread scheduler) {
        void close() {
            AcmeService.close(certificates, scheduler);
        }
    }

    private record Given(
            Clock clock, ScheduledExecutorService scheduler, Optional<SharedStore> store, Consumer<ControlEvent> events)
            implements ManagedCertificates.Context {
        @Override
        public void report(String name, String message) {
            LOGGER.info("{}: {}", name, message);
            events.accept(new ControlEvent.CertificateReport(name, message, Optional.empty()));
        }

        @Override
        public void reportFailure(String name, String message, Throwable cause) {
            LOGGER.warn("{}: {}: {}", name, message, cause.toString());
            events.accept(new ControlEvent.CertificateReport(name, message, Optional.of(cause)));
        }
    }

    /** A change that is ready to be put in force. */
    final class Change {
        private final @Nullable Running before;
        private final @Nullable Running next;

        private Change(@Nullable Running before, @Nullable Running next) {
            this.before = before;
            this.next = next;
        }

        /** Takes what has been prepared into use. */
        void sequentialCommit() {
            prepared = null;
            if (before != next) {
                use(next);
            }
        }

        /** Lets go of what was in use before. */
        void sequentialFinish() {
            if (before != null && before != next) {
                before.close();
            }
        }

        void discard() {
            prepared = null;
            if (next != null && before != next) {
                next.close();
            }
        }
    }

    AcmeService(Consumer<ControlEvent> events, Optional<SharedStore> store) {
        this.events = events;
        this.store = store;
    }

    /**
     * Makes ready what a configuration says.
     *
     * @throws RuntimeException if it cannot work; nothing is left then
     */
    Change sequentialPrepare(Configuration configuration) {
        Running before = current;
        boolean same = before == null
                ? configuration.acme().isEmpty()
                : configuration.acme().equals(Optional.of(before.part()));
        if (same) {
            return new Change(before, before);
        }
        Running next = configuration.acme().map(this::open).orElse(null);
        prepared = next;
        return new Change(before, next);
    }

    private Running open(Part part) {
        ManagedCertificates certificates = part.create(ManagedCertificates.class);
        ControlThread scheduler = new ControlThread("lb4j-acme");
        try {
            certificates.open(new Given(Clock.systemUTC(), scheduler, store, events));
            CertificateSource.Listener told = listener;
            if (told != null) {
                certificates.start(told);
            }
        } catch (RuntimeException e) {
            close(certificates, scheduler);
            throw e;
        }
        return new Running(part, certificates, scheduler);
    }

    private static void close(ManagedCertificates certificates, ControlThread scheduler) {
        scheduler.shutdownNow();
        try {
            certificates.close();
        } catch (RuntimeException e) {
            LOGGER.warn("managed certificates could not be closed", e);
        }
        scheduler.awaitEnd(END_TIMEOUT);
    }

    private void use(@Nullable Running next) {
        current = next;
        CertificateSource.Listener told = listener;
        if (told != null) {
            told.onChange();
        }
    }

    /** Says where challenges are answered from now on. */
    void sequentialListening(List<InetSocketAddress> plain, List<InetSocketAddress> secured) {
        Running running = current;
        if (running == null) {
            return;
        }
        try {
            running.certificates().onListening(plain, secured);
        } catch (RuntimeException e) {
            // The configuration is in force, and the certificates at hand are served.
            LOGGER.error("managed certificates failed when the listeners were bound", e);
        }
    }

    private Optional<ManagedCertificates> certificatesInUse() {
        return Optional.ofNullable(current).map(Running::certificates);
    }

    /** Returns how the certificates stand. */
    List<CertificateStatistics> standing() {
        try {
            return certificatesInUse().map(ManagedCertificates::standing).orElse(List.of());
        } catch (RuntimeException e) {
            LOGGER.warn("managed certificates cannot say how they stand", e);
            return List.of();
        }
    }

    // ---- as a source ----

    /** Called on the control thread, when the first TLS listener is made. */
    @Override
    public void start(CertificateSource.Listener told) {
        listener = told;
        for (Running running : Arrays.asList(current, prepared)) {
            if (running != null) {
                running.certificates().start(told);
            }
        }
    }

    @Override
    public Optional<Certificate> cached(String serverName) {
        return certificatesInUse().flatMap(source -> source.cached(serverName));
    }

    @Override
    public List<Certificate> candidates(String serverName) {
        return certificatesInUse().map(source -> source.candidates(serverName)).orElse(List.of());
    }

    @Override
    public CompletionStage<Optional<Certificate>> find(String serverName) {
        Running running = current;
        return running == null
                ? CompletableFuture.completedStage(Optional.empty())
                : running.certificates().find(serverName);
    }

    @Override
    public List<Certificate> certificates() {
        return certificatesInUse().map(CertificateSource::certificates).orElse(List.of());
    }

    // ---- as a responder ----

    @Override
    public Optional<String> httpChallenge(String host, String token) {
        return certificatesInUse().flatMap(responder -> responder.httpChallenge(host, token));
    }

    @Override
    public Optional<Certificate> tlsChallenge(String serverName) {
        return certificatesInUse().flatMap(responder -> responder.tlsChallenge(serverName));
    }

    /** Closes what is in use. */
    @Override
    public void close() {
        Running running = current;
        current = null;
        if (running != null) {
            running.close();
        }
    }
}
