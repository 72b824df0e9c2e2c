package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancerBuilder;
import io.lb4j.http3.H3Client.H3Frame;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.H2Options;
import io.lb4j.testkit.http2.H2Script;
import io.lb4j.testkit.http2.RecordedStream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Datagrams of QUIC (RFC 9221) and of HTTP (RFC 9297). */
final class DatagramTest {
    private static final List<Map.Entry<String, String>> CONNECT_UDP = List.of(
            Map.entry(":method", "CONNECT"),
            Map.entry(":protocol", "connect-udp"),
            Map.entry(":scheme", "https"),
            Map.entry(":authority", "localhost"),
            Map.entry(":path", "/.well-known/masque/udp/192.0.2.6/443/"),
            Map.entry("capsule-protocol", "?1"));

    private static ScriptedUpstream echo() {
        return ScriptedUpstream.start(script -> script.onAny().upgrade("connect-udp"));
    }

    /** Returns a client whose SETTINGS the server has heard: a datagram has gone to and fro on its first stream. */
    private static H3Client ready(Edge edge) throws IOException {
        H3Client client = H3Client.connectForDatagrams(edge.port());
        open(client);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            client.quic().sendDatagram(datagram(0, "probe"));
            return client.pollDatagram(Duration.ofMillis(200)).isPresent();
        });
        return client;
    }

    private static H3Exchange open(H3Client client) throws IOException {
        H3Exchange exchange = client.open().fields(CONNECT_UDP);
        assertThat(H3Client.fields(exchange.next().payload())).contains(Map.entry(":status", "200"));
        return exchange;
    }

    private static byte[] datagram(int quarter, String payload) {
        return join(new byte[] {(byte) quarter}, payload.getBytes(UTF_8));
    }

    private static byte[] capsule(int type, byte[] value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        H3Frame.writeInteger(out, type);
        H3Frame.writeInteger(out, value.length);
        out.writeBytes(value);
        return out.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    private static void assertEchoed(H3Client client, byte[] datagram) {
        client.quic().sendDatagram(datagram);
        assertThat(next(client)).isEqualTo(datagram);
    }

    /** Reads so many octets of a stream, in whatever pieces they come. */
    private static byte[] read(H3Exchange exchange, int octets) throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        while (stream.size() < octets) {
            stream.writeBytes(exchange.next().payload());
        }
        return stream.toByteArray();
    }

    /** Returns the next datagram that belongs to another stream than the first. */
    private static byte[] next(H3Client client) {
        for (; ; ) {
            byte[] next = client.pollDatagram(Duration.ofSeconds(30)).orElseThrow();
            if (next[0] != 0) {
                return next;
            }
        }
    }

    @Test
    void theyAreOffered() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connectForDatagrams(edge.port())) {
            assertThat(client.quic().canSendDatagram()).isTrue();
            assertThat(client.nextControl(H3Client.SETTINGS).payload())
                    .containsSequence(new byte[] {H3Client.H3_DATAGRAM, 1});
        }
    }

    @Test
    void theyAreNotOfferedWhereTheConfigurationSaysSo() throws IOException {
        try (ScriptedUpstream upstream = echo();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.enableDatagrams(false)));
                H3Client client = H3Client.connectForDatagrams(edge.port())) {
            assertThat(client.quic().canSendDatagram()).isFalse();
            assertThat(client.nextControl(H3Client.SETTINGS).payload())
                    .containsSequence(new byte[] {H3Client.H3_DATAGRAM, 0});

            byte[] capsule = capsule(0, "hello".getBytes(UTF_8));
            assertThat(read(open(client).data(capsule), capsule.length)).isEqualTo(capsule);
        }
    }

    @Test
    void theyReachAnEndpointOfHttp1AndComeBack() throws IOException {
        try (ScriptedUpstream upstream = echo();
                Edge edge = Edge.before(upstream);
                H3Client client = ready(edge)) {
            long received = edge.figure(Figure.DATAGRAMS_RECEIVED);
            long sent = edge.figure(Figure.DATAGRAMS_SENT);
            open(client);
            assertEchoed(client, datagram(1, "hello"));
            assertEchoed(client, datagram(1, ""));
            assertEchoed(client, datagram(1, "x".repeat(1_000)));

            assertThat(edge.figure(Figure.DATAGRAMS_RECEIVED)).isEqualTo(received + 3);
            assertThat(edge.figure(Figure.DATAGRAMS_SENT)).isEqualTo(sent + 3);
        }
    }

    @Test
    void theyReachAnEndpointOfHttp2AndComeBack() throws IOException {
        try (ScriptedUpstream other = ScriptedUpstream.start();
                ScriptedH2Upstream upstream = http2(script -> script.onAny().echo());
                Edge edge = Edge.before(other, Http3.defaults(), listener -> {}, tunnelsTo(upstream));
                H3Client client = ready(edge)) {
            long sent = edge.figure(Figure.DATAGRAMS_SENT);
            open(client);
            String longest = "x".repeat(63); // whose length is one octet
            assertEchoed(client, datagram(1, "hello"));
            assertEchoed(client, datagram(1, ""));
            assertEchoed(client, datagram(1, longest));

            RecordedStream tunnel = upstream.awaitStreams(2).get(1);
            assertThat(tunnel.headers().first(":protocol")).contains("connect-udp");
            assertThat(tunnel.method()).isEqualTo("CONNECT");
            assertThat(tunnel.body().text()).isEqualTo("\0\5hello" + "\0\0" + "\0\077" + longest);
            assertThat(edge.figure(Figure.DATAGRAMS_SENT)).isGreaterThanOrEqualTo(sent + 3);
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @Test
    void capsulesOfAnEndpointOfHttp2MayComeInPieces() throws IOException {
        byte[] capsules = join(capsule(0, "one".getBytes(UTF_8)), capsule(0, "two".getBytes(UTF_8)));
        try (ScriptedUpstream other = ScriptedUpstream.start();
                ScriptedH2Upstream upstream = http2(script -> {
                    script.onAny().times(1).echo(); // for the client that finds out whether it may
                    script.onAny().early().headers(200).perform(exchange -> {
                        for (byte octet : capsules) {
                            exchange.data(new byte[] {octet}, false);
                        }
                    });
                });
                Edge edge = Edge.before(other, Http3.defaults(), listener -> {}, tunnelsTo(upstream));
                H3Client client = ready(edge)) {
            open(client);
            assertThat(next(client)).isEqualTo(datagram(1, "one"));
            assertThat(next(client)).isEqualTo(datagram(1, "two"));
        }
    }

    private static ScriptedH2Upstream http2(Consumer<H2Script> reactions) {
        return ScriptedH2Upstream.start(script -> {
            script.options(H2Options.defaults().setting(H2Options.ENABLE_CONNECT_PROTOCOL, 1));
            reactions.accept(script);
        });
    }

    private static Consumer<LoadBalancerBuilder> tunnelsTo(ScriptedH2Upstream upstream) {
        return builder -> builder.cluster(
                        "tunnels",
                        cluster ->
                                cluster.endpoint("127.0.0.1", upstream.port()).protocol(UpstreamProtocol.HTTP2))
                .route("tunnels", route -> route.path("/.well-known/masque/**").to("tunnels"));
    }

    @Test
    void theyGoOverHttp3OnBothLegs() throws IOException {
        try (ScriptedUpstream upstream = echo();
                Edge origin = Edge.before(upstream);
                Edge edge = Edge.before(upstream, Http3.defaults(), listener -> {}, tunnelsTo(origin));
                H3Client client = ready(edge)) {
            open(client);
            assertEchoed(client, datagram(1, "hello"));

            assertThat(origin.figure(Figure.DATAGRAMS_RECEIVED)).isGreaterThanOrEqualTo(2);
            assertThat(origin.figure(Figure.DATAGRAMS_SENT)).isGreaterThanOrEqualTo(2);
        }
    }

    private static Consumer<LoadBalancerBuilder> tunnelsTo(Edge origin) {
        return builder -> builder.cluster(
                        "tunnels",
                        cluster -> cluster.endpoint("127.0.0.1", origin.port())
                                .tls(tls -> tls.insecure())
                                .transportHeadStart(Duration.ofSeconds(10))
                                .http3(Http3Upstream.defaults()))
                .route("tunnels", route -> route.path("/.well-known/masque/**").to("tunnels"));
    }

    @Test
    void capsulesThatAreNoDatagramsStayOnTheStream() throws IOException {
        try (ScriptedUpstream upstream = echo();
                Edge edge = Edge.before(upstream);
                H3Client client = ready(edge)) {
            H3Exchange exchange = open(client);
            byte[] other = capsule(0x3456, "other".getBytes(UTF_8));
            byte[] datagram = capsule(0, "hello".getBytes(UTF_8));
            exchange.data(join(join(other, datagram), other));

            assertThat(next(client)).isEqualTo(datagram(1, "hello"));
            assertThat(read(exchange, 2 * other.length)).isEqualTo(join(other, other));
        }
    }

    @Test
    void aDatagramThatIsTooLargeForTheClientComesAsACapsule() throws IOException {
        try (ScriptedUpstream upstream = echo();
                Edge edge = Edge.before(upstream);
                H3Client client = ready(edge)) {
            byte[] large = capsule(0, new byte[5_000]);
            H3Exchange exchange = open(client).data(large);

            assertThat(read(exchange, large.length)).isEqualTo(large);
            assertEchoed(client, datagram(1, "hello"));
        }
    }

    @Test
    void aDatagramInTheMiddleOfACapsuleIsLostAndBreaksNothing() throws IOException {
        try (ScriptedUpstream upstream = echo();
                Edge edge = Edge.before(upstream);
                H3Client client = ready(edge)) {
            H3Exchange exchange = open(client);
            byte[] other = capsule(0x3456, new byte[10]);
            exchange.data(Arrays.copyOf(other, 8));
            read(exchange, 8);
            client.quic().sendDatagram(datagram(1, "lost"));
            await().until(() -> edge.figure(Figure.DATAGRAMS_DROPPED) == 1);
            exchange.data(Arrays.copyOfRange(other, 8, other.length));
            read(exchange, other.length - 8);

            assertEchoed(client, datagram(1, "hello"));
        }
    }

    @Test
    void thoseOfNoTunnelAreDropped() throws IOException {
        try (ScriptedUpstream upstream = echo();
                Edge edge = Edge.before(upstream);
                H3Client client = ready(edge)) {
            open(client);
            client.quic().sendDatagram(datagram(7, "nobody"));
            await().until(() -> edge.figure(Figure.DATAGRAMS_DROPPED) == 1);
            assertEchoed(client, datagram(1, "hello"));
        }
    }

    @Test
    void aDatagramWithoutAWholeStreamIdEndsTheConnection() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connectForDatagrams(edge.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            client.quic().sendDatagram(new byte[] {(byte) 0xc0});
            assertThat(client.ended())
                    .succeedsWithin(Duration.ofSeconds(30))
                    .satisfies(end -> assertThat(end.applicationErrorCode()).isEqualTo(0x33));
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE_HTTP3)).isEqualTo(1);
        }
    }

    @Test
    void integersAreWrittenAsTheyAreRead() {
        for (long value : new long[] {0, 63, 64, 16_383, 16_384, (1 << 30) - 1, 1 << 30, Varints.MOST}) {
            ByteBuf octets = Unpooled.buffer();
            Varints.write(octets, value);
            assertThat(octets.readableBytes()).isEqualTo(Varints.length(value));
            try {
                assertThat(H3Frame.readInteger(new ByteArrayInputStream(octets.array(), 0, octets.readableBytes())))
                        .isEqualTo(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertThat(Varints.read(octets.duplicate().writerIndex(octets.writerIndex() - 1)))
                    .isLessThan(0);
            assertThat(Varints.read(octets)).isEqualTo(value);
        }
    }
}
