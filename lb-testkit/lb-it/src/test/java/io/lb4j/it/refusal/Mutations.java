package io.lb4j.it.refusal;

import java.util.Arrays;
import java.util.Random;

/** Changes messages at random, in the places and by the octets that parsers trip over. */
final class Mutations {
    private static final String INTERESTING = "\r\n\r\n \t:;,=\"\\0a1fx\u0000\u007f\u00ff/?#*-+.%";

    private Mutations() {}

    /** Returns some octets changed in one to three places. */
    static byte[] mutate(Random random, byte[] sample) {
        byte[] octets = sample;
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(octets.length);
            octets = switch (random.nextInt(4)) {
                case 0 -> splice(octets, at, at + 1, one(random));
                case 1 -> splice(octets, at, at, one(random));
                case 2 -> splice(octets, at, Math.min(octets.length, at + 1 + random.nextInt(4)), new byte[0]);
                default ->
                    splice(octets, at, at, Arrays.copyOfRange(sample, random.nextInt(sample.length), sample.length));
            };
            if (octets.length == 0) {
                return sample;
            }
        }
        return octets;
    }

    private static byte[] one(Random random) {
        return new byte[] {(byte) INTERESTING.charAt(random.nextInt(INTERESTING.length()))};
    }

    private static byte[] splice(byte[] octets, int from, int to, byte[] between) {
        byte[] spliced = new byte[octets.length - (to - from) + between.length];
        System.arraycopy(octets, 0, spliced, 0, from);
        System.arraycopy(between, 0, spliced, from, between.length);
        System.arraycopy(octets, to, spliced, from + between.length, octets.length - to);
        return spliced;
    }
}
