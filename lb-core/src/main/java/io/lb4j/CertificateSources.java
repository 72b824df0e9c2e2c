package io.lb4j;

import io.lb4j.internal.tls.ServerTls;
import io.lb4j.spi.CertificateSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The certificate sources in use. Each is started once, however many listeners use it, and closed when the last has let go of it: but for
 * those that the program has made itself, which are kept until the balancer closes, for its next configuration may name them again.
 * Thread-safe.
 */
final class CertificateSources implements AutoCloseable {
    private final IdentityHashMap<CertificateSource, List<ServerTls>> users =
            new IdentityHashMap<>(); // guarded by this

    /** Tells a listener's TLS of the changes of its sources from now on. */
    synchronized void attach(List<CertificateSource> sources, ServerTls user) {
        for (CertificateSource source : sources) {
            List<ServerTls> known = users.get(source);
            if (known == null) {
                List<ServerTls> first = new CopyOnWriteArrayList<>(List.of(user));
                users.put(source, first);
                source.start(() -> first.forEach(ServerTls::onChange));
            } else {
                known.add(user);
            }
        }
    }

    /** Lets go of a listener's sources. */
    synchronized void detach(List<CertificateSource> sources, ServerTls user, boolean isOurs) {
        for (CertificateSource source : sources) {
            List<ServerTls> known = users.get(source);
            if (known != null) {
                known.remove(user);
                if (known.isEmpty() && isOurs) {
                    users.remove(source);
                    source.close();
                }
            }
        }
    }

    /** Closes every source. */
    @Override
    public synchronized void close() {
        List<CertificateSource> all = new ArrayList<>(users.keySet());
        users.clear();
        all.forEach(CertificateSource::close);
    }
}
