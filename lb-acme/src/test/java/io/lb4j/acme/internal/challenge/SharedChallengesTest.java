package io.lb4j.acme.internal.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.testkit.time.FakeClock;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Challenges that instances answer for one another, whatever their clocks say. */
final class SharedChallengesTest {
    private static final Proof PROOF = new Proof(DomainName.of("a.test"), "token", "token.thumbprint");

    private final FakeClock time = FakeClock.create();
    private final Archive archive = new Archive(AcmeStorages.inMemory());
    private final HttpSolver others = new HttpSolver();

    private SharedChallenges instance(HttpSolver solver, Duration ahead) {
        return new SharedChallenges(archive, List.of(solver), Clock.offset(time, ahead), time.nanoSource());
    }

    @Test
    void anInstanceWhoseClockIsHoursAheadAnswersAndSweepsNothingUp() throws Exception {
        Solver publishing = instance(new HttpSolver(), Duration.ZERO).publishing(new HttpSolver());
        SharedChallenges ahead = instance(others, Duration.ofHours(2));
        publishing.present(PROOF);
        ahead.look();
        time.advance(Duration.ofMinutes(59));
        ahead.look();
        assertThat(others.answer("token")).contains("token.thumbprint");
        assertThat(archive.challenges()).hasSize(1);

        publishing.withdraw(PROOF);
        ahead.look();
        assertThat(others.answer("token")).isEmpty();
    }

    @Test
    void whatHasBeenThereForMoreThanAnHourIsSweptUpByWhoeverHasSeenIt() throws Exception {
        instance(new HttpSolver(), Duration.ofDays(400))
                .publishing(new HttpSolver())
                .present(PROOF);
        SharedChallenges right = instance(others, Duration.ZERO);
        right.look();
        time.advance(Duration.ofMinutes(61));
        right.look();
        right.look();
        assertThat(archive.challenges()).isEmpty();
        assertThat(others.answer("token")).isEmpty();
    }
}
