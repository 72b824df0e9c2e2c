package io.lb4j.testkit.http;

import java.nio.charset.StandardCharsets;

/**
 * What is known of a message body: its beginning, its whole length, and a checksum over all of it, so that a body of
 * many gigabytes can be verified without being kept. Immutable.
 */
public final class Body {
    private final byte[] kept;
    private final long length;
    private final long crc32c;

    Body(byte[] kept, long length, long crc32c) {
        this.kept = kept;
        this.length = length;
        this.crc32c = crc32c;
    }

    /**
     * The bytes, as far as they were kept.
     *
     * @return a copy; shorter than {@link #length} if the body went over the bound of its reader
     */
    public byte[] bytes() {
        return kept.clone();
    }

    /**
     * The kept bytes as UTF-8.
     *
     * @return text
     */
    public String text() {
        return new String(kept, StandardCharsets.UTF_8);
    }

    /**
     * How many bytes travelled, chunk framing not counted.
     *
     * @return in bytes
     */
    public long length() {
        return length;
    }

    /**
     * CRC-32C over all bytes that travelled.
     *
     * @return as {@link java.util.zip.CRC32C} gives it
     */
    public long crc32c() {
        return crc32c;
    }

    /**
     * Whether {@link #bytes} is the whole body.
     *
     * @return false if only its beginning was kept
     */
    public boolean isKeptWhole() {
        return kept.length == length;
    }

    @Override
    public String toString() {
        return length + " bytes, crc32c " + Long.toHexString(crc32c);
    }
}
