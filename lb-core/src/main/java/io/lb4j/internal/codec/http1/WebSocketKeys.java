package io.lb4j.internal.codec.http1;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/** The keys by which the ends of a WebSocket handshake recognise each other (RFC 6455 §4). They keep no secret. */
final class WebSocketKeys {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_OCTETS = 16;

    private WebSocketKeys() {}

    /** Returns a new key (RFC 6455 §4.1). */
    static String create() {
        byte[] key = new byte[KEY_OCTETS];
        ThreadLocalRandom.current().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** Returns what answers a key (RFC 6455 §4.2.2). */
    static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-1: absent (expected: in every Java platform)", impossible);
        }
    }
}
