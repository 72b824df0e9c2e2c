package io.lb4j.acme;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.authority.AcmeAuthority;
import io.lb4j.acme.internal.authority.Authority;
import io.lb4j.acme.internal.challenge.ChallengeServer;
import io.lb4j.acme.internal.challenge.HttpSolver;
import io.lb4j.acme.internal.challenge.Solver;
import io.lb4j.acme.internal.challenge.TlsSolver;
import io.lb4j.acme.internal.life.Keepers;
import io.lb4j.acme.internal.life.Served;
import io.lb4j.acme.internal.life.Surroundings;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.spi.ManagedCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What works while a balancer serves: the parts, put together. Thread-safe. */
final class Running {
    private static final int WORKERS = 4; // certificates that are ordered at a time
    private static final long IDLE_SECONDS = 10;
    private static final long END_SECONDS = 4; // within what the balancer waits for in all
    private static final String SHARED_PREFIX = "acme/";

    private final Served served = new Served();
    private final HttpSolver http = new HttpSolver();
    private final TlsSolver tls = new TlsSolver();
    private final AcmeOptions options;
    private final ManagedCertificates.Context context;
    private final List<Authority> authorities = new ArrayList<>(); // filled before this is published
    private final ExecutorService workers;
    private final Keepers keepers;
    private @Nullable ChallengeServer server; // confined to the control thread

    private Running(AcmeOptions options, ManagedCertificates.Context context) {
        Archive archive = new Archive(storage(options, context));
        for (AuthorityOptions authority : options.authorities()) {
            authorities.add(new AcmeAuthority(authority, options, archive));
        }
        List<Solver> solvers = new ArrayList<>();
        for (ChallengeType type : options.challengeTypes()) {
            solvers.add(type == ChallengeType.HTTP ? http : tls);
        }
        this.options = options;
        this.context = context;
        workers = workers();
        keepers = new Keepers(new Surroundings(options, archive, authorities, solvers, context), served, workers);
    }

    static Running open(AcmeOptions options, ManagedCertificates.Context context) {
        return new Running(options, context);
    }

    private static AcmeStorage storage(AcmeOptions options, ManagedCertificates.Context context) {
        if (options.storage().isPresent()) {
            return options.storage().get().create(AcmeStorage.class);
        }
        if (context.store().isPresent() && !options.isStoredInFiles()) {
            return AcmeStorages.shared(context.store().get(), SHARED_PREFIX);
        }
        return AcmeStorages.files(options.storagePath());
    }

    private static ExecutorService workers() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                WORKERS, WORKERS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "lb4j-acme-order");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
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

    void close() {
        ChallengeServer known = server;
        if (known != null) {
            known.close();
        }
        workers.shutdownNow();
        try {
            workers.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        authorities.forEach(Authority::close);
    }
}
