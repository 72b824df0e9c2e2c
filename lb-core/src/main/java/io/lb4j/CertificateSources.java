package io.lb4j;

import io.lb4j.internal.tls.ServerTls;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.ControlEvent;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
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

    /** A source with those who use it. */
    private final class Users implements CertificateSource.Listener {
        private final CertificateSource source;
        private final List<ServerTls> following = new CopyOnWriteArrayList<>();
        private int count; // guarded by the registry

        Users(CertificateSource source) {
            this.source = source;
        }

        @Override
        public void onChange() {
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
            events.accept(new ControlEvent.CertificatesRefused(name, String.valueOf(reason.getMessage())));
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
    }

    /** Closes every source. */
    @Override
    public synchronized void close() {
        List<CertificateSource> all = new ArrayList<>(started.keySet());
        started.clear();
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
