package io.lb4j.internal.control;

import io.lb4j.config.Part;
import io.lb4j.http.Method;
import io.lb4j.http.Version;
import io.lb4j.internal.balance.Balancing;
import io.lb4j.internal.health.ActiveCheck;
import io.lb4j.internal.health.Ejection;
import io.lb4j.internal.health.HttpCheck;
import io.lb4j.internal.snapshot.PoolSettings;
import io.lb4j.internal.snapshot.SlowStart;
import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.internal.tls.ClientTls;
import io.lb4j.internal.tls.ClientTlsSettings;
import io.lb4j.internal.tls.Trust;
import io.lb4j.internal.upstream.HttpConnector.Protocol;
import io.lb4j.model.Cluster;
import io.lb4j.model.HealthCheck;
import io.lb4j.model.KeyPair;
import io.lb4j.model.Pool;
import io.lb4j.model.UpstreamTls;
import io.lb4j.spi.BalancePolicies;
import io.lb4j.spi.BalancePolicy;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.Certificates;
import io.lb4j.spi.PemFiles;
import io.lb4j.spi.UpstreamTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says in each stage's own terms what a cluster's configuration says. */
final class ClusterMapping {
    private ClusterMapping() {}

    static PoolSettings pool(Cluster cluster) {
        Pool pool = cluster.pool();
        return new PoolSettings(
                new PoolSettings.Limits(pool.maxConnections(), pool.maxIdle(), pool.maxPending(), (int)
                        Math.min(pool.maxRequests().orElse((long) Integer.MAX_VALUE), Integer.MAX_VALUE)),
                new PoolSettings.Times(
                        cluster.connectTimeout().toNanos(),
                        pool.pendingTimeout().toNanos(),
                        pool.idleTimeout().toNanos(),
                        pool.maxLifetime().map(Duration::toNanos).orElse(Long.MAX_VALUE),
                        cluster.drainTimeout().toNanos()));
    }

    static Protocol protocol(Cluster cluster) {
        return switch (cluster.protocol()) {
            case AUTO -> cluster.tls().isPresent() ? Protocol.AUTO : Protocol.HTTP_1;
            case HTTP1 -> Protocol.HTTP_1;
            case HTTP2 -> Protocol.HTTP_2;
        };
    }

    static Balancing balancing(Cluster cluster) {
        BalancePolicy policy = cluster.balance()
                .map((Part part) -> part.create(BalancePolicy.class))
                .orElseGet(BalancePolicies::roundRobin);
        SlowStart slowStart = cluster.slowStart().map(SlowStart::over).orElse(SlowStart.NONE);
        return new Balancing(
                policy,
                cluster.panicThreshold(),
                Balancing.DEFAULT.usesUnchecked(),
                new Tuning(Tuning.DEFAULT.latencyDecay(), slowStart));
    }

    /** Returns how failing endpoints are put out, if they are. */
    static Optional<Ejection> ejection(Cluster cluster) {
        io.lb4j.model.Ejection asked = cluster.ejection();
        if (!asked.isEnabled()) {
            return Optional.empty();
        }
        return Optional.of(new Ejection(
                asked.consecutiveFailures().orElse(Integer.MAX_VALUE),
                asked.interval(),
                new Ejection.SuccessRate(
                        asked.successRateFactor().orElse(Double.MAX_VALUE),
                        asked.successRateMinEndpoints(),
                        asked.successRateMinRequests()),
                asked.baseTime(),
                asked.maxTime(),
                asked.maxShare()));
    }

    static ActiveCheck activeCheck(HealthCheck check) {
        return new ActiveCheck(
                check.interval(), check.jitter(), check.timeout(), check.rise(), check.fall(), Optional.empty());
    }

    static HttpCheck httpCheck(HealthCheck check) {
        List<HttpCheck.StatusRange> expected = check.statuses().stream()
                .map(range -> new HttpCheck.StatusRange(range.first(), range.last()))
                .toList();
        return new HttpCheck(Method.GET, check.path(), check.host(), expected, Optional.empty());
    }

    /** Reads what TLS with a cluster's endpoints takes. */
    static UpstreamTransport.Tls tls(UpstreamTls asked) {
        return new UpstreamTransport.Tls(
                asked.verifies(),
                asked.trust().map(TrustFiles::read).map(Trust::authorities).orElse(List.of()),
                asked.serverName(),
                asked.clientCertificate().map(ClusterMapping::identity));
    }

    /** Makes the TLS of TCP connections to a cluster. */
    static ClientTls tls(UpstreamTls asked, UpstreamTransport.Tls read, Protocol protocol, EngineChoice engine) {
        ClientTlsSettings settings = ClientTlsSettings.defaults()
                .withVersions(versions(protocol))
                .withTrust(trust(read))
                .withParameters(TlsMapping.parameters(engine, asked.minVersion(), asked.maxVersion(), asked.ciphers()));
        if (read.serverName().isPresent()) {
            settings = settings.withServerName(read.serverName().get());
        }
        if (read.identity().isPresent()) {
            settings = settings.withIdentity(read.identity().get());
        }
        return ClientTls.create(settings);
    }

    private static Certificate identity(KeyPair files) {
        PemFiles pem = PemFiles.of(files.chain(), files.key());
        PemFiles unlocked = files.password()
                .map(secret -> pem.withPassword(secret.toCharArray()))
                .orElse(pem);
        try {
            return Certificates.readPem(unlocked);
        } catch (IOException e) {
            throw new UncheckedIOException(unlocked + ": cannot be read", e);
        }
    }

    private static Set<Version> versions(Protocol protocol) {
        return switch (protocol) {
            case HTTP_1 -> EnumSet.of(Version.HTTP_1_1);
            case HTTP_2 -> EnumSet.of(Version.HTTP_2);
            case AUTO -> EnumSet.of(Version.HTTP_1_1, Version.HTTP_2);
        };
    }

    private static Trust trust(UpstreamTransport.Tls asked) {
        if (!asked.isVerified()) {
            return Trust.allWithoutVerification();
        }
        return asked.authorities().isEmpty() ? Trust.system() : Trust.authorities(asked.authorities());
    }
}
