package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages changed at random are taken or refused, and nothing else: no exception, no lost buffer, no endless loop. */
class MutationTest {
    private static final long SEED = 7_230;
    private static final int ROUNDS = 4_000;
    private static final byte[] INTERESTING = Transcript.octets("\r\n\r\n \t:;,=\"\\0a;x\u0000\u007f\u00ff/?#*-+");

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void survivesRequestsChangedAtRandom() {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] octets = mutate(random, Samples.REQUESTS);
            String transcript = Transcript.ofRequests(octets, SplitTest.cuts(random, octets.length));
            assertThat(transcript).doesNotContain("INTERNAL_FAULT");
            refused += transcript.contains("refused: ") ? 1 : 0;
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void survivesResponsesChangedAtRandom() {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] octets = mutate(random, Samples.RESPONSES);
            String transcript = Transcript.ofResponse(octets, SplitTest.cuts(random, octets.length));
            assertThat(transcript).doesNotContain("INTERNAL_FAULT");
            refused += transcript.contains("MALFORMED_RESPONSE") ? 1 : 0;
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    @Test
    void readsEveryKindOfChunkHeadWithoutThrowingAnythingElse() {
        Random random = new Random(SEED);
        ChunkHeadReader reader = new ChunkHeadReader(Direction.REQUEST, 64);
        int complete = 0;
        for (int i = 0; i < ROUNDS * 10; i++) {
            byte[] octets = mutate(random, List.of("1a;b=c;d=\"e\"\r\n", "0\r\n"));
            reader.reset();
            try {
                complete += reader.read(Unpooled.wrappedBuffer(octets)) ? 1 : 0;
            } catch (ProxyException refusal) {
                assertThat(refusal.kind()).isEqualTo(Kind.MALFORMED_REQUEST);
            }
        }
        assertThat(complete).isBetween(ROUNDS / 10, ROUNDS * 9);
    }

    private static byte[] mutate(Random random, List<String> samples) {
        byte[] octets = Transcript.octets(samples.get(random.nextInt(samples.size())));
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(octets.length);
            octets = switch (random.nextInt(5)) {
                case 0 -> replace(octets, at, at + 1, new byte[] {(byte) random.nextInt(256)});
                case 1 -> replace(octets, at, at + 1, one(random));
                case 2 -> replace(octets, at, at, one(random));
                case 3 -> replace(octets, at, Math.min(octets.length, at + 1 + random.nextInt(3)), new byte[0]);
                default -> {
                    byte[] other = Transcript.octets(samples.get(random.nextInt(samples.size())));
                    int from = random.nextInt(other.length);
                    yield replace(octets, at, at, Arrays.copyOfRange(other, from, other.length));
                }
            };
            if (octets.length == 0) {
                octets = one(random);
            }
        }
        return octets;
    }

    private static byte[] one(Random random) {
        return new byte[] {INTERESTING[random.nextInt(INTERESTING.length)]};
    }

    private static byte[] replace(byte[] octets, int from, int to, byte[] replacement) {
        byte[] changed = new byte[octets.length - (to - from) + replacement.length];
        System.arraycopy(octets, 0, changed, 0, from);
        System.arraycopy(replacement, 0, changed, from, replacement.length);
        System.arraycopy(octets, to, changed, from + replacement.length, octets.length - to);
        return changed;
    }
}
