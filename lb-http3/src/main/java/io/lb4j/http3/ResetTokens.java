package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.quic.QuicResetTokenGenerator;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens by which a client knows that a reset comes from whoever gave it a connection id (RFC 9000 §10.3.2): the id, signed with a static key, so
 * that a process knows the tokens of all who have had the key before it. Confined to one event loop.
 */
final class ResetTokens implements QuicResetTokenGenerator {
    static final int OCTETS = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    /**
     * Creates them.
     *
     * @param key from {@link #key}
     */
    ResetTokens(byte[] key) {
        mac = mac(key);
    }

    /** Derives a listener's key: whoever sees the id of a connection of one listener shall not learn its token by sending it to another. */
    static byte[] key(String secret, String listener) {
        return mac(secret.getBytes(UTF_8)).doFinal(("lb4j stateless reset " + listener).getBytes(UTF_8));
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(ALGORITHM + " is in every Java runtime", impossible);
        }
    }

    @Override
    public ByteBuffer newResetToken(ByteBuffer id) {
        return ByteBuffer.wrap(of(id));
    }

    /** Returns the token of a connection id, which stays as it is. */
    byte[] of(ByteBuffer id) {
        mac.update(id.duplicate());
        return Arrays.copyOf(mac.doFinal(), OCTETS);
    }
}
