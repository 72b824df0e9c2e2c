package io.lb4j.internal.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import io.lb4j.dns.DnsClient;
import io.lb4j.dns.DnsSettings;
import io.lb4j.internal.upstream.HttpConnector;
import io.lb4j.model.Cluster;
import io.lb4j.model.Endpoint;
import io.lb4j.model.ProcessOptions;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import io.lb4j.spi.MutableDiscovery;
import io.lb4j.spi.StaticDiscovery;
import io.lb4j.stats.DiscoveryStatistics;
import io.lb4j.stats.DiscoveryStatistics.State;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a cluster makes of what its sources say. It is long, for each way in which a source can fail or change is a test. */
class ClusterSourcesTest {
    private static final MultiThreadIoEventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final DnsClient.Transport TRANSPORT =
            new DnsClient.Transport(GROUP.next(), NioDatagramChannel::new, NioSocketChannel::new);
    private static final DnsClient DNS = DnsClient.open(DnsSettings.ofSystem(), TRANSPORT);

    private final FakeClock clock = FakeClock.create();
    private final FakeScheduler control = FakeScheduler.over(clock);
    private final List<List<Endpoint>> emitted = new ArrayList<>();
    private final List<ControlEvent> events = new ArrayList<>();
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
    private final ClusterSources sources = new ClusterSources("api", context, emitted::add);

    @AfterAll
    static void closeLoops() {
        DNS.close();
        GROUP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static List<Endpoint> endpoints(int... last) {
        return IntStream.of(last).mapToObj(i -> Endpoint.of("10.0.0." + i, 80)).toList();
    }

    private static Cluster cluster(Consumer<ClusterBuilder> says) {
        return LoadBalancer.builder()
                .listener(listener -> listener.port(0))
                .cluster("api", says)
                .configuration()
                .clusters()
                .get(0);
    }

    private void configure(Consumer<ClusterBuilder> says) {
        begin(cluster(says));
        pass(Duration.ZERO);
    }

    private void begin(Cluster cluster) {
        sources.sequentialConfigure(cluster, sources.prepare(cluster));
    }

    private void pass(Duration time) {
        clock.advance(time);
    }

    private List<Endpoint> current() {
        return emitted.get(emitted.size() - 1);
    }

    private DiscoveryStatistics statistics(int index) {
        return sources.statistics().get(index);
    }

    @Test
    void isReadyAtOnceWithWhatIsConfigured() {
        configure(c -> c.endpoint("10.0.0.1", 80));

        assertThat(emitted).containsExactly(endpoints(1));
        assertThat(sources.ready()).isDone();
        assertThat(sources.statistics()).isEmpty();
    }

    @Test
    void asksADiscoveryThatDoesNotTellOfChangesAtIntervals() {
        AskedDiscovery asked = new AskedDiscovery(endpoints(1));
        configure(c -> c.discovery(
                d -> d.provider(asked).pollInterval(Duration.ofSeconds(10)).pollJitter(0)));
        assertThat(emitted).containsExactly(List.of(), endpoints(1));

        asked.answer = endpoints(1, 2);
        pass(Duration.ofSeconds(10));
        pass(Duration.ofSeconds(1));

        assertThat(current()).isEqualTo(endpoints(1, 2));
        assertThat(asked.questions).hasValue(2);
    }

    @Test
    void asksAgainAfterABackOffWhereAQuestionFails() {
        AskedDiscovery asked = new AskedDiscovery(endpoints(1));
        configure(c ->
                c.discovery(d -> d.provider("registry", asked).backoff(Duration.ofSeconds(1), Duration.ofSeconds(4))));
        asked.failing = true;
        pass(Duration.ofSeconds(11));
        int first = asked.questions.get();
        pass(Duration.ofMinutes(1));

        // One to four seconds, less up to a half: 15 to 30 questions and a few.
        assertThat(asked.questions.get() - first).isBetween(14, 34);
        assertThat(current()).isEqualTo(endpoints(1));
        assertThat(statistics(0).state()).isEqualTo(State.STALE);
        assertThat(events).containsExactly(new ControlEvent.SourceStale("api", "registry", "registry is down"));

        asked.failing = false;
        pass(Duration.ofSeconds(5));

        assertThat(statistics(0).state()).isEqualTo(State.FRESH);
        assertThat(events).hasSize(2).last().isInstanceOf(ControlEvent.SourceRecovered.class);
    }

    @Test
    void beginsAWatchAnewThatHasEnded() {
        EndingDiscovery ending = new EndingDiscovery();
        configure(c -> c.discovery(ending));
        ending.refusing = true;

        ending.listener().onEnd(new IOException("connection lost"));
        pass(Duration.ofSeconds(20));

        assertThat(ending.watches.get()).isBetween(7, 14); // 0.5, 1, 2, then 4 s, less up to a half
        assertThat(current()).isEqualTo(endpoints(1));
        assertThat(statistics(0).lastError()).contains("no connection");
        ending.refusing = false;
        pass(Duration.ofSeconds(30));
        assertThat(statistics(0).state()).isEqualTo(State.FRESH);
    }

    @Test
    void tellsOfALibraryThatIsMissing() {
        EndingDiscovery ending = new EndingDiscovery();
        configure(c -> c.discovery(d -> d.provider("registry", ending)));

        ending.context().executor().execute(() -> {
            throw new NoClassDefFoundError("org/example/Client");
        });
        pass(Duration.ofMillis(1));

        assertThat(statistics(0).state()).isEqualTo(State.STALE);
        assertThat(statistics(0).lastError()).contains("org/example/Client");
        assertThat(current()).isEqualTo(endpoints(1));
        pass(Duration.ofSeconds(2));
        assertThat(ending.watches).hasValue(2);
    }

    @Test
    void letsOneTaskWaitHoweverMuchASourceSays() {
        EndingDiscovery chatty = new EndingDiscovery();
        configure(c -> c.discovery(chatty));
        int waiting = control.pendingTasks();

        for (int i = 0; i < 10_000; i++) {
            chatty.listener().onEndpoints(endpoints(1, 2 + i % 100));
            chatty.listener().onError(new IOException("down"));
        }
        chatty.listener().onEndpoints(endpoints(1, 7));

        assertThat(control.pendingTasks()).isEqualTo(waiting + 1);
        pass(Duration.ofSeconds(5));
        assertThat(current()).isEqualTo(endpoints(1, 7));
        assertThat(statistics(0).state()).isEqualTo(State.FRESH);
    }

    @Test
    void takesWhatASourceSaidBeforeItFailedAndTheFailure() {
        EndingDiscovery chatty = new EndingDiscovery();
        configure(c -> c.discovery(chatty));

        chatty.listener().onEndpoints(endpoints(1, 7));
        chatty.listener().onError(new IOException("down"));
        pass(Duration.ofSeconds(5));

        assertThat(current()).isEqualTo(endpoints(1, 7));
        assertThat(statistics(0).state()).isEqualTo(State.STALE);
    }

    @Test
    void doesNotListenToAWatchThatIsOver() {
        EndingDiscovery ending = new EndingDiscovery();
        configure(c -> c.discovery(ending));
        Discovery.Listener former = ending.listener();
        former.onEnd(new IOException("connection lost"));
        pass(Duration.ofSeconds(2));
        assertThat(ending.watches).hasValue(2);

        former.onEndpoints(endpoints(1, 66));
        former.onEnd(new IOException("connection lost"));
        pass(Duration.ofSeconds(5));

        assertThat(current()).isEqualTo(endpoints(1));
        assertThat(ending.watches).hasValue(2);
    }

    @Test
    void putsTheEndpointsOfSeveralProvidersTogether() {
        Endpoint heavy = Endpoint.of("10.0.0.2", 80).withWeight(5);
        configure(c -> c.endpoint("10.0.0.9", 80)
                .discovery(new StaticDiscovery(List.of(heavy)), new MutableDiscovery(endpoints(2, 3))));

        assertThat(current()).containsExactly(Endpoint.of("10.0.0.9", 80), heavy, Endpoint.of("10.0.0.3", 80));
    }

    @Test
    void turnsToTheNextProviderAndBackInFailoverOrder() {
        MutableDiscovery first = new MutableDiscovery(endpoints(1));
        MutableDiscovery second = new MutableDiscovery(endpoints(2));
        configure(c ->
                c.discovery(d -> d.provider(first).provider(second).failover().failoverAfter(Duration.ofSeconds(10))));
        assertThat(current()).isEqualTo(endpoints(1));

        first.fail(new IOException("down"));
        pass(Duration.ofSeconds(9));
        assertThat(current()).isEqualTo(endpoints(1));
        pass(Duration.ofSeconds(2));
        assertThat(current()).isEqualTo(endpoints(2));

        first.set(endpoints(1));
        pass(Duration.ofSeconds(1));
        assertThat(current()).isEqualTo(endpoints(1));
    }

    @Test
    void staysWithTheLastProviderThatHadAnyWhenAllAreDown() {
        MutableDiscovery first = new MutableDiscovery(endpoints(1));
        MutableDiscovery second = new MutableDiscovery(List.of());
        configure(c -> c.discovery(d -> d.provider(first).provider(second).failover()));
        first.fail(new IOException("down"));
        second.fail(new IOException("down"));
        pass(Duration.ofMinutes(10));

        assertThat(current()).isEqualTo(endpoints(1));
    }

    @Test
    void keepsAProviderThatBothConfigurationsHave() {
        List<AskedDiscovery> made = new ArrayList<>();
        AskedFactory factory = new AskedFactory(endpoints(1), made);
        Consumer<ClusterBuilder> says = c -> c.discovery(Part.of(factory, Settings.defaults(factory.section())));
        configure(says);
        configure(c -> {
            says.accept(c);
            c.discovery(d -> d.debounce(Duration.ofSeconds(1), Duration.ofSeconds(2)))
                    .endpoint("10.0.0.9", 80);
        });

        assertThat(made).hasSize(1);
        assertThat(made.get(0).questions).hasValue(1);
        assertThat(current()).containsExactlyInAnyOrderElementsOf(endpoints(9, 1));

        configure(c -> c.endpoint("10.0.0.9", 80));
        assertThat(made.get(0).closed).isTrue();
        assertThat(current()).isEqualTo(endpoints(9));
    }

    @Test
    void keepsWhatWasThereUntilANewProviderHasSpoken() {
        configure(c -> c.endpoint("10.0.0.1", 80));
        AskedDiscovery asked = new AskedDiscovery(endpoints(2));
        begin(cluster(c -> c.discovery(asked)));
        assertThat(emitted).containsExactly(endpoints(1));

        pass(Duration.ZERO);

        assertThat(emitted).containsExactly(endpoints(1), endpoints(2));
    }

    @Test
    void waitsForAProviderThatSaysNothingNoLongerThanItIsTold() {
        Discovery silent = new Discovery() {
            @Override
            public List<Endpoint> discover() {
                return List.of();
            }

            @Override
            public void watch(DiscoveryContext watch, Listener listener) {
                // Nothing is heard of it.
            }
        };
        configure(c ->
                c.endpoint("10.0.0.1", 80).discovery(d -> d.provider(silent).initialWait(Duration.ofSeconds(3))));
        pass(Duration.ofMillis(2900));
        assertThat(sources.ready()).isNotDone();
        pass(Duration.ofMillis(100));

        assertThat(sources.ready()).isDone();
        assertThat(statistics(0).state()).isEqualTo(State.STARTING);
    }

    @Test
    void startsFromDiskWhileTheRegistryIsDown(@TempDir Path folder) {
        Path file = folder.resolve("api");
        configure(c -> c.discovery(
                d -> d.provider("registry", new AskedDiscovery(endpoints(1, 2))).snapshot(file)));
        pass(Duration.ofSeconds(2));
        assertThat(file).exists();

        List<List<Endpoint>> later = new ArrayList<>();
        ClusterSources restarted = new ClusterSources("api", context, later::add);
        AskedDiscovery down = new AskedDiscovery(List.of());
        down.failing = true;
        Cluster again =
                cluster(c -> c.discovery(d -> d.provider("registry", down).snapshot(file)));
        restarted.sequentialConfigure(again, restarted.prepare(again));

        assertThat(later).containsExactly(endpoints(1, 2));
        pass(Duration.ZERO);
        assertThat(restarted.ready()).isDone();
        assertThat(restarted.statistics().get(0).state()).isEqualTo(State.STALE);
    }

    @Test
    void whatCannotBeWrittenToDiskIsWrittenLaterAndComplainedAboutOnce(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("api");
        Files.createDirectory(file);
        Logger logger = (Logger) LoggerFactory.getLogger(EndpointMemory.class);
        ListAppender<ILoggingEvent> messages = new ListAppender<>();
        messages.start();
        logger.addAppender(messages);
        try {
            MutableDiscovery registry = new MutableDiscovery(endpoints(1));
            configure(c -> c.discovery(d -> d.provider("registry", registry).snapshot(file)));
            pass(Duration.ofSeconds(2));
            registry.set(endpoints(1, 2));
            pass(Duration.ofSeconds(2));
            assertThat(messages.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .singleElement(STRING)
                    .contains("endpoints are not remembered");

            Files.delete(file);
            pass(Duration.ofSeconds(10));

            assertThat(new EndpointFile(file).read()).containsEntry("registry", endpoints(1, 2));
            assertThat(messages.list).hasSize(1);
        } finally {
            logger.detachAppender(messages);
        }
    }

    @Test
    void leavesOutWhereNobodyShouldBeSentButForWhatIsConfigured() {
        Endpoint metadata = Endpoint.of("169.254.169.254", 80);
        configure(c -> c.endpoint("169.254.1.1", 80)
                .discovery(new MutableDiscovery(List.of(metadata, Endpoint.of("10.0.0.1", 80)))));

        assertThat(current()).containsExactly(Endpoint.of("169.254.1.1", 80), Endpoint.of("10.0.0.1", 80));
        assertThat(statistics(0).skipped()).isEqualTo(1);
    }

    @Test
    void aThousandChangesASecondCostOneTakeoverForEachTenthAtMost() {
        int[] thousands = IntStream.range(0, 10_000).toArray();
        List<Endpoint> many = IntStream.of(thousands)
                .mapToObj(i -> Endpoint.of("10.1." + i / 250 + "." + i % 250, 80))
                .toList();
        MutableDiscovery registry = new MutableDiscovery(many);
        configure(c -> c.discovery(registry));
        int before = emitted.size();

        for (int i = 0; i < 1000; i++) {
            registry.set(many.subList(0, many.size() - 1 - i % 100));
            pass(Duration.ofMillis(1));
        }
        pass(Duration.ofSeconds(1));

        assertThat(emitted.size() - before).isBetween(1, 10);
        assertThat(current()).hasSize(10_000 - 1 - 99);
    }

    @Test
    void leavesNothingRunningWhenItCloses() {
        AskedDiscovery asked = new AskedDiscovery(endpoints(1));
        configure(c -> c.discovery(asked));
        sources.sequentialClose();
        pass(Duration.ZERO);
        int asksBefore = asked.questions.get();
        pass(Duration.ofHours(1));

        assertThat(asked.closed).isTrue();
        assertThat(asked.questions).hasValue(asksBefore);
        assertThat(control.pendingTasks()).isZero();
    }
}
