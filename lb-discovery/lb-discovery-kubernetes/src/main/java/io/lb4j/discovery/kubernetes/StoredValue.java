package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
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

    byte[] value() {
        return Base64.getDecoder().decode(base64);
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

    /** Returns the labels of all values of a store. */
    static Map<String, String> labels(String prefix) {
        return Map.of("app.kubernetes.io/managed-by", "lb4j", STORE, nameOf(prefix));
    }

    Secret toSecret(String prefix) {
        SecretBuilder secret = new SecretBuilder()
                .withNewMetadata()
                .withName(nameOf(prefix + key))
                .withLabels(labels(prefix))
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

    static StoredValue of(Secret secret) {
        Map<String, String> notes =
                Optional.ofNullable(secret.getMetadata().getAnnotations()).orElse(Map.of());
        Map<String, String> data = Optional.ofNullable(secret.getData()).orElse(Map.of());
        return new StoredValue(
                Optional.ofNullable(notes.get(KEY)).orElse(""),
                Optional.ofNullable(data.get(DATA)).orElse(""),
                Optional.ofNullable(notes.get(UNTIL))
                        .map(until -> new Term(String.valueOf(notes.get(HOLDER)), Instant.parse(until))),
                Optional.ofNullable(notes.get(NUMBER))
                        .map(number -> new Fence(String.valueOf(notes.get(LOCK)), Long.parseLong(number))));
    }
}
