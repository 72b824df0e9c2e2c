package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.lb4j.config.Settings;
import io.lb4j.discovery.StoreRules;
import io.lb4j.spi.SharedStore;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared store on Kubernetes: values are Secrets, revisions their resourceVersions, by which the server refuses a change to another version than
 * was read. There are no transactions over two objects: so a fenced write looks whether the lock is held, and leaves its fence in the Secret, which
 * then refuses lower ones. Thread-safe.
 */
final class KubernetesStore implements SharedStore {
    private static final Logger LOGGER = LoggerFactory.getLogger(KubernetesStore.class);
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int UNPROCESSABLE = 422; // a version that cannot be one
    private static final int MOST_QUESTIONS = 3; // that one call comes to: what is there, its change, its removal
    private static final int ATTEMPTS = 20; // against others who write the same key

    private final Settings settings;
    private final String prefix;
    private final KubernetesLocks locks;
    private volatile NamespacedKubernetesClient client; // written under this
    private boolean isClosed; // guarded by this

    /**
     * Opens a store.
     *
     * @throws IllegalArgumentException if the kubeconfig does not know the context
     */
    KubernetesStore(Settings settings) {
        this.settings = settings;
        client = opened(settings);
        prefix = settings.value(KubernetesOptions.PREFIX);
        locks = new KubernetesLocks(this);
    }

    private static NamespacedKubernetesClient opened(Settings settings) {
        try {
            NamespacedKubernetesClient opened = ApiClients.open(settings).adapt(NamespacedKubernetesClient.class);
            return settings.find(KubernetesOptions.NAMESPACE)
                    .map(opened::inNamespace)
                    .orElse(opened);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Returns the Leases of the store's namespace. */
    NonNamespaceOperation<
                    io.fabric8.kubernetes.api.model.coordination.v1.Lease,
                    LeaseList,
                    Resource<io.fabric8.kubernetes.api.model.coordination.v1.Lease>>
            leases() {
        return client.leases().inNamespace(client.getNamespace());
    }

    private <T> T ask(ApiClients.Question<T> question) throws IOException {
        NamespacedKubernetesClient asked = client;
        try {
            return ApiClients.within(settings.value(KubernetesOptions.TIMEOUT).multipliedBy(MOST_QUESTIONS), question);
        } catch (SocketTimeoutException e) {
            replace(asked);
            throw e;
        } catch (KubernetesClientException e) {
            if (e.getStatus() == null || e.getCode() == ApiClients.UNAUTHORIZED) {
                replace(asked);
            }
            throw ApiClients.failure(
                    e, "get, list, create, update and delete on secrets, and on leases of coordination.k8s.io");
        }
    }

    /** Returns whether the server took a change, and was not at another version, or without the object, by then. */
    static boolean hasWritten(Runnable change) {
        return hasDone(change, Set.of(CONFLICT, NOT_FOUND, UNPROCESSABLE));
    }

    /** Returns whether the server made an object, and had none by then. That it finds no place to put it is a failure: there is no such namespace. */
    static boolean hasCreated(Runnable change) {
        return hasDone(change, Set.of(CONFLICT));
    }

    private static boolean hasDone(Runnable change, Set<Integer> overtaken) {
        try {
            change.run();
            return true;
        } catch (KubernetesClientException e) {
            if (overtaken.contains(e.getCode())) {
                return false;
            }
            throw e;
        }
    }

    /**
     * A client may ask for good on a connection that nobody else knows any more, or with credentials that have been replaced: whoever got no answer,
     * or was not known, has the next question go by another.
     */
    private void replace(NamespacedKubernetesClient former) {
        synchronized (this) {
            if (client != former || isClosed) {
                return;
            }
            client = opened(settings);
        }
        former.close();
    }

    private Optional<Secret> find(String key) {
        return Optional.ofNullable(client.secrets()
                .withName(StoredValue.nameOf(prefix + StoreRules.requireKey(key)))
                .get());
    }

    /** Returns what is there, and not over. */
    private Optional<Secret> current(String key) throws IOException {
        Optional<Secret> secret = find(key);
        boolean isOver = secret.isPresent() && StoredValue.of(secret.get()).isOverAt(Instant.now());
        return isOver ? Optional.empty() : secret;
    }

    private static long revision(Secret secret) {
        return Long.parseLong(secret.getMetadata().getResourceVersion());
    }

    @Override
    public Optional<Entry> get(String key) throws IOException {
        Secret secret = ask(() -> current(key)).orElse(null);
        return secret == null
                ? Optional.empty()
                : Optional.of(new Entry(StoredValue.of(secret).value(), revision(secret)));
    }

    @Override
    public List<String> keys(String keyPrefix) throws IOException {
        Instant now = Instant.now();
        MetadataList list = new MetadataList(
                "api/v1/namespaces/" + client.getNamespace() + "/secrets",
                MetadataList.selector(StoredValue.labelsOfAll(prefix, keyPrefix)),
                "");
        return ask(() -> list.ask(client)).stream()
                .filter(metadata -> !StoredValue.isOver(metadata, now))
                .map(StoredValue::keyOf)
                .filter(key -> key.startsWith(keyPrefix))
                .sorted()
                .toList();
    }

    @Override
    public long put(String key, byte[] value) throws IOException {
        return revision(write(StoredValue.of(key, StoreRules.requireValue(value))));
    }

    /** Writes whatever was there before. */
    private Secret write(StoredValue value) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Secret present = ask(() -> find(value.key())).orElse(null);
            Optional<Secret> written = ask(() -> replace(present, value));
            if (written.isPresent()) {
                return written.get();
            }
        }
        throw new IOException("kubernetes: others write " + value.key() + " again and again");
    }

    /** Writes in place of one version, or of none; empty if another has written since. */
    private Optional<Secret> replace(@Nullable Secret present, StoredValue value) {
        Secret next = value.toSecret(prefix);
        Secret[] written = new Secret[1];
        boolean isWritten;
        if (present == null) {
            isWritten = hasCreated(
                    () -> written[0] = client.secrets().resource(next).create());
        } else {
            next.getMetadata().setResourceVersion(present.getMetadata().getResourceVersion());
            isWritten = hasWritten(
                    () -> written[0] = client.secrets().resource(next).update());
        }
        return isWritten ? Optional.of(written[0]) : Optional.empty();
    }

    @Override
    public Optional<Long> putIf(String key, byte[] value, long expectedRevision) throws IOException {
        StoredValue next = StoredValue.of(key, StoreRules.requireValue(value));
        return ask(() -> {
                    Secret present = find(key).orElse(null);
                    boolean isOver = present != null && StoredValue.of(present).isOverAt(Instant.now());
                    long revision = present == null || isOver ? 0 : revision(present);
                    return revision == expectedRevision ? replace(present, next) : Optional.<Secret>empty();
                })
                .map(KubernetesStore::revision);
    }

    @Override
    public Lease putLeased(String key, byte[] value, Duration timeToLive) throws IOException {
        String holder = UUID.randomUUID().toString();
        Duration time = StoreRules.requireTimeToLive(timeToLive);
        StoredValue.Term term = new StoredValue.Term(holder, Instant.now().plus(time));
        write(StoredValue.of(key, StoreRules.requireValue(value)).lasting(term));
        return new ValueLease(key, holder, time);
    }

    @Override
    public boolean remove(String key) throws IOException {
        return ask(() -> {
            boolean isThere = find(key)
                    .filter(secret -> !StoredValue.isOver(secret.getMetadata(), Instant.now()))
                    .isPresent();
            client.secrets().withName(StoredValue.nameOf(prefix + key)).delete();
            return isThere;
        });
    }

    private String lockPlace(String name) {
        return StoredValue.nameOf(prefix + "locks/" + StoreRules.requireKey(name));
    }

    @Override
    public Optional<Lock> tryLock(String name, Duration timeToLive) throws IOException {
        return ask(() -> locks.tryLock(lockPlace(name), StoreRules.requireTimeToLive(timeToLive)))
                .map(held -> new NamedLock(name, held));
    }

    @Override
    public boolean putFenced(String key, byte[] value, Lock lock) throws IOException {
        StoredValue.Fence fence = new StoredValue.Fence(lock.name(), lock.fence());
        StoredValue next = StoredValue.of(key, StoreRules.requireValue(value)).under(fence);
        for (int i = 0; i < ATTEMPTS; i++) {
            Secret present = ask(() -> find(key)).orElse(null);
            boolean isLate =
                    present != null && isLower(fence, StoredValue.of(present).fence());
            if (isLate || !ask(() -> locks.isHeld(lockPlace(lock.name()), lock.fence()))) {
                return false;
            }
            if (ask(() -> replace(present, next)).isPresent()) {
                return true;
            }
        }
        throw new IOException("kubernetes: others write " + key + " again and again");
    }

    private static boolean isLower(StoredValue.Fence fence, Optional<StoredValue.Fence> seen) {
        return seen.filter(known -> known.lock().equals(fence.lock()) && known.number() > fence.number())
                .isPresent();
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        client.close();
    }

    private final class ValueLease implements Lease {
        private final String key;
        private final String holder;
        private final Duration time;

        ValueLease(String key, String holder, Duration time) {
            this.key = key;
            this.holder = holder;
            this.time = time;
        }

        private Optional<Secret> mine() throws IOException {
            Optional<Secret> secret = current(key);
            boolean isMine = secret.isPresent()
                    && StoredValue.of(secret.get())
                            .term()
                            .filter(term -> term.holder().equals(holder))
                            .isPresent();
            return isMine ? secret : Optional.empty();
        }

        @Override
        public boolean renew() throws IOException {
            return ask(() -> {
                Optional<Secret> secret = mine();
                StoredValue.Term longer =
                        new StoredValue.Term(holder, Instant.now().plus(time));
                return secret.isPresent()
                        && replace(secret.get(), StoredValue.of(secret.get()).lasting(longer))
                                .isPresent();
            });
        }

        @Override
        public void close() {
            try {
                ask(() -> {
                    Optional<Secret> secret = mine();
                    // The server refuses if another has written since: then it is no longer this lease's to remove.
                    return secret.isPresent()
                            && hasWritten(() -> client.secrets()
                                    .resource(secret.get())
                                    .lockResourceVersion()
                                    .delete());
                });
            } catch (IOException e) {
                LOGGER.warn("{} is not given up, and runs out: {}", key, e.toString());
            }
        }
    }

    private final class NamedLock implements Lock {
        private final String name;
        private final KubernetesLocks.Held held;

        NamedLock(String name, KubernetesLocks.Held held) {
            this.name = name;
            this.held = held;
        }

        @Override
        public boolean renew() throws IOException {
            return ask(() -> locks.renew(held));
        }

        @Override
        public void close() {
            try {
                ask(() -> {
                    locks.release(held);
                    return true;
                });
            } catch (IOException e) {
                LOGGER.warn("lock {} is not given up, and runs out: {}", name, e.toString());
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long fence() {
            return held.fence();
        }
    }
}
