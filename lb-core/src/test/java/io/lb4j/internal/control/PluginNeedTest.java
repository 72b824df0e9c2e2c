package io.lb4j.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.dns.DnsClient;
import io.lb4j.dns.DnsSettings;
import io.lb4j.internal.upstream.HttpConnector;
import io.lb4j.model.ProcessOptions;
import io.lb4j.spi.ControlEvent;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** When observers are told of what a plugin depends on. */
final class PluginNeedTest {
    private static final MultiThreadIoEventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final DnsClient.Transport TRANSPORT =
            new DnsClient.Transport(GROUP.next(), NioDatagramChannel::new, NioSocketChannel::new);
    private static final DnsClient DNS = DnsClient.open(DnsSettings.ofSystem(), TRANSPORT);
    private static final Duration MOMENT = Duration.ofMillis(10);
    private static final ControlEvent DEGRADED = new ControlEvent.PluginDegraded("plugins.auth", "keys", "away");

    private final FakeClock clock = FakeClock.create();
    private final FakeScheduler control = FakeScheduler.over(clock);
    private final List<ControlEvent> events = new ArrayList<>();
    private boolean inForce = true;
    private final ControlContext context = new ControlContext(
            control,
            clock.nanoSource(),
            List.of(),
            new HttpConnector.Network(NioSocketChannel::new, DefaultAddressResolverGroup.INSTANCE),
            new ControlContext.Edge(
                    NioSocketChannel::new,
                    NioDatagramChannel::new,
                    new EngineChoice(ProcessOptions.TlsEngine.AUTO),
                    NoChallenges.INSTANCE),
            candidate -> {},
            new ControlContext.SourceTools(control, DNS, TRANSPORT),
            events::add);
    private final PluginNeed keys =
            new PluginNeed("keys", new PluginNeed.Owner("plugins.auth", () -> inForce, context));

    @AfterAll
    static void closeLoops() {
        DNS.close();
        GROUP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void troubleIsToldOnceAndItsEndOnce() {
        keys.well();
        control.runDue();
        assertThat(events).isEmpty();

        for (String reason : List.of("away", "away", "slow")) {
            keys.troubled(reason);
            clock.advance(Duration.ofSeconds(3));
        }
        assertThat(events).containsExactly(DEGRADED);
        assertThat(keys.statistics().trouble()).contains("slow");

        keys.well();
        clock.advance(PluginNeed.SETTLED.minus(MOMENT));
        assertThat(events).containsExactly(DEGRADED);
        keys.well();
        clock.advance(MOMENT);
        assertThat(events)
                .containsExactly(
                        DEGRADED, new ControlEvent.PluginRecovered("plugins.auth", "keys", Duration.ofSeconds(9)));
        assertThat(control.pendingTasks()).isZero();

        keys.troubled("away");
        control.runDue();
        assertThat(events).hasSize(3).endsWith(DEGRADED);
    }

    @Test
    void whatComesAndGoesWithEveryExchangeIsToldOnce() {
        for (int i = 0; i < 1_000; i++) {
            keys.troubled("away");
            clock.advance(MOMENT);
            keys.well();
            clock.advance(MOMENT);
            assertThat(control.pendingTasks()).isLessThanOrEqualTo(1);
        }
        assertThat(events).containsExactly(DEGRADED);

        clock.advance(PluginNeed.SETTLED);
        assertThat(events).hasSize(2);
        assertThat(events.get(1)).isInstanceOf(ControlEvent.PluginRecovered.class);
    }

    @Test
    void nothingIsToldBeforeItIsInForceNorAfterThat() {
        inForce = false;
        keys.troubled("away");
        control.runDue();
        assertThat(events).isEmpty();

        inForce = true;
        keys.look();
        control.runDue();
        assertThat(events).containsExactly(DEGRADED);

        keys.well();
        inForce = false;
        clock.advance(PluginNeed.SETTLED);
        assertThat(events).containsExactly(DEGRADED);
    }

    @Test
    void nobodyIsToldOnceTheBalancerHasClosed() {
        control.shutdown();

        keys.troubled("away");

        assertThat(keys.statistics().trouble()).contains("away");
        assertThat(events).isEmpty();
    }

    @Test
    void aPluginThatIsLeftOutIsToldOfOnceAndSoIsItsReturn() {
        LeftOutPlugins leftOut = new LeftOutPlugins(context);
        String place = "plugins.audit";
        for (String reason : List.of("no file", "no file", "no right")) {
            leftOut.sequentialCommit(Map.of(place, reason), Set.of("plugins.auth"));
            clock.advance(Duration.ofSeconds(3));
        }
        ControlEvent told = new ControlEvent.PluginDegraded(place, "start", "no file");
        assertThat(events).containsExactly(told);
        assertThat(leftOut.statistics()).containsOnlyKeys(place).allSatisfy((any, statistics) -> {
            assertThat(statistics.isOut()).isTrue();
            assertThat(statistics.isDegraded()).isTrue();
            assertThat(statistics.dependencies())
                    .hasEntrySatisfying(
                            "start", need -> assertThat(need.trouble()).contains("no right"));
        });

        leftOut.sequentialCommit(Map.of(), Set.of(place));
        assertThat(leftOut.statistics()).isEmpty();
        clock.advance(PluginNeed.SETTLED);
        assertThat(events)
                .containsExactly(told, new ControlEvent.PluginRecovered(place, "start", Duration.ofSeconds(9)));

        leftOut.sequentialCommit(Map.of(place, "no file"), Set.of());
        control.runDue();
        assertThat(events).hasSize(3).last().isEqualTo(told);
    }

    @Test
    void aPluginThatIsLeftOutAndThenGoneIsNotToldOfFurther() {
        LeftOutPlugins leftOut = new LeftOutPlugins(context);
        leftOut.sequentialCommit(Map.of("plugins.audit", "no file"), Set.of());
        control.runDue();
        leftOut.sequentialCommit(Map.of(), Set.of());
        clock.advance(PluginNeed.SETTLED.multipliedBy(2));
        leftOut.sequentialCommit(Map.of("plugins.other", "no file"), Set.of());
        leftOut.sequentialClose();
        clock.advance(PluginNeed.SETTLED);

        assertThat(events).hasSize(1);
    }
}
