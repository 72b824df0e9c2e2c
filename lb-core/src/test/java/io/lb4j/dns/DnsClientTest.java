package io.lb4j.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.server.Bind;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Asks a real server. */
class DnsClientTest {
    private static final MultiThreadIoEventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static Bind bind;

    @BeforeAll
    static void startServer() {
        List<String> records = new ArrayList<>(List.of(
                "one 7 A 127.0.0.2",
                "both 30 A 127.0.0.2",
                "both 9 AAAA ::1",
                "six 30 AAAA ::1",
                "alias 3 CNAME one",
                "twice 30 CNAME alias",
                "loop-a 30 CNAME loop-b",
                "loop-b 30 CNAME loop-a",
                "_http._tcp 20 SRV 10 5 8080 one",
                "_http._tcp 20 SRV 20 1 8081 six"));
        IntStream.rangeClosed(1, 100).forEach(i -> records.add("many 30 A 127.0.1." + i));
        bind = Bind.start(records.toArray(String[]::new));
    }

    @AfterAll
    static void stopServer() {
        if (bind != null) {
            bind.close();
        }
        GROUP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static InetSocketAddress server() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), bind.port());
    }

    private static DnsClient client(DnsSettings.Families families, List<String> search, InetSocketAddress... servers) {
        return client(Duration.ofSeconds(10), families, search, servers);
    }

    private static DnsClient client(
            Duration timeout, DnsSettings.Families families, List<String> search, InetSocketAddress... servers) {
        DnsSettings settings = new DnsSettings(
                List.of(servers),
                families,
                new DnsSettings.Search(search, 1),
                new DnsSettings.Times(timeout, Duration.ofSeconds(5), Duration.ofMinutes(5)),
                AddressGuard.STRICT);
        return DnsClient.open(
                settings, new DnsClient.Transport(GROUP.next(), NioDatagramChannel::new, NioSocketChannel::new));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static DnsAnswer<InetAddress> addresses(String name) throws Exception {
        try (DnsClient client = client(DnsSettings.Families.BOTH, List.of(), server())) {
            return get(client.addresses(name));
        }
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @Test
    void tellsAddressesAndForHowLongTheyHold() throws Exception {
        DnsAnswer<InetAddress> answer = addresses("one.test");

        assertThat(answer.records()).containsExactly(address("127.0.0.2"));
        assertThat(answer.timeToLive()).isEqualTo(Duration.ofSeconds(7));
        assertThat(answer.isPartial()).isFalse();
    }

    @Test
    void putsBothFamiliesTogether() throws Exception {
        DnsAnswer<InetAddress> answer = addresses("both.test");

        assertThat(answer.records()).containsExactly(address("127.0.0.2"), address("::1"));
        assertThat(answer.timeToLive()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void asksForOneFamilyWhereItIsToldTo() throws Exception {
        try (DnsClient client = client(DnsSettings.Families.IPV6, List.of(), server())) {
            assertThat(get(client.addresses("both.test")).records()).containsExactly(address("::1"));
            assertThat(get(client.addresses("one.test")).status()).isEqualTo(DnsAnswer.Status.NO_RECORDS);
        }
    }

    @Test
    void followsAliasesAndHoldsThemNoLongerThanTheyLive() throws Exception {
        DnsAnswer<InetAddress> answer = addresses("twice.test");

        assertThat(answer.records()).containsExactly(address("127.0.0.2"));
        assertThat(answer.timeToLive()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void givesUpOnAliasesThatLeadInACircle() {
        assertThatThrownBy(() -> addresses("loop-a.test")).hasRootCauseInstanceOf(DnsFailure.class);
    }

    @Test
    void tellsANameThatIsNotThereFromWhatCannotBeFoundOut() throws Exception {
        DnsAnswer<InetAddress> nowhere = addresses("nowhere.test");

        assertThat(nowhere.status()).isEqualTo(DnsAnswer.Status.NO_SUCH_NAME);
        assertThat(nowhere.timeToLive()).isEqualTo(Duration.ofSeconds(1)); // of the zone's SOA
        assertThatThrownBy(() -> addresses("a.broken.test"))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        DnsFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(DnsFailure.Kind.SERVER_FAILURE))
                .hasMessageContaining("a.broken.test");
        assertThatThrownBy(() -> addresses("example.com"))
                .cause()
                .isInstanceOfSatisfying(
                        DnsFailure.class, failure -> assertThat(failure.kind()).isEqualTo(DnsFailure.Kind.REFUSED));
    }

    @Test
    void saysThatNobodyAnsweredInTime() throws Exception {
        // A socket that nobody reads from: the question is lost.
        try (java.net.DatagramSocket silent = new java.net.DatagramSocket(0, InetAddress.getLoopbackAddress());
                DnsClient client =
                        client(Duration.ofMillis(500), DnsSettings.Families.IPV4, List.of(), (InetSocketAddress)
                                silent.getLocalSocketAddress())) {
            assertThatThrownBy(() -> get(client.addresses("one.test")))
                    .cause()
                    .isInstanceOfSatisfying(
                            DnsFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(DnsFailure.Kind.TIMED_OUT));
        }
    }

    @Test
    void asksTheNextServerWhereOneIsSilent() throws Exception {
        try (java.net.DatagramSocket silent = new java.net.DatagramSocket(0, InetAddress.getLoopbackAddress());
                DnsClient client = client(
                        Duration.ofSeconds(2),
                        DnsSettings.Families.IPV4,
                        List.of(),
                        (InetSocketAddress) silent.getLocalSocketAddress(),
                        server())) {
            assertThat(get(client.addresses("one.test")).records()).containsExactly(address("127.0.0.2"));
        }
    }

    @Test
    void takesToTcpWhatDoesNotFitADatagram() throws Exception {
        try (DnsClient client = client(DnsSettings.Families.IPV4, List.of(), server())) {
            assertThat(get(client.addresses("many.test")).records()).hasSize(100);
        }
    }

    @Test
    void completesNamesAsItIsTold() throws Exception {
        try (DnsClient client = client(DnsSettings.Families.IPV4, List.of("other.test", "test"), server())) {
            assertThat(get(client.addresses("one")).records()).containsExactly(address("127.0.0.2"));
            assertThat(get(client.addresses("one.test")).status()).isEqualTo(DnsAnswer.Status.FOUND);
            assertThat(get(client.addresses("one.test.")).status()).isEqualTo(DnsAnswer.Status.FOUND);
        }
    }

    @Test
    void completesNamesPastServersThatFail() throws Exception {
        try (DnsClient client = client(DnsSettings.Families.IPV4, List.of("broken.test", "test"), server())) {
            assertThat(get(client.addresses("one")).records()).containsExactly(address("127.0.0.2"));
            assertThat(get(client.services("_http._tcp")).records()).hasSize(2); // refused as it stands
            assertThatThrownBy(() -> get(client.addresses("nowhere")))
                    .cause()
                    .isInstanceOf(DnsFailure.class)
                    .hasMessageContaining("nowhere.broken.test");
        }
    }

    @Test
    void readsServices() throws Exception {
        try (DnsClient client = client(DnsSettings.Families.BOTH, List.of(), server())) {
            assertThat(get(client.services("_http._tcp.test")).records())
                    .containsExactlyInAnyOrder(
                            new ServiceRecord(10, 5, 8080, "one.test"), new ServiceRecord(20, 1, 8081, "six.test"));
        }
    }

    @Test
    void takesAddressesForWhatTheyAreAndTheHostsFileFirst() throws Exception {
        assertThat(addresses("127.0.0.9").records()).containsExactly(address("127.0.0.9"));
        assertThat(addresses("localhost").records()).contains(address("127.0.0.1"));
    }
}
