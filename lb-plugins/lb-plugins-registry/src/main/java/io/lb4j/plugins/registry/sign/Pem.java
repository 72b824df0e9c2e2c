package io.lb4j.plugins.registry.sign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One key in a file in PEM (RFC 7468). */
final class Pem {
    private static final int LARGEST = 64 * 1024;

    private Pem() {}

    /**
     * Returns what stands between the lines that begin and end it.
     *
     * @param label {@code PUBLIC KEY}, say
     * @throws IOException if the file cannot be read, or has no such thing; the message shows nothing of it
     */
    static byte[] read(Path file, String label) throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(LARGEST), StandardCharsets.US_ASCII);
        }
        Matcher block = Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]+)-----END " + label + "-----")
                .matcher(text);
        if (!block.find()) {
            throw new IOException(file + ": no key (expected: BEGIN " + label + " in PEM)");
        }
        try {
            return Base64.getMimeDecoder().decode(block.group(1));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": no key (expected: base64)", e);
        }
    }
}
