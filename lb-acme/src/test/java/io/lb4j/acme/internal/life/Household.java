package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.status.StatusSource;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.ManagedCertificates;
import io.lb4j.spi.SharedStore;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Keepers whose time only the test moves: what is due happens on its thread. */
final class Household implements ManagedCertificates.Context {
    final FakeClock clock = FakeClock.create();
    final FakeScheduler scheduler = FakeScheduler.over(clock);
    final AcmeStorage storage;
    final List<String> reports = new ArrayList<>();
    Served served = new Served();
    StatusSource issuers = StatusSource.NONE;
    Duration ahead = Duration.ZERO; // of the clock, before the time that tasks wait for
    private final AcmeOptions options;

    Household(String... names) {
        this(AcmeStorages.inMemory(), draft -> {}, names);
    }

    Household(AcmeStorage storage, Consumer<Draft> more, String... names) {
        this.storage = storage;
        Draft draft = new Draft(AcmeOptions.SECTION);
        more.accept(draft);
        for (String name : names) {
            draft.addText(AcmeOptions.DOMAINS, name, Origin.byDefault());
        }
        // The authorities are the test's own.
        Settings settings = draft.complete(Scope.root(new Faults(), PartCatalog.of(List.of())));
        options = new AcmeOptions(settings);
    }

    FakeAuthority authority(String name) {
        return new FakeAuthority(name, clock);
    }

    /** Begins, as after a start of the process. */
    Keepers begin(FakeAuthority... authorities) {
        served = new Served();
        List<Surroundings.Limited> limited =
                Arrays.stream(authorities).map(Surroundings.Limited::of).toList();
        Keepers keepers = new Keepers(
                new Surroundings(options, new Archive(storage), limited, List.of(), issuers, this),
                served,
                Runnable::run);
        keepers.begin();
        scheduler.runDue();
        return keepers;
    }

    /** Lets time pass. */
    void pass(Duration time) {
        clock.advance(time);
    }

    Certificate shown(String name) {
        return served.cached(name).orElseThrow();
    }

    @Override
    public Clock clock() {
        return Clock.offset(clock, ahead);
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    @Override
    public Optional<SharedStore> store() {
        return Optional.empty();
    }

    @Override
    public void report(String name, String message) {
        reports.add(name + " " + message);
    }

    @Override
    public void reportFailure(String name, String message, Throwable cause) {
        reports.add(name + " " + message + ": " + cause.getMessage());
    }
}
