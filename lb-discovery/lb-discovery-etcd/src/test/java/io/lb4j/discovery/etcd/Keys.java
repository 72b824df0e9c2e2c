package io.lb4j.discovery.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
            question.ask(client).get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("etcd refuses: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void put(String key, String value) {
        ask(client -> client.getKVClient().put(bytes(key), bytes(value)));
    }

    void delete(String key) {
        ask(client -> client.getKVClient().delete(bytes(key)));
    }

    static ByteSequence bytes(String text) {
        return EtcdConnection.bytes(text);
    }
}
