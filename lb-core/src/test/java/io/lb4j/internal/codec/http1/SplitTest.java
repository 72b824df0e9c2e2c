package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict on a message does not depend on how its octets come. */
class SplitTest {
    private static final long SEED = 20_260_101;

    static List<String> requests() {
        return Samples.REQUESTS;
    }

    static List<String> responses() {
        return Samples.RESPONSES;
    }

    @ParameterizedTest
    @MethodSource("requests")
    void judgesARequestAlikeHoweverItIsCut(String sample) {
        byte[] octets = Transcript.octets(sample);
        String whole = Transcript.ofRequests(octets);
        for (int cut = 1; cut < octets.length; cut++) {
            assertThat(Transcript.ofRequests(octets, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        assertThat(Transcript.ofRequests(
                        octets, IntStream.range(1, octets.length).toArray()))
                .as("octet by octet")
                .isEqualTo(whole);
        Random random = new Random(SEED);
        for (int i = 0; i < 20; i++) {
            int[] cuts = cuts(random, octets.length);
            assertThat(Transcript.ofRequests(octets, cuts))
                    .as("cut at %s", cuts)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("responses")
    void judgesAResponseAlikeHoweverItIsCut(String sample) {
        byte[] octets = Transcript.octets(sample);
        String whole = Transcript.ofResponse(octets);
        for (int cut = 1; cut < octets.length; cut++) {
            assertThat(Transcript.ofResponse(octets, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        assertThat(Transcript.ofResponse(
                        octets, IntStream.range(1, octets.length).toArray()))
                .as("octet by octet")
                .isEqualTo(whole);
    }

    @Test
    void hasSamplesThatAreTakenAndSamplesThatAreNot() {
        assertThat(Samples.REQUESTS.stream().map(Transcript::octets).map(Transcript::ofRequests))
                .anyMatch(text -> text.contains("refused: "))
                .anyMatch(text -> text.endsWith("open"));
        assertThat(Samples.RESPONSES.stream().map(Transcript::octets).map(Transcript::ofResponse))
                .anyMatch(text -> text.contains("MALFORMED_RESPONSE"))
                .anyMatch(text -> text.endsWith("1"));
    }

    static int[] cuts(Random random, int length) {
        return random.ints(random.nextInt(6), 0, length).sorted().toArray();
    }
}
