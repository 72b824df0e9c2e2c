package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens by which clients prove their address (RFC 9000 §8.1.2): moment, connection id and a signature over both and the address. Confined to
 * one event loop; the key is shared by all, and by those who were on the port before.
 */
final class RetryTokens implements QuicTokenHandler {
    private static final int SIGNATURE_OCTETS = 16;
    private static final int HEADER_OCTETS = SIGNATURE_OCTETS + Long.BYTES;
    private static final long VALID_MILLIS = 10_000;
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final int connectionIdLength;
    private final BooleanSupplier required;
    private final LongSupplier clockMillis;
    private final Figures figures;

    /** Makes a key. */
    static byte[] newKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /**
     * Creates the handler of one loop.
     *
     * @param required says whether a client has to prove its address now
     */
    RetryTokens(
            byte[] key, int connectionIdLength, BooleanSupplier required, LongSupplier clockMillis, Figures figures) {
        this.connectionIdLength = connectionIdLength;
        this.required = required;
        this.clockMillis = clockMillis;
        this.figures = figures;
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(ALGORITHM + " is in every Java runtime", impossible);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
        if (!required.getAsBoolean()) {
            return false;
        }
        figures.count(Figure.RETRIES);
        byte[] id = new byte[dcid.readableBytes()];
        dcid.getBytes(dcid.readerIndex(), id);
        long millis = clockMillis.getAsLong();
        out.writeBytes(sign(millis, id, address)).writeLong(millis).writeBytes(id);
        return true;
    }

    @Override
    public TokenValidationResult validateToken(ByteBuf token, InetSocketAddress address, ByteBuf dcid) {
        // The id that the client answers to is the one that the Retry gave it.
        if (dcid.readableBytes() == connectionIdLength && isValid(token, address)) {
            return TokenValidationResult.odcidFromToken(HEADER_OCTETS);
        }
        figures.count(Figure.TOKENS_REFUSED);
        return TokenValidationResult.invalidToken();
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        return isValid(token, address) ? HEADER_OCTETS : -1;
    }

    private boolean isValid(ByteBuf token, InetSocketAddress address) {
        int length = token.readableBytes();
        if (length < HEADER_OCTETS || length > maxTokenLength()) {
            return false;
        }
        byte[] signature = new byte[SIGNATURE_OCTETS];
        byte[] id = new byte[length - HEADER_OCTETS];
        token.getBytes(token.readerIndex(), signature);
        long millis = token.getLong(token.readerIndex() + SIGNATURE_OCTETS);
        token.getBytes(token.readerIndex() + HEADER_OCTETS, id);
        long age = clockMillis.getAsLong() - millis;
        return age >= 0 && age <= VALID_MILLIS && MessageDigest.isEqual(signature, sign(millis, id, address));
    }

    private byte[] sign(long millis, byte[] id, InetSocketAddress address) {
        mac.update(ByteBuffer.allocate(Long.BYTES + Short.BYTES)
                .putLong(millis)
                .putShort((short) address.getPort())
                .flip());
        mac.update((byte) id.length);
        mac.update(id);
        byte[] whole = mac.doFinal(address.getAddress().getAddress());
        byte[] signature = new byte[SIGNATURE_OCTETS];
        System.arraycopy(whole, 0, signature, 0, SIGNATURE_OCTETS);
        return signature;
    }

    @Override
    public int maxTokenLength() {
        return HEADER_OCTETS + Quic.MAX_CONN_ID_LEN;
    }
}
