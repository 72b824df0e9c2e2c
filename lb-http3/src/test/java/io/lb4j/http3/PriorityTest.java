package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import io.lb4j.testkit.time.Aside;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.kwik.core.frame.StreamFrame;

/** In what order responses are sent (RFC 9218). */
final class PriorityTest {
    private static final int BODY_OCTETS = 400_000;
    /** So narrow that two bodies take seconds: the second request has time to come before the first response has gone. */
    private static final Impairment NARROW =
            Impairment.none().delay(Duration.ofMillis(5)).bandwidth(200_000);

    private static final int SMALL_BODY_OCTETS = 50_000;

    private static ScriptedUpstream bodies() {
        return ScriptedUpstream.start(script -> {
            script.on("/small").answer(Answer.status(200).payload(SMALL_BODY_OCTETS));
            script.on("/endpoint-says")
                    .answer(Answer.status(200).header("priority", "u=0").payload(BODY_OCTETS));
            script.onAny().answer(Answer.status(200).payload(BODY_OCTETS));
        });
    }

    private static UdpRelay narrow(Edge edge) {
        UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
        relay.impair(NARROW);
        return relay;
    }

    /** Two responses: of the first, which has a head start, a frame has come when the second is asked for. */
    private static void assertSecondOvertakes(H3Exchange first, Runnable between, H3Exchange second) throws Exception {
        assertThat(isSecondWholeFirst(first, between, second, BODY_OCTETS)).isTrue();
    }

    private static boolean isSecondWholeFirst(H3Exchange first, Runnable between, H3Exchange second, int octetsOfSecond)
            throws Exception {
        first.next();
        between.run();
        CompletableFuture<H3Answer> one = CompletableFuture.supplyAsync(first::answer, Aside.THREAD);
        CompletableFuture<H3Answer> other = CompletableFuture.supplyAsync(second::answer, Aside.THREAD);

        Object winner = CompletableFuture.anyOf(one, other).get(60, TimeUnit.SECONDS);
        assertThat(one.get(60, TimeUnit.SECONDS).body()).hasSize(BODY_OCTETS);
        assertThat(other.get(60, TimeUnit.SECONDS).body()).hasSize(octetsOfSecond);
        return winner == other.get();
    }

    private static void sendUpdate(H3Client client, int stream, String value) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        H3Client.H3Frame.writeInteger(payload, stream);
        payload.writeBytes(value.getBytes(UTF_8));
        int settingsOctets = 5;
        client.send(new StreamFrame(2, settingsOctets, H3Client.frame(0xf0700, payload.toByteArray()), false));
    }

    @Test
    void theMoreUrgentComesFirst() throws Exception {
        try (ScriptedUpstream upstream = bodies();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = narrow(edge);
                H3Client client = H3Client.connect(relay.port())) {
            H3Exchange first = client.open().head("GET", "/", "priority", "u=5").end();
            H3Exchange second = client.open();
            assertSecondOvertakes(
                    first, () -> second.head("GET", "/", "priority", "u=1").end(), second);
            assertThat(upstream.awaitRequest().headers().first("priority")).contains("u=5");
        }
    }

    @Test
    void whoHasSaidNothingComesBeforeTheLeastUrgent() throws Exception {
        try (ScriptedUpstream upstream = bodies();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = narrow(edge);
                H3Client client = H3Client.connect(relay.port())) {
            H3Exchange first = client.open().head("GET", "/", "priority", "u=7").end();
            H3Exchange second = client.open();
            assertSecondOvertakes(first, () -> second.head("GET", "/").end(), second);
        }
    }

    @Test
    void anUpdateChangesTheOrder() throws Exception {
        try (ScriptedUpstream upstream = bodies();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = narrow(edge);
                H3Client client = H3Client.connect(relay.port())) {
            H3Exchange first = client.open().head("GET", "/", "priority", "u=3").end();
            H3Exchange second = client.open();
            assertSecondOvertakes(
                    first,
                    () -> {
                        sendUpdate(client, 4, "u=0");
                        second.head("GET", "/", "priority", "u=6").end();
                    },
                    second);
        }
    }

    @Test
    void anUpdateChangesTheOrderOfResponsesUnderWay() throws Exception {
        try (ScriptedUpstream upstream = bodies();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = narrow(edge);
                H3Client client = H3Client.connect(relay.port())) {
            H3Exchange first = client.open().head("GET", "/", "priority", "u=1").end();
            H3Exchange second = client.open();
            assertSecondOvertakes(
                    first,
                    () -> {
                        second.head("GET", "/", "priority", "u=3").end();
                        sendUpdate(client, 0, "u=7");
                    },
                    second);
        }
    }

    /** What is of use in pieces shares (RFC 9218 §4.2); what is not comes whole, in the order of the requests. */
    @ParameterizedTest
    @CsvSource({"u=3, false", "'u=3, i', true"})
    void aSmallResponseOvertakesALargeOneOfTheSameUrgencyWhereBothAreOfUseInPieces(String priority, boolean overtakes)
            throws Exception {
        try (ScriptedUpstream upstream = bodies();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = narrow(edge);
                H3Client client = H3Client.connect(relay.port())) {
            H3Exchange first =
                    client.open().head("GET", "/", "priority", priority).end();
            H3Exchange second = client.open();
            assertThat(isSecondWholeFirst(
                            first,
                            () -> second.head("GET", "/small", "priority", priority)
                                    .end(),
                            second,
                            SMALL_BODY_OCTETS))
                    .isEqualTo(overtakes);
        }
    }

    @Test
    void theEndpointMaySayOtherwise() throws Exception {
        try (ScriptedUpstream upstream = bodies();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = narrow(edge);
                H3Client client = H3Client.connect(relay.port())) {
            H3Exchange first = client.open().head("GET", "/", "priority", "u=3").end();
            H3Exchange second = client.open();
            assertSecondOvertakes(
                    first,
                    () -> second.head("GET", "/endpoint-says", "priority", "u=6")
                            .end(),
                    second);
        }
    }

    @Test
    void anUpdateOfNoRequestEndsTheConnection() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            sendUpdate(client, 3, "u=0");
            assertThat(client.ended())
                    .succeedsWithin(Duration.ofSeconds(30))
                    .satisfies(end -> assertThat(end.applicationErrorCode()).isEqualTo(0x108));
        }
    }

    @Test
    void fieldsAreReadAsFarAsTheyAreUnderstood() {
        assertThat(of("u=1")).isEqualTo(new Priority(1, false));
        assertThat(of("u=1, i")).isEqualTo(new Priority(1, true));
        assertThat(of("i;x=1,u=7;y")).isEqualTo(new Priority(7, true));
        assertThat(of("u=2, u=4, i, i=?0")).isEqualTo(new Priority(4, false));
        assertThat(of("u=8, x=3, \"")).isEqualTo(new Priority(3, false));
        assertThat(Priority.of(new Fields(), Priority.UNSAID)).isEqualTo(Priority.UNSAID);
        assertThat(Priority.of(fields("i"), new Priority(5, false))).isEqualTo(new Priority(5, true));
    }

    private static Priority of(String value) {
        return Priority.of(fields(value), Priority.UNSAID);
    }

    private static Fields fields(String value) {
        Fields fields = new Fields();
        fields.add(FieldName.PRIORITY, value);
        return fields;
    }
}
