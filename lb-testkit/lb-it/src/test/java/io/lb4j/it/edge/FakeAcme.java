package io.lb4j.it.edge;

import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.ManagedCertificates;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Certificates that a test puts in, and challenges that it knows. Written as an extension would be: on public packages alone. */
final class FakeAcme implements ManagedCertificates {
    final Map<String, Certificate> certificates = new ConcurrentHashMap<>();
    final Map<String, CompletableFuture<Optional<Certificate>>> searches = new ConcurrentHashMap<>();
    final Map<String, String> tokens = new ConcurrentHashMap<>();
    final Map<String, Certificate> tlsChallenges = new ConcurrentHashMap<>();
    final List<String> life = new CopyOnWriteArrayList<>();
    final AtomicInteger found = new AtomicInteger();
    final CompletableFuture<Context> context = new CompletableFuture<>();
    private final List<CertificateSource.Listener> listeners = new CopyOnWriteArrayList<>();

    /** Serves a certificate from now on. */
    void put(String name, Certificate certificate) {
        certificates.put(name, certificate);
        listeners.forEach(CertificateSource.Listener::onChange);
    }

    @Override
    public void open(Context given) {
        life.add("open");
        context.complete(given);
    }

    @Override
    public void start(CertificateSource.Listener listener) {
        life.add("start");
        listeners.add(listener);
    }

    @Override
    public void onListening(List<InetSocketAddress> plain, List<InetSocketAddress> secured) {
        life.add("listening on " + plain.size() + " and " + secured.size());
    }

    @Override
    public Optional<Certificate> cached(String serverName) {
        return Optional.ofNullable(certificates.get(serverName));
    }

    @Override
    public CompletionStage<Optional<Certificate>> find(String serverName) {
        found.incrementAndGet();
        CompletableFuture<Optional<Certificate>> search = searches.get(serverName);
        return search == null ? CompletableFuture.completedStage(Optional.empty()) : search;
    }

    @Override
    public List<Certificate> certificates() {
        return List.copyOf(certificates.values());
    }

    @Override
    public Optional<String> httpChallenge(String host, String token) {
        return Optional.ofNullable(tokens.get(host + " " + token));
    }

    @Override
    public Optional<Certificate> tlsChallenge(String serverName) {
        return Optional.ofNullable(tlsChallenges.get(serverName));
    }

    @Override
    public void close() {
        life.add("close");
    }
}
