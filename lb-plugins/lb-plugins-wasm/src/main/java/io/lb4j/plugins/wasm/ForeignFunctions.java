package io.lb4j.plugins.wasm;

import java.io.ByteArrayOutputStream;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Functions that no ABI names, as Envoy has them: {@code compress} and {@code uncompress}, of zlib's format (RFC 1950), and {@code verify_signature}. They stop where the guest's time is over, as its own code does.
 */
final class ForeignFunctions {
    private static final int LARGEST = 16 << 20; // octets of a result
    private static final int STEP = 16 * 1024; // octets between two looks at the time

    private ForeignFunctions() {}

    /**
     * Calls a function.
     *
     * @throws NoSuchElementException if there is none of this name
     * @throws IllegalArgumentException if it cannot do what it is asked to
     */
    static byte[] call(String name, byte[] given) {
        return switch (name) {
            case "compress" -> compress(given);
            case "uncompress" -> uncompress(given);
            case "verify_signature" -> SignatureCheck.answer(given);
            default -> throw new NoSuchElementException(name);
        };
    }

    private static byte[] compress(byte[] given) {
        Deflater deflater = new Deflater();
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] step = new byte[STEP];
            for (int at = 0; at < given.length; at += STEP) {
                deflater.setInput(given, at, Math.min(STEP, given.length - at));
                while (!deflater.needsInput()) {
                    append(step, deflater.deflate(step), out);
                }
            }
            deflater.finish();
            while (!deflater.finished()) {
                append(step, deflater.deflate(step), out);
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static byte[] uncompress(byte[] given) {
        Inflater inflater = new Inflater();
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] step = new byte[STEP];
            inflater.setInput(given);
            while (!inflater.finished()) {
                int count = inflater.inflate(step);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new IllegalArgumentException("uncompress: ends in the middle, or needs a dictionary");
                }
                append(step, count, out);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("uncompress: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    private static void append(byte[] step, int count, ByteArrayOutputStream out) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the guest's time is over");
        }
        if (out.size() + count > LARGEST) {
            throw new IllegalArgumentException("result: more than " + LARGEST + " octets (the limit)");
        }
        out.write(step, 0, count);
    }
}
