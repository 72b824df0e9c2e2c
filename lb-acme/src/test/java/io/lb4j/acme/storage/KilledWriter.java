package io.lb4j.acme.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A program that writes one value after the other, tells of each, and goes on until it is killed. */
final class KilledWriter {
    static final List<String> KEYS = List.of("certificates/ca/a.test", "certificates/ca/b.test");
    private static final int LENGTH = 20_000;

    private KilledWriter() {}

    /** A value that tells by itself whether it is whole. */
    static byte[] value(int number) {
        byte[] value = new byte[LENGTH];
        Arrays.fill(value, (byte) number);
        return value;
    }

    static boolean isWhole(byte[] value) {
        return Arrays.equals(value, value(value[0]));
    }

    public static void main(String[] words) throws IOException {
        AcmeStorage storage = AcmeStorages.files(Path.of(words[0]));
        // Under a lock, which goes with the process.
        AcmeStorage.Hold hold =
                storage.tryLock("a.test", Duration.ofSeconds(30)).orElseThrow();
        for (int number = 0; true; number++) {
            for (String key : KEYS) {
                hold.write(key, value(number));
            }
            System.out.write((number + "\n").getBytes(StandardCharsets.US_ASCII));
            System.out.flush();
        }
    }
}
