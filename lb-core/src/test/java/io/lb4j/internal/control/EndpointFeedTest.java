package io.lb4j.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.model.Endpoint;
import io.lb4j.stats.DiscoveryStatistics.State;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointFeedTest {
    private static final FeedSettings SETTINGS = new FeedSettings(
            new FeedSettings.Pace(Duration.ofMillis(100), Duration.ofSeconds(1)),
            new FeedSettings.Doubt(Duration.ofSeconds(30), 0.5, Duration.ofSeconds(60)));

    private final FakeClock clock = FakeClock.create();
    private final FakeScheduler control = FakeScheduler.over(clock);
    private final Heard heard = new Heard();
    private final EndpointFeed feed =
            new EndpointFeed("cluster api: test", SETTINGS, heard, control, clock.nanoSource());

    /** What the feed has told its owner. */
    private final class Heard implements EndpointFeed.Owner {
        private final List<List<Endpoint>> believed = new ArrayList<>();
        private final List<String> stale = new ArrayList<>();
        private final List<Duration> silences = new ArrayList<>();
        private String refusedHost = "";

        @Override
        public boolean admits(Endpoint endpoint) {
            return !endpoint.host().equals(refusedHost);
        }

        @Override
        public void onBelieved() {
            believed.add(feed.believed());
        }

        @Override
        public void onStale(Throwable reason) {
            stale.add(reason.getMessage());
        }

        @Override
        public void onFresh(Duration silence) {
            silences.add(silence);
        }
    }

    private static List<Endpoint> endpoints(int... last) {
        return IntStream.of(last).mapToObj(i -> Endpoint.of("10.0.0." + i, 80)).toList();
    }

    private void pass(Duration time) {
        clock.advance(time);
    }

    @Test
    void believesTheFirstStatementAtOnce() {
        feed.sequentialState(endpoints(1, 2));

        assertThat(heard.believed).containsExactly(endpoints(1, 2));
        assertThat(feed.isSettled()).isTrue();
        assertThat(feed.statistics("x").state()).isEqualTo(State.FRESH);
    }

    @Test
    void takesStatementsThatComeThickAndFastTogether() {
        feed.sequentialState(endpoints(1, 2));
        for (int i = 3; i < 8; i++) {
            feed.sequentialState(endpoints(1, 2, i));
            pass(Duration.ofMillis(50));
        }
        assertThat(heard.believed).hasSize(1);

        pass(Duration.ofMillis(50));

        assertThat(heard.believed).containsExactly(endpoints(1, 2), endpoints(1, 2, 7));
    }

    @Test
    void waitsForQuietNoLongerThanTheMaximum() {
        feed.sequentialState(endpoints(1, 2));
        for (int i = 0; i < 40; i++) {
            feed.sequentialState(endpoints(1, 2, i + 3));
            pass(Duration.ofMillis(50));
        }

        assertThat(heard.believed).hasSize(1 + 2); // 2 s of unrest: a change with each second
    }

    @Test
    void aStatementOfWhichNothingCanBeUnderstoodIsAnErrorAndTakesNothingAway() {
        feed.sequentialState(endpoints(1, 2));
        feed.sequentialState(List.of(), 2);
        pass(Duration.ofDays(1));

        assertThat(feed.believed()).isEqualTo(endpoints(1, 2));
        assertThat(feed.statistics("x").state()).isEqualTo(State.STALE);
        assertThat(feed.statistics("x").skipped()).isEqualTo(2);
        assertThat(heard.stale).containsExactly("none of its 2 entries can be understood");

        feed.sequentialState(endpoints(2), 1);
        pass(Duration.ofDays(1));
        assertThat(feed.believed()).isEqualTo(endpoints(2));
        assertThat(feed.statistics("x").state()).isEqualTo(State.FRESH);
        feed.sequentialState(List.of(), 1);
        pass(Duration.ofDays(1));
        assertThat(feed.believed()).as("one has been faulty all along").isEmpty();
    }

    @Test
    void saysNothingOfAStatementThatChangesNothing() {
        feed.sequentialState(endpoints(1, 2));
        feed.sequentialState(endpoints(1, 2));
        pass(Duration.ofSeconds(5));

        assertThat(heard.believed).hasSize(1);
        assertThat(feed.statistics("x").version()).isEqualTo(1);
    }

    @Test
    void keepsWhatIsKnownThroughErrorsForEver() {
        feed.sequentialState(endpoints(1, 2));
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) {
            feed.sequentialError(new IOException("no route"));
            pass(Duration.ofDays(1));
        }

        assertThat(feed.believed()).isEqualTo(endpoints(1, 2));
        assertThat(heard.stale).containsExactly("no route");
        assertThat(feed.statistics("x").state()).isEqualTo(State.STALE);
        assertThat(feed.statistics("x").errors()).isEqualTo(10);
        assertThat(feed.statistics("x").lastError()).contains("no route");
        assertThat(feed.statistics("x").age()).isEqualTo(Duration.ofDays(10).plusSeconds(1));

        feed.sequentialState(endpoints(1, 2, 3));
        pass(Duration.ofSeconds(1));

        assertThat(heard.silences).containsExactly(Duration.ofDays(10).plusSeconds(1));
        assertThat(feed.believed()).isEqualTo(endpoints(1, 2, 3));
        assertThat(feed.statistics("x").state()).isEqualTo(State.FRESH);
    }

    @Test
    void isSettledByAFirstErrorToo() {
        assertThat(feed.isSettled()).isFalse();
        feed.sequentialError(new IOException("refused"));

        assertThat(feed.isSettled()).isTrue();
        assertThat(heard.believed).containsExactly(List.of());
    }

    @Test
    void believesAnEmptyStatementAfterItsGrace() {
        feed.sequentialState(endpoints(1, 2));
        feed.sequentialState(List.of());
        pass(Duration.ofSeconds(30));
        assertThat(feed.believed()).isEqualTo(endpoints(1, 2));
        assertThat(feed.statistics("x").state()).isEqualTo(State.HELD);

        pass(Duration.ofSeconds(1));

        assertThat(feed.believed()).isEmpty();
        assertThat(feed.statistics("x").state()).isEqualTo(State.FRESH);
    }

    @Test
    void forgetsAnEmptyStatementThatIsTakenBackWithinItsGrace() {
        feed.sequentialState(endpoints(1, 2));
        feed.sequentialState(List.of());
        pass(Duration.ofSeconds(29));
        feed.sequentialState(endpoints(1, 2));
        pass(Duration.ofMinutes(5));

        assertThat(heard.believed).containsExactly(endpoints(1, 2));
    }

    @Test
    void doesNotBelieveALossThatItsSourceNoLongerStandsBy() {
        feed.sequentialState(endpoints(1, 2));
        feed.sequentialState(List.of());
        pass(Duration.ofSeconds(10));
        feed.sequentialError(new IOException("gone"));
        pass(Duration.ofMinutes(10));
        assertThat(feed.believed()).isEqualTo(endpoints(1, 2));

        feed.sequentialState(List.of());
        pass(Duration.ofSeconds(1));

        assertThat(feed.believed()).isEmpty(); // it has been held long enough, and its source says so again
    }

    @Test
    void holdsASuddenLossBackAndLetsInWhatComes() {
        feed.sequentialState(endpoints(1, 2, 3, 4));
        feed.sequentialState(endpoints(1, 5));
        pass(Duration.ofSeconds(1));
        assertThat(feed.believed()).containsExactlyInAnyOrderElementsOf(endpoints(1, 2, 3, 4, 5));
        assertThat(feed.statistics("x").state()).isEqualTo(State.HELD);

        pass(Duration.ofSeconds(61));

        assertThat(feed.believed()).isEqualTo(endpoints(1, 5));
    }

    @Test
    void believesTheLossOfHalfAtOnce() {
        feed.sequentialState(endpoints(1, 2, 3, 4));
        feed.sequentialState(endpoints(1, 2));
        pass(Duration.ofMillis(100));

        assertThat(feed.believed()).isEqualTo(endpoints(1, 2));
    }

    @Test
    void takesTheFirstOfSeveralWithOneAddress() {
        Endpoint heavy = Endpoint.of("10.0.0.1", 80).withWeight(7);
        feed.sequentialState(List.of(heavy, Endpoint.of("10.0.0.1", 80)));

        assertThat(feed.believed()).containsExactly(heavy);
    }

    @Test
    void skipsWhatMayNotBeTakenAndCountsIt() {
        heard.refusedHost = "10.0.0.2";
        feed.sequentialState(endpoints(1, 2, 3));

        assertThat(feed.believed()).isEqualTo(endpoints(1, 3));
        assertThat(feed.statistics("x").skipped()).isEqualTo(1);
    }

    @Test
    void servesWhatIsRememberedUntilTheSourceHasSpoken() {
        feed.sequentialRestore(endpoints(1, 2));
        assertThat(feed.believed()).isEqualTo(endpoints(1, 2));
        assertThat(feed.isSettled()).isFalse();
        assertThat(feed.statistics("x").state()).isEqualTo(State.STALE);

        feed.sequentialState(endpoints(2, 3));

        assertThat(feed.believed()).isEqualTo(endpoints(2, 3));
        feed.sequentialRestore(endpoints(9));
        assertThat(feed.believed()).isEqualTo(endpoints(2, 3));
    }

    @Test
    void doubtsAnEmptyFirstStatementWhereEndpointsAreRemembered() {
        feed.sequentialRestore(endpoints(1, 2));
        feed.sequentialState(List.of());

        assertThat(feed.believed()).isEqualTo(endpoints(1, 2));
        pass(Duration.ofSeconds(31));
        assertThat(feed.believed()).isEmpty();
    }

    @Test
    void asksOfWhatIsRememberedWhetherItMayBeTakenOnceItIsNamed() {
        heard.refusedHost = "10.0.0.2";
        feed.sequentialRestore(endpoints(1, 2, 3));
        feed.sequentialState(endpoints(1, 2, 3));

        assertThat(feed.believed()).containsExactlyElementsOf(endpoints(1, 3));
        assertThat(feed.statistics("x").skipped()).isEqualTo(1);
    }

    @Test
    void leavesNoTaskBehindWhenItStops() {
        feed.sequentialState(endpoints(1, 2));
        feed.sequentialState(List.of());
        feed.sequentialStop();

        assertThat(control.pendingTasks()).isZero();
    }
}
