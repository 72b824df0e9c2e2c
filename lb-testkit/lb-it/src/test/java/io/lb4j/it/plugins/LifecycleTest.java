package io.lb4j.it.plugins;

import static io.lb4j.it.plugins.Plugged.GET;
import static io.lb4j.it.plugins.Plugged.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.config.ConfigurationException;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Filter.Verdict;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PastEvent;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Plugins from configuration to configuration. */
@Isolated("looks at all threads of the process")
final class LifecycleTest {
    @Test
    void aPluginThatStaysIsInitialisedOnceAndClosedOnce() {
        ProbePlugin plugin = Filters.tracing("stays");
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            try (LoadBalancer lb = Plugged.before(upstream).plugin(plugin).start()) {
                for (int i = 0; i < 20; i++) {
                    int priority = i;
                    lb.update(Plugged.before(upstream)
                            .plugin(plugin, use -> use.priority(priority).failOpen())
                            .route("more", route -> route.path("/" + priority).respond(200))
                            .configuration());
                    assertThat(ask(lb, GET).headers().all("x-out")).containsExactly("stays");
                }
                assertThat(plugin.inits()).isEqualTo(1);
                assertThat(plugin.closes()).isZero();
                assertThat(Plugged.plugin(lb, "plugins.stays").calls()).isEqualTo(20);
            }
            assertThat(plugin.closes()).isEqualTo(1);
        }
    }

    @Test
    void aPluginThatIsGoneIsClosedAfterItsLastExchangeAndNotOnAnEventLoop() {
        List<FilterExchange> paused = new CopyOnWriteArrayList<>();
        ProbePlugin leaving = ProbePlugin.of("leaving", Filters.onRequest((exchange, head) -> {
            paused.add(exchange);
            return Verdict.PAUSE;
        }));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(leaving).start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send(GET);
            await().until(() -> !paused.isEmpty());
            lb.update(Plugged.before(upstream).configuration());
            assertThat(ask(lb, GET).status()).isEqualTo(200); // goes without the plugin
            assertThat(leaving.closes()).isZero();
            assertThat(lb.stats().plugins()).isEmpty();

            paused.get(0).resumeRequest();
            assertThat(client.readResponse().status()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(leaving.closes()).isEqualTo(1));
            assertThat(leaving.closedBy()).isEqualTo("lb4j-control");
        }
        assertThat(leaving.closes()).isEqualTo(1);
    }

    @Test
    void aPluginThatNeedNotBeThereIsLeftOutUntilTheNextConfiguration() {
        ProbePlugin plugin = Filters.tracing("away");
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(plugin, use -> use.optional().config(Map.of("wrong", 1)))
                        .start()) {
            assertThat(ask(lb, GET).headers().all("x-out")).isEmpty();

            lb.update(Plugged.before(upstream)
                    .plugin(plugin, use -> use.optional())
                    .configuration());

            assertThat(ask(lb, GET).headers().all("x-out")).containsExactly("away");
            assertThat(Plugged.plugin(lb, "plugins.away").isDegraded()).isFalse();
        }
    }

    @Test
    void aPluginThatIsLeftOutIsAmongTheFaultsAndTheStatistics() {
        ProbePlugin plugin = Filters.tracing("away");
        String reason = "cannot begin, exchanges go without it: config.wrong: there (expected: not there)";
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(plugin, use -> use.optional().config(Map.of("wrong", 1)))
                        .start()) {
            await().untilAsserted(() -> assertThat(lb.recentFaults())
                    .extracting(PastEvent::event)
                    .containsExactly(new ControlEvent.PluginDegraded("plugins.away", "start", reason)));
            PluginStatistics away = Plugged.plugin(lb, "plugins.away");
            assertThat(away.isOut()).isTrue();
            assertThat(away.isDegraded()).isTrue();
            assertThat(away.dependencies())
                    .hasEntrySatisfying(
                            "start", need -> assertThat(need.trouble()).contains(reason));

            lb.update(Plugged.before(upstream).configuration());
            assertThat(lb.stats().plugins()).isEmpty();
        }
    }

    @Test
    void aPluginThatComesBackBeforeItsEndGoesOn() {
        List<FilterExchange> paused = new CopyOnWriteArrayList<>();
        ProbePlugin plugin = ProbePlugin.of("back", Filters.onRequest((exchange, head) -> {
            if (paused.isEmpty()) {
                paused.add(exchange);
                return Verdict.PAUSE;
            }
            return Verdict.CONTINUE;
        }));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(plugin).start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send(GET);
            await().until(() -> !paused.isEmpty());
            lb.update(Plugged.before(upstream).configuration());
            lb.update(Plugged.before(upstream).plugin(plugin).configuration());
            paused.get(0).resumeRequest();

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(ask(lb, GET).status()).isEqualTo(200);
            assertThat(plugin.inits()).isEqualTo(1);
            assertThat(plugin.closes()).isZero();
        }
    }

    @Test
    void oneObjectInManyPlacesIsOnePlugin() {
        ProbePlugin plugin = Filters.tracing("shared");
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream)
                        .route("a", route -> route.path("/a").to("api").plugin(plugin))
                        .route("b", route -> route.path("/b").to("api").plugin(plugin))
                        .start()) {
            assertThat(ask(lb, Plugged.get("/a")).headers().all("x-out")).containsExactly("shared");
            assertThat(ask(lb, Plugged.get("/b")).headers().all("x-out")).containsExactly("shared");
            assertThat(plugin.inits()).isEqualTo(1);
        }
        assertThat(plugin.closes()).isEqualTo(1);
    }

    @Test
    void anInitThatFailsFailsTheStartAndNamesThePluginAndTheFault() {
        ProbePlugin good = Filters.tracing("good");
        ProbePlugin bad = Filters.tracing("bad");
        Set<String> before = ownThreads();
        LoadBalancer lb = Plugged.before(1)
                .plugin(good)
                .route("own", route -> route.path("/own").to("api").plugin(bad, use -> use.config(Map.of("wrong", 1))))
                .build();

        assertThatThrownBy(lb::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("routes.own.plugins.bad")
                .hasMessageContaining("config.wrong: there (expected: not there)");

        assertThat(good.inits()).isEqualTo(1);
        assertThat(good.closes()).isEqualTo(1);
        assertThat(ownThreads()).isEqualTo(before);
    }

    @Test
    void anInitThatFailsLeavesEverythingAsItWas() {
        ProbePlugin kept = Filters.tracing("kept");
        ProbePlugin fresh = Filters.tracing("fresh");
        ProbePlugin bad = Filters.tracing("bad");
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(kept).start()) {
            LoadBalancerBuilder next =
                    Plugged.before(upstream).plugin(fresh).plugin(bad, use -> use.config(Map.of("wrong", true)));

            assertThatThrownBy(() -> lb.update(next.configuration())).hasMessageContaining("plugins.bad");

            assertThat(ask(lb, GET).headers().all("x-out")).containsExactly("kept");
            assertThat(kept.closes()).isZero();
            assertThat(fresh.closes()).isEqualTo(1);
            assertThat(lb.stats().configurations()).isEqualTo(1);
        }
    }

    @Test
    void anUpdateThatCannotBindKeepsThePluginsBefore() throws IOException {
        ProbePlugin kept = Filters.tracing("kept");
        ProbePlugin fresh = Filters.tracing("fresh");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(kept).start()) {
            LoadBalancerBuilder next = Plugged.before(upstream)
                    .plugin(fresh)
                    .listener("second", listener -> listener.port(taken.getLocalPort()));

            assertThatThrownBy(() -> lb.update(next.configuration())).hasMessageContaining("second");

            assertThat(ask(lb, GET).headers().all("x-out")).containsExactly("kept");
            assertThat(kept.inits()).isEqualTo(1);
            assertThat(kept.closes()).isZero();
            await().untilAsserted(() -> assertThat(fresh.closes()).isEqualTo(1));
        }
    }

    @Test
    void oneObjectCannotBeToldTwoThings() {
        ProbePlugin plugin = Filters.tracing("torn");
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).plugin(plugin).start()) {
            LoadBalancerBuilder next = Plugged.before(upstream).plugin(plugin, use -> use.config(Map.of("limit", 1)));

            assertThatThrownBy(() -> lb.update(next.configuration()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("plugins.torn")
                    .hasMessageContaining("another object");
        }
    }

    @Test
    void eachExchangeSeesOneChainWhateverHappensToItMeanwhile() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        List<String> torn = new CopyOnWriteArrayList<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Plugged.before(upstream).start()) {
            Thread asking = new Thread(() -> {
                try (RawClient client = RawClient.connect(lb.port())) {
                    while (!over.get()) {
                        List<String> names =
                                client.send(GET).readResponse().headers().all("x-out");
                        served.incrementAndGet();
                        if (!names.isEmpty()
                                && !List.of("a", "b", "c").equals(names)
                                && !List.of("c", "b", "a").equals(names)) {
                            torn.add(names.toString());
                        }
                    }
                }
            });
            asking.start();
            for (int i = 0; i < 60; i++) {
                int sign = i % 3 - 1;
                LoadBalancerBuilder next = Plugged.before(upstream);
                if (sign != 0) {
                    next.plugin(Filters.tracing("a"), use -> use.priority(sign))
                            .plugin(Filters.tracing("b"), use -> use.priority(0))
                            .plugin(Filters.tracing("c"), use -> use.priority(-sign));
                }
                lb.update(next.configuration());
            }
            over.set(true);
            asking.join(TimeUnit.SECONDS.toMillis(10));

            assertThat(torn).isEmpty();
            assertThat(served.get()).isPositive();
        }
    }

    @Test
    void aPluginIsGivenWhereItStandsItsFiguresAThreadAndAStore() throws Exception {
        ProbePlugin plugin = Filters.tracing("probe");
        Set<String> before = ownThreads();
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            try (LoadBalancer lb = Plugged.before(upstream)
                    .route(
                            "own",
                            route -> route.path("/own")
                                    .to("api")
                                    .plugin(
                                            plugin,
                                            use -> use.name("mine").config(Map.of("limit", 7, "names", List.of("a")))))
                    .start()) {
                assertThat(plugin.context().name()).isEqualTo("mine");
                assertThat(plugin.context().place()).isEqualTo("routes.own.plugins.mine");
                assertThat(plugin.context().route()).contains("own");
                assertThat(plugin.context().listener()).isEmpty();
                assertThat(plugin.context().config()).isEqualTo(Map.of("limit", 7L, "names", List.of("a")));
                assertThat(plugin.context().eventLoops()).hasSize(2);
                plugin.context().metric("hits").add(3);
                assertThat(Plugged.plugin(lb, "routes.own.plugins.mine").metrics())
                        .containsEntry("hits", 3L);
                String thread = plugin.context()
                        .scheduler()
                        .submit(() -> Thread.currentThread().getName())
                        .get(30, TimeUnit.SECONDS);
                assertThat(thread).isEqualTo("lb4j-plugin-mine");
                plugin.context().store().put("k", new byte[] {1});
                assertThat(plugin.context().store().get("k")).isPresent();
            }
            assertThat(ownThreads()).isEqualTo(before);
        }
    }

    private static Set<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("lb4j-"))
                .collect(Collectors.toSet());
    }
}
