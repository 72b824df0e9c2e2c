package io.lb4j.acme.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what another storage keeps. A value is a version, a nonce, and what AES-GCM makes of it; the storage's key is authenticated
 * along, so that one value cannot stand in another's place. Thread-safe.
 */
final class EncryptedStorage implements AcmeStorage {
    private static final int SECRET_OCTETS = 32;
    private static final int NONCE_OCTETS = 12; // NIST SP 800-38D §5.2.1.1
    private static final int TAG_BITS = 128;
    private static final byte VERSION = 1;

    private final SecureRandom random = new SecureRandom();
    private final AcmeStorage storage;
    private final SecretKey secret;

    EncryptedStorage(AcmeStorage storage, byte[] secret) {
        if (secret.length != SECRET_OCTETS) {
            throw new IllegalArgumentException(
                    "secret: " + secret.length + " octets (expected: " + SECRET_OCTETS + ", for AES-256)");
        }
        this.storage = storage;
        this.secret = new SecretKeySpec(secret, "AES");
    }

    private Cipher cipher(int mode, byte[] nonce, String key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, secret, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(key.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] encrypted(String key, byte[] value) {
        try {
            byte[] nonce = new byte[NONCE_OCTETS];
            random.nextBytes(nonce);
            byte[] secretText = cipher(Cipher.ENCRYPT_MODE, nonce, key).doFinal(value);
            return ByteBuffer.allocate(1 + NONCE_OCTETS + secretText.length)
                    .put(VERSION)
                    .put(nonce)
                    .put(secretText)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES in GCM", e);
        }
    }

    private byte[] decrypted(String key, byte[] stored) throws IOException {
        if (stored.length <= NONCE_OCTETS || stored[0] != VERSION) {
            throw new IOException(key + ": not encrypted (expected: a value that this storage has written)");
        }
        try {
            byte[] nonce = Arrays.copyOfRange(stored, 1, 1 + NONCE_OCTETS);
            return cipher(Cipher.DECRYPT_MODE, nonce, key)
                    .doFinal(stored, 1 + NONCE_OCTETS, stored.length - 1 - NONCE_OCTETS);
        } catch (GeneralSecurityException e) {
            throw new IOException(key + ": cannot be decrypted (expected: the secret it was written with)", e);
        }
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        Optional<byte[]> stored = storage.read(key);
        return stored.isPresent() ? Optional.of(decrypted(key, stored.get())) : Optional.empty();
    }

    @Override
    public void write(String key, byte[] value) throws IOException {
        storage.write(key, encrypted(key, value));
    }

    @Override
    public boolean remove(String key) throws IOException {
        return storage.remove(key);
    }

    @Override
    public List<String> keys(String prefix) throws IOException {
        return storage.keys(prefix);
    }

    @Override
    public Optional<Hold> tryLock(String name, Duration timeToLive) throws IOException {
        return storage.tryLock(name, timeToLive).map(EncryptedHold::new);
    }

    @Override
    public boolean isShared() {
        return storage.isShared();
    }

    /** A lock under which what is written is encrypted too. */
    private final class EncryptedHold implements Hold {
        private final Hold hold;

        EncryptedHold(Hold hold) {
            this.hold = hold;
        }

        @Override
        public boolean renew() throws IOException {
            return hold.renew();
        }

        @Override
        public boolean write(String key, byte[] value) throws IOException {
            return hold.write(key, encrypted(key, value));
        }

        @Override
        public void close() {
            hold.close();
        }
    }
}
