package io.lb4j.internal.accept;

import io.lb4j.http.Version;
import io.lb4j.internal.tls.ServerTls;
import io.lb4j.model.AddressBlock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How connections are taken: what may change while a listener is bound. It applies to connections accepted from then on.
 *
 * @param versions the protocols served: {@link Version#HTTP_1_1} (which stands for 1.0 too), {@link Version#HTTP_2}, or both. Both on a
 *     plain listener means that a connection which opens with the preface of HTTP/2 (RFC 9113 §3.4) speaks it, and any other HTTP/1.1
 * @param limits how many connections
 * @param detectionTimeout how long a client may take to show which protocol it speaks on a plain connection; {@link ServerTls} has its
 *     own for the handshake
 * @param tls empty for a plain listener
 * @param proxies peers that begin with a PROXY header, which names the client; within the time for the detection
 */
public record ConnectionPolicy(
        Set<Version> versions,
        ConnectionLimits limits,
        Duration detectionTimeout,
        Optional<ServerTls> tls,
        List<AddressBlock> proxies) {
    private static final Duration DETECTION_TIMEOUT = Duration.ofSeconds(10);

    /** Checks and copies what it is given. */
    public ConnectionPolicy {
        if (versions.isEmpty() || versions.contains(Version.HTTP_1_0) || versions.contains(Version.HTTP_3)) {
            throw new IllegalArgumentException("protocols: " + versions + " (expected: HTTP/1.1, HTTP/2 or both)");
        }
        if (detectionTimeout.isNegative() || detectionTimeout.isZero()) {
            throw new IllegalArgumentException("detection timeout: " + detectionTimeout + " (expected: > 0)");
        }
        if (tls.isPresent() && !tls.get().versions().equals(versions)) {
            throw new IllegalArgumentException("protocols: " + versions + " (expected: what ALPN offers, "
                    + tls.get().versions() + ")");
        }
        versions = Set.copyOf(versions);
        proxies = List.copyOf(proxies);
    }

    /** Returns whether a peer begins with a PROXY header. */
    boolean isProxy(InetAddress peer) {
        for (AddressBlock block : proxies) {
            if (block.contains(peer)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the same policy with peers that begin with a PROXY header. */
    public ConnectionPolicy withProxies(List<AddressBlock> changed) {
        return new ConnectionPolicy(versions, limits, detectionTimeout, tls, changed);
    }

    /** Returns the defaults for a plain listener: HTTP/1.1 and HTTP/2 by prior knowledge, default limits, 10 seconds. */
    public static ConnectionPolicy plain() {
        return new ConnectionPolicy(
                EnumSet.of(Version.HTTP_1_1, Version.HTTP_2),
                ConnectionLimits.defaults(),
                DETECTION_TIMEOUT,
                Optional.empty(),
                List.of());
    }

    /** Returns the defaults for a TLS listener: the protocols that it offers by ALPN, default limits. */
    public static ConnectionPolicy secured(ServerTls tls) {
        return new ConnectionPolicy(
                tls.versions(), ConnectionLimits.defaults(), DETECTION_TIMEOUT, Optional.of(tls), List.of());
    }
}
