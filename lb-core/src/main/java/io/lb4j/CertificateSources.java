package io.lb4j;

import io.lb4j.internal.tls.ServerTls;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.ControlEvent;
import io.lb4j.stats.CertificateStatistics;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate sources in use. Each is started once, however many listeners use it, and closed when the last has let go of it: but for
 * those that the program has made itself, which are kept until the balancer closes, for its next configuration may name them again.
 * Thread-safe.
 */
final class CertificateSources implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CertificateSources.class);

    private final Consumer<ControlEvent> events;
    private final IdentityHashMap<CertificateSource, Users> started = new IdentityHashMap<>(); // guarded by this
    private volatile List<Users> inUse = List.of(); // written while this is locked

    /** A source with those who use it. */
    private final class Users implements CertificateSource.Listener {
        private final CertificateSource source;
        private final List<ServerTls> following = new CopyOnWriteArrayList<>();
        private final AtomicInteger failures = new AtomicInteger(); // since the certificates were exchanged last
        private volatile Optional<String> lastFailure = Optional.empty();
        private int count; // guarded by the registry

        Users(CertificateSource source) {
            this.source = source;
        }

        @Override
        public void onChange() {
            failures.set(0);
            lastFailure = Optional.empty();
            for (ServerTls user : following) {
                try {
                    user.onChange();
                } catch (RuntimeException e) {
                    // One certificate that the engine refuses; the others are in use.
                    LOGGER.warn("a certificate is not served", e);
                    onError("listener", e);
                }
            }
            events.accept(new ControlEvent.CertificatesChanged(source.certificates()));
        }

        @Override
        public void onError(String name, Throwable reason) {
            String message = String.valueOf(reason.getMessage());
            failures.incrementAndGet();
            lastFailure = Optional.of(message);
            events.accept(new ControlEvent.CertificatesRefused(name, message));
        }

        Stream<CertificateStatistics> standing() {
            return source.certificates().stream().map(this::standing);
        }

        private CertificateStatistics standing(Certificate certificate) {
            X509Certificate leaf = certificate.chain().get(0);
            String issuer = leaf.getIssuerX500Principal().getName();
            Instant end = leaf.getNotAfter().toInstant();
            CertificateStatistics.Held held = new CertificateStatistics.Held(
                    certificate.isSelfSigned() ? "itself" : issuer,
                    leaf.getSerialNumber().toString(16),
                    leaf.getNotBefore().toInstant(),
                    end,
                    false);
            List<String> names = List.copyOf(certificate.names());
            return new CertificateStatistics(names, Optional.of(held), end, failures.get(), 0, lastFailure);
        }
    }

    /**
     * Creates a registry without sources.
     *
     * @param events takes what observers are told
     */
    CertificateSources(Consumer<ControlEvent> events) {
        this.events = events;
    }

    /**
     * Begins to use sources; those that nobody uses yet are started.
     *
     * @throws RuntimeException if one has no certificate to begin with; none of them is used then
     */
    synchronized void acquire(List<CertificateSource> sources) {
        List<CertificateSource> acquired = new ArrayList<>();
        try {
            for (CertificateSource source : sources) {
                Users users = started.get(source);
                if (users == null) {
                    users = new Users(source);
                    source.start(users);
                    started.put(source, users);
                }
                users.count++;
                acquired.add(source);
            }
            noteThoseInUse();
        } catch (RuntimeException e) {
            acquired.forEach(source -> release(source, false));
            throw e;
        }
    }

    /** Tells a listener's TLS of changes from now on, of what has changed since it was made first of all. */
    void follow(List<CertificateSource> sources, ServerTls user) {
        synchronized (this) {
            for (CertificateSource source : sources) {
                Users users = started.get(source);
                if (users != null) {
                    users.following.add(user);
                }
            }
        }
        user.onChange();
    }

    /** Lets go of a listener's sources; those that were made of its configuration are closed with the last of their users. */
    synchronized void release(List<CertificateSource> sources, @Nullable ServerTls user, boolean areOurs) {
        for (CertificateSource source : sources) {
            Users users = started.get(source);
            if (users != null) {
                if (user != null) {
                    users.following.remove(user);
                }
                release(source, areOurs);
            }
        }
    }

    private void release(CertificateSource source, boolean isOurs) {
        Users users = started.get(source);
        if (users != null && --users.count == 0 && isOurs) {
            started.remove(source);
            close(source);
        }
        noteThoseInUse();
    }

    private void noteThoseInUse() {
        inUse = started.values().stream().filter(users -> users.count > 0).toList();
    }

    /**
     * Returns how the certificates stand that are served, but for those that take care of themselves and tell of it. What several have, one that is about to be closed among them,
     * is told once. Never waits.
     */
    List<CertificateStatistics> standing() {
        return inUse.stream()
                .filter(users -> !(users.source instanceof AcmeService))
                .flatMap(Users::standing)
                .distinct()
                .sorted(Comparator.comparing(certificate -> certificate.names().toString()))
                .toList();
    }

    /** Closes every source. */
    @Override
    public synchronized void close() {
        List<CertificateSource> all = new ArrayList<>(started.keySet());
        started.clear();
        inUse = List.of();
        all.forEach(CertificateSources::close);
    }

    private static void close(CertificateSource source) {
        try {
            source.close();
        } catch (RuntimeException e) {
            LOGGER.warn("a source of certificates could not be closed", e);
        }
    }
}
