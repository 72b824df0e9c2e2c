package io.lb4j.spi;

/**
 * A key that seals session tickets (RFC 5077 §4), in the parts that BoringSSL takes. Immutable; a secret, which {@link #toString()} keeps.
 */
public final class TicketKey {
    private final byte[] name;
    private final byte[] macKey;
    private final byte[] cipherKey;

    /**
     * Copies the parts.
     *
     * @param name 16 octets that stand in the ticket
     * @param macKey 16 octets for HMAC-SHA-256
     * @param cipherKey 16 octets for AES-128
     */
    public TicketKey(byte[] name, byte[] macKey, byte[] cipherKey) {
        this.name = part(name);
        this.macKey = part(macKey);
        this.cipherKey = part(cipherKey);
    }

    private static byte[] part(byte[] octets) {
        if (octets.length != 16) {
            throw new IllegalArgumentException("part of a ticket key: " + octets.length + " octets (expected: 16)");
        }
        return octets.clone();
    }

    /** Returns a copy of the 16 octets that stand in the ticket. */
    public byte[] name() {
        return name.clone();
    }

    /** Returns a copy of the 16 octets for HMAC-SHA-256. */
    public byte[] macKey() {
        return macKey.clone();
    }

    /** Returns a copy of the 16 octets for AES-128. */
    public byte[] cipherKey() {
        return cipherKey.clone();
    }

    /** Tells nothing of the key. */
    @Override
    public String toString() {
        return "ticket key";
    }
}
