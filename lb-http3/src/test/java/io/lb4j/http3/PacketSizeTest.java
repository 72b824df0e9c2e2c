package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How large packets become. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class PacketSizeTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int LARGEST_EVERYWHERE = 1_200;

    @BeforeAll
    static void needsEpoll() {
        assumeThat(Epoll.isAvailable()).isTrue();
    }

    private static ScriptedUpstream megabytes() {
        return ScriptedUpstream.start(
                script -> script.onAny().answer(Answer.status(200).payload(MEBIBYTE)));
    }

    private static UdpRelay relayTo(Edge edge) {
        return UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
    }

    /** Asks for a megabyte, and returns how large packets were at its end. */
    private static long sizeAfterDownload(Edge edge, H3Client client) {
        assertThat(client.get("/").body()).hasSize(MEBIBYTE);
        return edge.nextRecord().connection().figures().getOrDefault("packet_size", 0L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_200, 1_350, 1_452})
    void theyBecomeAsLargeAsIsWantedWhereThePathCarriesIt(long wanted) {
        try (ScriptedUpstream upstream = megabytes();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxPacketSize(wanted)));
                H3Client client = H3Client.connect(edge.port())) {
            await().until(() -> sizeAfterDownload(edge, client) == wanted);
        }
    }

    /** quiche would not try on another path that the client moves to. */
    @Test
    void withClientsNothingIsTriedByDefault() {
        try (ScriptedUpstream upstream = megabytes();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = relayTo(edge)) {
            relay.impair(Impairment.none().mtu(LARGEST_EVERYWHERE));
            try (H3Client client = H3Client.connect(relay.port())) {
                await().until(() -> sizeAfterDownload(edge, client) == LARGEST_EVERYWHERE);
                assertThat(relay.lost()).isZero();
            }
        }
    }

    @Test
    void onANarrowPathTheyBecomeAsLargeAsItCarries() {
        int carried = 1_281;
        try (ScriptedUpstream upstream = megabytes();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxPacketSize(1_350)));
                UdpRelay relay = relayTo(edge)) {
            relay.impair(Impairment.none().mtu(carried));
            try (H3Client client = H3Client.connect(relay.port())) {
                await().atMost(60, TimeUnit.SECONDS).until(() -> sizeAfterDownload(edge, client) == carried);
                assertThat(relay.lost()).isLessThan(100);
            }
        }
    }

    @Test
    void requestsGrowToo() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.keepBodies(4 * MEBIBYTE).onAny().echo());
                Edge origin = Edge.before(upstream);
                LoadBalancer balancer = UpstreamTest.before(origin.port(), Http3Upstream.defaults())
                        .start();
                RawClient client = RawClient.connect(balancer.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + 2 * MEBIBYTE + "\r\n\r\n"
                    + "x".repeat(2 * MEBIBYTE));
            assertThat(client.readResponse().body().bytes()).hasSize(2 * MEBIBYTE);

            await().untilAsserted(() -> {
                long packets = FiguresTest.upstreamFigure(balancer, Figure.PACKETS_SENT);
                long octets = FiguresTest.upstreamFigure(balancer, Figure.OCTETS_SENT);
                assertThat(octets / packets).isGreaterThan(LARGEST_EVERYWHERE);
            });
        }
    }

    @Test
    void neitherTheKernelNorRoutersMayCutThemUp() {
        EpollDatagramChannel socket = new EpollDatagramChannel();
        try {
            PacketSize.discover(new QuicServerCodecBuilder(), socket, 1_350);

            assertThat(socket.config().getOption(new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10)))
                    .isEqualTo(3);
        } finally {
            socket.unsafe().closeForcibly();
        }
    }
}
