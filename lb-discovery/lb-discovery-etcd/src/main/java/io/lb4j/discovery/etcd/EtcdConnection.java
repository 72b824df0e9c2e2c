package io.lb4j.discovery.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.lb4j.config.Settings;
import io.lb4j.discovery.RegistrySettings;
import io.lb4j.discovery.RegistryTls;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A connection to etcd, which those who ask for one with equal settings share: it is opened with the first question and gone when the last of
 * them has closed. Thread-safe.
 *
 * <p>A client whose servers could not be reached is replaced by a new one. gRPC lets the waits between its attempts to connect grow to two
 * minutes, within the client; when to try again is for core to say.
 */
final class EtcdConnection implements AutoCloseable {
    // Time for one packet that is lost, and little more: with the longest wait after it, an outage is over within 5
    // seconds.
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(1500);
    // Not below the 5 seconds that servers allow (--grpc-keepalive-min-time).
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(6);
    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration RETIREMENT = Duration.ofSeconds(1);
    private static final int MAX_MESSAGE = 64 * 1024 * 1024;

    private static final Object LOCK = new Object();
    private static final Map<Settings, Shared> OPEN = new HashMap<>(); // guarded by LOCK

    private final Shared shared;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** What the users of equal settings have in common. Guarded by LOCK, but for what is final. */
    private static final class Shared {
        private final Settings settings;
        private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), Shared::newThread);
        private int users;
        private @Nullable Client client;
        private final Set<Client> retired = new HashSet<>(); // replaced, and not closed yet

        Shared(Settings settings) {
            this.settings = settings;
        }

        private static Thread newThread(Runnable task) {
            Thread thread = new Thread(task, "lb4j-etcd");
            thread.setDaemon(true);
            return thread;
        }
    }

    private EtcdConnection(Shared shared) {
        this.shared = shared;
    }

    /**
     * Opens a connection, without asking anything yet.
     *
     * @param settings of any section that has the options of a connection
     */
    static EtcdConnection open(Settings settings) {
        Settings key = RegistrySettings.complete(RegistrySettings.draft(EtcdOptions.CONNECTION, settings));
        synchronized (LOCK) {
            Shared shared = OPEN.computeIfAbsent(key, Shared::new);
            shared.users++;
            return new EtcdConnection(shared);
        }
    }

    /**
     * Returns the client, for what {@link #ask} does not do.
     *
     * @throws IOException if it cannot be made: a file cannot be read
     */
    Client client() throws IOException {
        synchronized (LOCK) {
            if (isClosed.get()) {
                throw new IOException(this + ": closed");
            }
            Client known = shared.client;
            if (known == null) {
                known = newClient(shared);
                shared.client = known;
            }
            return known;
        }
    }

    private static Client newClient(Shared shared) throws IOException {
        Settings settings = shared.settings;
        List<String> servers = settings.value(EtcdOptions.SERVERS);
        ClientBuilder builder = Client.builder()
                .target(target(servers))
                .executorService(shared.executor)
                .connectTimeout(CONNECT_TIMEOUT)
                .keepaliveTime(KEEP_ALIVE)
                .keepaliveTimeout(KEEP_ALIVE_TIMEOUT)
                .keepaliveWithoutCalls(false)
                .maxInboundMessageSize(MAX_MESSAGE)
                .retryMaxAttempts(1)
                .waitForReady(false);
        settings.find(EtcdOptions.USER).ifPresent(user -> builder.user(bytes(user)));
        settings.find(EtcdOptions.PASSWORD).ifPresent(password -> builder.password(bytes(password)));
        if (servers.get(0).startsWith("https:")) {
            builder.sslContext(sslContext(settings));
        }
        return builder.build();
    }

    /** As jetcd itself would, but for addresses of IPv6, whose brackets it leaves in a URI that cannot have them. */
    private static String target(List<String> servers) {
        return servers.stream()
                .map(URI::create)
                .map(server -> server.getHost() + ":" + server.getPort())
                .distinct()
                .collect(Collectors.joining(",", "ip:///", ""))
                .replace("[", "%5B")
                .replace("]", "%5D");
    }

    private static SslContext sslContext(Settings settings) throws IOException {
        Settings given = settings.find(EtcdOptions.TLS).orElseGet(() -> Settings.defaults(RegistryTls.SECTION));
        RegistryTls tls = RegistryTls.of(given);
        return GrpcSslContexts.forClient()
                .keyManager(tls.keys())
                .trustManager(tls.trust())
                .build();
    }

    /**
     * Asks, and waits for the answer as long as the settings say.
     *
     * @param what is done, for the message of a failure: {@code read /services/api/}
     * @throws IOException if there is no answer, or a refusal
     */
    <T> T ask(String what, Function<Client, CompletableFuture<T>> question) throws IOException {
        Client asked = client();
        Duration timeout = shared.settings.value(EtcdOptions.TIMEOUT);
        try {
            return question.apply(asked).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(asked, what, e.getCause());
        } catch (TimeoutException e) {
            replace(asked);
            throw new IOException(this + ": no answer within " + timeout + " (" + what + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(this + ": interrupted (" + what + ")");
        }
    }

    /** Returns what a failure of a client comes to; a client that has lost its servers is replaced. */
    IOException failure(Client failed, String what, @Nullable Throwable cause) {
        EtcdFailure failure = EtcdFailure.of(cause);
        if (failure.isOutage()) {
            replace(failed);
        }
        return new IOException(this + ": " + failure.message(what, userName()), cause);
    }

    private String userName() {
        return shared.settings.find(EtcdOptions.USER).orElse("");
    }

    /** Has the next question go by another client than this one. */
    private void replace(Client failed) {
        synchronized (LOCK) {
            if (shared.client != failed) {
                return;
            }
            shared.client = null;
            shared.retired.add(failed);
        }
        // Not at once: jetcd goes on with a watch that has failed, and complains of a client that is closed by then.
        CompletableFuture.delayedExecutor(RETIREMENT.toMillis(), TimeUnit.MILLISECONDS, shared.executor)
                .execute(this::closeRetired);
    }

    private void closeRetired() {
        Set<Client> closing;
        synchronized (LOCK) {
            closing = Set.copyOf(shared.retired);
            shared.retired.clear();
        }
        closing.forEach(Client::close);
    }

    /** Lets go of the connection. Idempotent. */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        Client last;
        synchronized (LOCK) {
            shared.users--;
            if (shared.users > 0) {
                return;
            }
            OPEN.remove(shared.settings);
            last = shared.client;
            shared.client = null;
        }
        if (last != null) {
            last.close();
        }
        closeRetired();
        shared.executor.shutdown();
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "etcd " + String.join(", ", shared.settings.value(EtcdOptions.SERVERS));
    }
}
