package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of a store, as a Secret keeps it. Immutable.
 *
 * @param key of the store
 * @param base64 the value
 * @param term how long it lasts, if it does not stay
 * @param fence under which lock it was written last, if under one
 */
record StoredValue(String key, String base64, Optional<Term> term, Optional<Fence> fence) {
    private static final String KEY = "lb4j.io/key";
    private static final String UNTIL = "lb4j.io/until";
    private static final String HOLDER = "lb4j.io/holder";
    private static final String LOCK = "lb4j.io/lock";
    private static final String NUMBER = "lb4j.io/fence";
    private static final String STORE = "lb4j.io/store";
    private static final String FOLDER = "lb4j.io/folder-";
    private static final int DEEPEST = 4;
    private static final Map<String, String> MANAGED = Map.of("app.kubernetes.io/managed-by", "lb4j");
    private static final String DATA = "value";
    private static final int NAME_DIGITS = 40;

    /** Until when a value lasts, and whose it is. */
    record Term(String holder, Instant until) {}

    /** The lock under which a value was written, and the holder's number. */
    record Fence(String lock, long number) {}

    static StoredValue of(String key, byte[] value) {
        return new StoredValue(key, Base64.getEncoder().encodeToString(value), Optional.empty(), Optional.empty());
    }

    StoredValue lasting(Term newTerm) {
        return new StoredValue(key, base64, Optional.of(newTerm), fence);
    }

    StoredValue under(Fence newFence) {
        return new StoredValue(key, base64, term, Optional.of(newFence));
    }

    /**
     * Returns the value.
     *
     * @throws IOException if it is not one of a store's
     */
    byte[] value() throws IOException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException("kubernetes: " + key + ": the value cannot be read (expected: base64)", e);
        }
    }

    boolean isOverAt(Instant now) {
        return term.filter(limited -> !now.isBefore(limited.until)).isPresent();
    }

    /** Returns a name that Kubernetes allows, one for each text. */
    static String nameOf(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "lb4j-" + HexFormat.of().formatHex(digest).substring(0, NAME_DIGITS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every runtime has SHA-256", impossible);
        }
    }

    /** Returns the labels of all values of a store whose keys may begin with a text: of those of its folder. */
    static Map<String, String> labelsOfAll(String prefix, String beginning) {
        Map<String, String> labels = new HashMap<>(MANAGED);
        labels.put(STORE, nameOf(prefix));
        List<String> folders = folders(beginning);
        if (!folders.isEmpty()) {
            labels.put(FOLDER + folders.size(), nameOf(folders.get(folders.size() - 1)));
        }
        return labels;
    }

    /** Returns the labels of a value: the store, and each folder that its key is in, so that the server finds what is in one. */
    private static Map<String, String> labels(String prefix, String key) {
        Map<String, String> labels = new HashMap<>(MANAGED);
        labels.put(STORE, nameOf(prefix));
        List<String> folders = folders(key);
        for (int i = 0; i < folders.size(); i++) {
            labels.put(FOLDER + (i + 1), nameOf(folders.get(i)));
        }
        return labels;
    }

    /** Returns the first folders that a key is in: of {@code a/b/c}, {@code a/} and {@code a/b/}. */
    private static List<String> folders(String key) {
        List<String> folders = new ArrayList<>();
        for (int end = key.indexOf('/'); end >= 0 && folders.size() < DEEPEST; end = key.indexOf('/', end + 1)) {
            folders.add(key.substring(0, end + 1));
        }
        return folders;
    }

    Secret toSecret(String prefix) {
        SecretBuilder secret = new SecretBuilder()
                .withNewMetadata()
                .withName(nameOf(prefix + key))
                .withLabels(labels(prefix, key))
                .addToAnnotations(KEY, key)
                .endMetadata()
                .addToData(DATA, base64);
        term.ifPresent(limited -> secret.editMetadata()
                .addToAnnotations(HOLDER, limited.holder)
                .addToAnnotations(UNTIL, limited.until.toString())
                .endMetadata());
        fence.ifPresent(fenced -> secret.editMetadata()
                .addToAnnotations(LOCK, fenced.lock)
                .addToAnnotations(NUMBER, Long.toString(fenced.number))
                .endMetadata());
        return secret.build();
    }

    /**
     * Reads a value.
     *
     * @throws IOException if somebody else has written notes that a store does not
     */
    static StoredValue of(Secret secret) throws IOException {
        Map<String, String> data = Optional.ofNullable(secret.getData()).orElse(Map.of());
        return of(secret.getMetadata(), Optional.ofNullable(data.get(DATA)).orElse(""));
    }

    /** Returns the key of a value; empty if it names none. */
    static String keyOf(ObjectMeta metadata) {
        return note(metadata, KEY).orElse("");
    }

    /** Returns whether a value is over. One whose end cannot be read is there all the same: whoever asks for it is told. */
    static boolean isOver(ObjectMeta metadata, Instant now) {
        try {
            return of(metadata, "").isOverAt(now);
        } catch (IOException e) {
            return false; // as said above
        }
    }

    private static Optional<String> note(ObjectMeta metadata, String name) {
        return Optional.ofNullable(metadata.getAnnotations()).map(notes -> notes.get(name));
    }

    private static StoredValue of(ObjectMeta metadata, String base64) throws IOException {
        try {
            return new StoredValue(
                    keyOf(metadata),
                    base64,
                    note(metadata, UNTIL)
                            .map(until -> new Term(note(metadata, HOLDER).orElse(""), Instant.parse(until))),
                    note(metadata, NUMBER)
                            .map(number -> new Fence(note(metadata, LOCK).orElse(""), Long.parseLong(number))));
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new IOException(
                    "kubernetes: secret " + metadata.getName() + ": " + UNTIL + ", or " + NUMBER
                            + ", cannot be read (expected: a time such as 2026-01-01T00:00:00Z, and a number): "
                            + e.getMessage(),
                    e);
        }
    }
}
