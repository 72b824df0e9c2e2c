package io.lb4j.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.model.Endpoint;
import io.lb4j.spi.Backoff;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import io.lb4j.spi.DnsDiscovery;
import io.lb4j.testkit.time.TimeBound;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Servers that fail on one address family must not take its addresses away, nor those of the other. */
@TimeBound
class OneFamilyTest {
    private static final MultiThreadIoEventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterAll
    static void closeLoops() {
        GROUP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static DnsClient client(OneFamilyServer server) {
        return DnsClient.open(settings(server), transport());
    }

    private static DnsSettings settings(OneFamilyServer server) {
        return new DnsSettings(
                List.of(server.address()),
                DnsSettings.Families.BOTH,
                DnsSettings.Search.NONE,
                new DnsSettings.Times(Duration.ofSeconds(1), Duration.ofMillis(20), Duration.ofMillis(50)),
                AddressGuard.STRICT);
    }

    private static DnsClient.Transport transport() {
        return new DnsClient.Transport(GROUP.next(), NioDatagramChannel::new, NioSocketChannel::new);
    }

    @Test
    void theClientTellsThatAFamilyIsMissing() throws Exception {
        try (OneFamilyServer server = new OneFamilyServer();
                DnsClient client = client(server)) {
            server.failOnSix();
            DnsAnswer<InetAddress> answer =
                    client.addresses("api.test").toCompletableFuture().get(30, TimeUnit.SECONDS);

            assertThat(answer.records()).containsExactly(InetAddress.getByName("127.0.0.2"));
            assertThat(answer.isPartial()).isTrue();
        }
    }

    @Test
    void theDiscoveryKeepsTheAddressesOfTheFamilyThatIsMissing() throws IOException {
        List<List<Endpoint>> heard = new CopyOnWriteArrayList<>();
        try (OneFamilyServer server = new OneFamilyServer();
                DnsClient client = client(server);
                DnsDiscovery discovery = DnsDiscovery.addresses("api.test", 80).by(settings(server))) {
            discovery.watch(new Context(client), new Discovery.Listener() {
                @Override
                public void onEndpoints(List<Endpoint> endpoints) {
                    heard.add(endpoints);
                }

                @Override
                public void onError(Throwable reason) {
                    heard.add(List.of());
                }

                @Override
                public void onEnd(Throwable reason) {
                    heard.add(List.of());
                }
            });
            await().until(() -> !heard.isEmpty());
            server.failOnSix();
            int before = heard.size();
            await().until(() -> heard.size() > before + 3);

            assertThat(heard)
                    .allSatisfy(endpoints -> assertThat(endpoints)
                            .extracting(Endpoint::address)
                            .containsExactly("127.0.0.2:80", "[::1]:80"));
        }
    }

    /** A watch's surroundings on an event loop, which nothing here blocks. */
    private record Context(DnsClient dns) implements DiscoveryContext {
        @Override
        public String cluster() {
            return "api";
        }

        @Override
        public boolean isOver() {
            return false;
        }

        @Override
        public Executor executor() {
            return eventLoop();
        }

        @Override
        public Future<?> schedule(Duration delay, Runnable task) {
            return eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public EventLoop eventLoop() {
            return GROUP.next();
        }

        @Override
        public DnsClient openDns(DnsSettings settings) {
            return DnsClient.open(settings, transport());
        }

        @Override
        public Backoff newBackoff() {
            return new Backoff(Duration.ofMillis(50), Duration.ofMillis(50));
        }

        @Override
        public void poll(Discovery discovery, Discovery.Listener listener) {
            throw new UnsupportedOperationException("it tells of changes");
        }
    }
}
