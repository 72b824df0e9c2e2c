package io.lb4j.acme.model;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;

/** The kinds of private keys that certificates have. */
public enum KeyType {
    /** RSA, 2,048 bits. */
    RSA2048("RSA", 2048),
    /** RSA, 4,096 bits. */
    RSA4096("RSA", 4096),
    /** The elliptic curve P-256. */
    EC256("EC", 256),
    /** The elliptic curve P-384. */
    EC384("EC", 384);

    private final String algorithm;
    private final int bits;

    KeyType(String algorithm, int bits) {
        this.algorithm = algorithm;
        this.bits = bits;
    }

    /** Makes a new key; of 4,096 bits, that takes a second or more. */
    public KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + this + " keys", e);
        }
    }
}
