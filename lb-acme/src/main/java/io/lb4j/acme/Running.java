package io.lb4j.acme;

import io.lb4j.acme.dns.DnsProvider;
import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.authority.AcmeAuthority;
import io.lb4j.acme.internal.challenge.ChallengeServer;
import io.lb4j.acme.internal.challenge.DnsSolver;
import io.lb4j.acme.internal.challenge.HttpSolver;
import io.lb4j.acme.internal.challenge.SharedChallenges;
import io.lb4j.acme.internal.challenge.Solver;
import io.lb4j.acme.internal.challenge.TlsSolver;
import io.lb4j.acme.internal.demand.AskedAddress;
import io.lb4j.acme.internal.demand.Demands;
import io.lb4j.acme.internal.life.Keepers;
import io.lb4j.acme.internal.life.Served;
import io.lb4j.acme.internal.life.Surroundings;
import io.lb4j.acme.internal.lookup.Lookup;
import io.lb4j.acme.internal.lookup.Propagation;
import io.lb4j.acme.internal.status.Issuers;
import io.lb4j.acme.internal.status.StatusSource;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.DemandDecision;
import io.lb4j.acme.model.DemandOptions;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.spi.ManagedCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What works while a balancer serves: the parts, put together. Thread-safe. */
final class Running {
    private static final int WORKERS = 4; // certificates that are ordered at a time; as many again on demand
    private static final long IDLE_SECONDS = 10;
    private static final long END_SECONDS = 2; // twice, within what the balancer waits for in all
    private static final String SHARED_PREFIX = "acme/";

    private final Served served = new Served();
    private final HttpSolver http = new HttpSolver();
    private final TlsSolver tls = new TlsSolver();
    private final AcmeOptions options;
    private final ManagedCertificates.Context context;
    private final List<Surroundings.Limited> authorities = new ArrayList<>(); // filled before this is published
    private final ExecutorService workers = workers("lb4j-acme-order");
    private final ExecutorService askers = workers("lb4j-acme-demand");
    // Looks at a shared storage, which may take long: locks are renewed by the scheduler meanwhile.
    private final ScheduledExecutorService lookout =
            new ScheduledThreadPoolExecutor(1, task -> daemon(task, "lb4j-acme-lookout"));
    private final Issuers issuers;
    private final Keepers keepers;
    private final Optional<Demands> demands;
    private @Nullable Lookup lookup; // written before this is published
    private @Nullable AskedAddress asked; // written before this is published
    private @Nullable ChallengeServer server; // confined to the control thread

    /**
     * Puts the parts together, and reads the storage.
     *
     * @throws RuntimeException if they cannot work; nothing stays behind then
     */
    Running(AcmeOptions options, ManagedCertificates.Context context) {
        Archive archive = new Archive(storage(options, context));
        for (AuthorityOptions authority : options.authorities()) {
            authorities.add(Surroundings.Limited.of(AcmeAuthority.of(authority, options, archive)));
        }
        SharedChallenges shared = new SharedChallenges(archive, List.of(http, tls), context.clock(), System::nanoTime);
        List<Solver> solvers = solvers(options, archive, shared);
        this.options = options;
        this.context = context;
        issuers = new Issuers(context.clock());
        try {
            StatusSource statuses = options.checksRevocation() ? issuers : StatusSource.NONE;
            keepers = new Keepers(
                    new Surroundings(options, archive, authorities, solvers, statuses, context), served, workers);
        } catch (RuntimeException e) {
            release(); // the balancer does not start, and nothing stays behind
            throw e;
        }
        demands = options.onDemand().map(demand -> demands(demand, context));
        if (archive.storage().isShared()) {
            watch(shared);
        }
    }

    private List<Solver> solvers(AcmeOptions options, Archive archive, SharedChallenges shared) {
        List<Solver> solvers = new ArrayList<>();
        for (ChallengeType type : options.challengeTypes()) {
            switch (type) {
                case DNS -> solvers.add(dnsSolver(options));
                case HTTP, TLS_ALPN -> {
                    Solver solver = type == ChallengeType.HTTP ? http : tls;
                    solvers.add(archive.storage().isShared() ? shared.publishing(solver) : solver);
                }
            }
        }
        return solvers;
    }

    private Demands demands(DemandOptions demand, ManagedCertificates.Context given) {
        DemandDecision decision = demand.decision().isPresent()
                ? demand.decision().get().create(DemandDecision.class)
                : closedAtEnd(new AskedAddress(demand.ask().orElseThrow()));
        Demands.Limits limits = new Demands.Limits(demand.rate(), demand.maxNames(), given.clock());
        return new Demands(keepers, decision, limits, askers);
    }

    private DemandDecision closedAtEnd(AskedAddress address) {
        asked = address;
        return address;
    }

    private Solver dnsSolver(AcmeOptions options) {
        DnsProvider provider = options.dnsProvider().orElseThrow().create(DnsProvider.class);
        Lookup opened = new Lookup();
        lookup = opened;
        Propagation.Check check = options.dnsCheck() == AcmeOptions.DnsCheck.AUTHORITATIVE
                ? Propagation.Check.authorities(options.dnsTimeout())
                : Propagation.Check.resolvers(options.dnsTimeout());
        List<InetSocketAddress> resolvers =
                options.dnsResolvers().isEmpty() ? Lookup.systemResolvers() : options.dnsResolvers();
        return new DnsSolver(
                provider,
                new Propagation(opened, resolvers, check),
                options.challengeAlias().map(DomainName::text));
    }

    /** Looks for what other instances have left in the storage: certificates, and challenges that may be asked of this one. */
    private void watch(SharedChallenges shared) {
        long millis = SharedChallenges.PERIOD.toMillis();
        lookout.scheduleWithFixedDelay(shared::look, millis, millis, TimeUnit.MILLISECONDS);
        lookout.scheduleWithFixedDelay(keepers::look, millis, millis, TimeUnit.MILLISECONDS);
    }

    private static AcmeStorage storage(AcmeOptions options, ManagedCertificates.Context context) {
        AcmeStorage storage = originals(options, context);
        if (options.copyPath().isEmpty()) {
            return storage;
        }
        Path copies = options.copyPath().get();
        if (!storage.isShared()) {
            throw new IllegalStateException("acme: " + AcmeOptions.COPY_PATH.name() + ": " + copies
                    + " (expected: only with a storage that instances share, such as shared_store)");
        }
        return AcmeStorages.copied(storage, AcmeStorages.files(copies));
    }

    private static AcmeStorage originals(AcmeOptions options, ManagedCertificates.Context context) {
        if (options.storage().isPresent()) {
            return options.storage().get().create(AcmeStorage.class);
        }
        if (context.store().isPresent() && !options.isStoredInFiles()) {
            return AcmeStorages.shared(context.store().get(), SHARED_PREFIX);
        }
        return AcmeStorages.files(options.storagePath());
    }

    private static ExecutorService workers(String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                WORKERS,
                WORKERS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    Served served() {
        return served;
    }

    HttpSolver http() {
        return http;
    }

    TlsSolver tls() {
        return tls;
    }

    /** The listeners are bound: where none of them is plain, a small server answers challenges in their place. */
    void begin(List<InetSocketAddress> plain) {
        boolean isNeeded = plain.isEmpty() && options.challengeTypes().contains(ChallengeType.HTTP);
        ChallengeServer known = server;
        if (known != null && !isNeeded) {
            known.close();
            server = null;
        }
        if (known == null && isNeeded) {
            try {
                server = ChallengeServer.listen(options.challengePort(), http);
            } catch (IOException e) {
                context.reportFailure("challenge_server_failed", "challenges over HTTP are not answered", e);
            }
        }
        keepers.begin();
    }

    Optional<Demands> demands() {
        return demands;
    }

    Keepers keepers() {
        return keepers;
    }

    void close() {
        ChallengeServer known = server;
        if (known != null) {
            known.close();
        }
        lookout.shutdownNow();
        workers.shutdownNow();
        askers.shutdownNow();
        try {
            workers.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
            askers.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        release();
    }

    private void release() {
        Lookup opened = lookup;
        if (opened != null) {
            opened.close();
        }
        AskedAddress address = asked;
        if (address != null) {
            address.close();
        }
        issuers.close();
        authorities.forEach(limited -> limited.authority().close());
    }
}
