package io.lb4j.internal.x509;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;

/** Whether two keys are one pair. */
public final class KeyPairs {
    private static final byte[] SAMPLE = "lb4j".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /** Returns whether what the private key signs is what the public key verifies. */
    public static boolean match(PrivateKey privateKey, PublicKey publicKey) {
        if (privateKey instanceof RSAKey own && publicKey instanceof RSAKey other) {
            return own.getModulus().equals(other.getModulus());
        }
        try {
            String algorithm = publicKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : publicKey.getAlgorithm();
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(privateKey);
            signer.update(SAMPLE);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(SAMPLE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // keys of two algorithms, or on two curves
        }
    }
}
