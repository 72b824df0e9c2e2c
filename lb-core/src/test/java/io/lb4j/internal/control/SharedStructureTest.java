package io.lb4j.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.ClusterBuilder;
import io.lb4j.ListenerBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.RouteBuilder;
import io.lb4j.dns.DnsClient;
import io.lb4j.dns.DnsSettings;
import io.lb4j.exchange.UnreadExchange;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.proxy.ClusterCalls;
import io.lb4j.internal.snapshot.ClusterEntry;
import io.lb4j.internal.snapshot.ListenerEntry;
import io.lb4j.internal.snapshot.RouteEntry;
import io.lb4j.internal.snapshot.Snapshot;
import io.lb4j.internal.upstream.HttpConnector;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.model.ProcessOptions;
import io.lb4j.spi.SharedStores;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What two configurations have alike is the same object in both snapshots. */
class SharedStructureTest {
    private static final MultiThreadIoEventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final DnsClient.Transport TRANSPORT =
            new DnsClient.Transport(GROUP.next(), NioDatagramChannel::new, NioSocketChannel::new);
    private static final DnsClient DNS = DnsClient.open(DnsSettings.ofSystem(), TRANSPORT);

    private final FakeClock clock = FakeClock.create();
    private final FakeScheduler control = FakeScheduler.over(clock);
    private final ControlPlane plane = new ControlPlane(
            new ControlContext(
                    control,
                    clock.nanoSource(),
                    List.of(new LoopContext(GROUP.next(), 0)),
                    new HttpConnector.Network(NioSocketChannel::new, DefaultAddressResolverGroup.INSTANCE),
                    new ControlContext.Edge(
                            NioSocketChannel::new,
                            NioDatagramChannel::new,
                            new EngineChoice(ProcessOptions.TlsEngine.AUTO),
                            NoChallenges.INSTANCE),
                    candidate -> {},
                    new ControlContext.SourceTools(control, DNS, TRANSPORT),
                    event -> {}),
            new PluginServices(new ClusterCalls(List.of()), SharedStores.inMemory(), () -> {
                throw new IllegalStateException("no plugin of this test asks");
            }));

    @AfterAll
    static void closeLoops() {
        DNS.close();
        GROUP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Two listeners, two clusters and a route to each; a test changes one of them. */
    private static final class Parts {
        Consumer<ListenerBuilder> other = listener -> {};
        Consumer<ClusterBuilder> two = cluster -> {};
        Consumer<RouteBuilder> toTwo = route -> {};
        UnaryOperator<LoadBalancerBuilder> more = all -> all;

        Configuration configuration() {
            return more.apply(LoadBalancer.builder()
                            .listener("plain", listener -> listener.port(8080))
                            .listener("other", other.andThen(listener -> listener.port(8081)))
                            .cluster("one", cluster -> cluster.endpoint("127.0.0.1", 9001))
                            .cluster("two", two.andThen(cluster -> cluster.endpoint("127.0.0.1", 9002)))
                            .route("one", route -> route.path("/one").to("one"))
                            .route(
                                    "two",
                                    toTwo.andThen(route -> route.path("/two").to("two"))))
                    .configuration();
        }
    }

    private Snapshot applied(Consumer<Parts> change) {
        Parts parts = new Parts();
        change.accept(parts);
        return applied(parts.configuration(), List.of());
    }

    private Snapshot applied(Configuration configuration, List<Listener> present) {
        plane.sequentialPrepare(configuration, present).sequentialCommit();
        return plane.snapshots().current();
    }

    private static ClusterEntry cluster(Snapshot snapshot, String name) {
        return Objects.requireNonNull(snapshot.clusters().get(name));
    }

    private static ListenerEntry listener(Snapshot snapshot, String name) {
        return Objects.requireNonNull(snapshot.listeners().get(name));
    }

    private static RouteEntry route(Snapshot snapshot, String path) throws Exception {
        RequestHead head = new RequestHead();
        head.method(Method.GET).target(path).authority("a");
        return listener(snapshot, "plain").routes().match(head);
    }

    @Test
    void theSameConfigurationAgainMakesNothingNew() {
        Snapshot first = applied(parts -> {});
        Snapshot again = applied(parts -> {});

        assertThat(again.version()).isEqualTo(first.version() + 1);
        assertSame(again.clusters(), first.clusters());
        assertSame(again.listeners(), first.listeners());
    }

    private static <T> void assertSame(Map<String, T> now, Map<String, T> before) {
        assertThat(now).containsOnlyKeys(before.keySet());
        now.forEach((name, entry) -> assertThat(entry).as(name).isSameAs(before.get(name)));
    }

    @Test
    void aChangeToOneClusterLeavesTheOthersAndTheRoutesAsTheyAre() {
        Snapshot first = applied(parts -> {});
        Snapshot next = applied(parts -> parts.two = two -> two.endpoint("127.0.0.1", 9003));

        assertThat(cluster(next, "one")).isSameAs(cluster(first, "one"));
        assertThat(cluster(next, "two")).isNotSameAs(cluster(first, "two"));
        assertThat(cluster(next, "two").upstream())
                .isSameAs(cluster(first, "two").upstream());
        assertThat(cluster(next, "two").traffic())
                .isSameAs(cluster(first, "two").traffic());
        assertSame(next.listeners(), first.listeners());
    }

    @Test
    void aClusterMoreLeavesThoseThatThereAre() {
        Snapshot first = applied(parts -> {});
        Snapshot next =
                applied(parts -> parts.more = all -> all.cluster("three", three -> three.endpoint("127.0.0.1", 9003)));

        assertThat(cluster(next, "one")).isSameAs(cluster(first, "one"));
        assertThat(cluster(next, "two")).isSameAs(cluster(first, "two"));
        assertSame(next.listeners(), first.listeners());
    }

    @Test
    void aChangeToOneRouteLeavesTheOthersAndTheClusters() throws Exception {
        Snapshot first = applied(parts -> {});
        Snapshot next =
                applied(parts -> parts.toTwo = two -> two.timeouts(times -> times.perTry(Duration.ofSeconds(1))));

        assertThat(route(next, "/one")).isSameAs(route(first, "/one"));
        assertThat(route(next, "/two")).isNotSameAs(route(first, "/two"));
        assertThat(route(next, "/two").traffic()).isSameAs(route(first, "/two").traffic());
        assertSame(next.clusters(), first.clusters());
    }

    @Test
    void aChangeToOneListenerLeavesTheOthersAndTheRoutes() throws Exception {
        Snapshot first = applied(parts -> {});
        Snapshot next = applied(parts -> parts.other = other -> other.serverHeader("me"));

        assertThat(listener(next, "plain")).isSameAs(listener(first, "plain"));
        assertThat(listener(next, "other")).isNotSameAs(listener(first, "other"));
        assertThat(route(next, "/one")).isSameAs(route(first, "/one"));
        assertSame(next.clusters(), first.clusters());
    }

    @Test
    void aListenerThatIsLeftServesTheRoutesInForce() throws Exception {
        Configuration first = new Parts().configuration();
        applied(first, List.of());
        Snapshot next = applied(
                LoadBalancer.builder()
                        .listener("other", listener -> listener.port(8081))
                        .route("new", route -> route.path("/new").respond(200))
                        .configuration(),
                first.listeners());

        assertThat(route(next, "/new").name()).isEqualTo("new");
        assertThat(plane.statistics().routes()).containsOnlyKeys("new");
    }

    @Test
    void thoseWhoBeganWithTheConfigurationBeforeGoOnAmongItsEndpoints() {
        Snapshot first = applied(parts -> {});
        Snapshot next = applied(parts -> parts.two = two -> two.endpoint("127.0.0.1", 9003));

        assertThat(picked(first)).containsOnly(9002);
        assertThat(picked(next)).contains(9002, 9003);
        applied(
                LoadBalancer.builder()
                        .listener("plain", plain -> plain.port(8080))
                        .configuration(),
                List.of());
        assertThat(picked(next)).contains(9002, 9003);
    }

    private static List<Integer> picked(Snapshot snapshot) {
        ClusterEntry entry = cluster(snapshot, "two");
        return Stream.generate(() -> entry.all().pick(UnreadExchange.INSTANCE, null))
                .limit(4)
                .map(state -> Objects.requireNonNull(state).endpoint().port())
                .toList();
    }
}
