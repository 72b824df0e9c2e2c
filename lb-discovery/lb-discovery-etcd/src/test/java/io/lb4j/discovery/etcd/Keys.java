package io.lb4j.discovery.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.PutOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Somebody else who reads and writes etcd's keys: a client of its own, for each question anew. */
final class Keys {
    private final String url;

    Keys(String url) {
        this.url = url;
    }

    /** What is asked. */
    interface Question {
        CompletableFuture<?> ask(Client client);
    }

    void ask(Question question) {
        try (Client client = Client.builder().endpoints(url).build()) {
            question.ask(client).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("etcd refuses: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void put(String key, String value) {
        ask(client -> client.getKVClient().put(bytes(key), bytes(value)));
    }

    /** Puts a value that goes away by itself. */
    void putLeased(String key, String value, long seconds) {
        ask(client -> client.getLeaseClient()
                .grant(seconds)
                .thenCompose(lease -> client.getKVClient()
                        .put(
                                bytes(key),
                                bytes(value),
                                PutOption.builder().withLeaseId(lease.getID()).build())));
    }

    boolean has(String key) {
        AtomicBoolean found = new AtomicBoolean();
        ask(client -> client.getKVClient()
                .get(bytes(key))
                .thenAccept(answer -> found.set(!answer.getKvs().isEmpty())));
        return found.get();
    }

    void delete(String key) {
        ask(client -> client.getKVClient().delete(bytes(key)));
    }

    static ByteSequence bytes(String text) {
        return EtcdConnection.bytes(text);
    }
}
