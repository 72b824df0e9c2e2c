package io.lb4j.acme;

import io.lb4j.acme.internal.demand.Demands;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.Directory;
import io.lb4j.acme.model.KeyType;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.ManagedCertificates;
import io.lb4j.stats.CertificateStatistics;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Certificates that take care of themselves: obtained from a certificate authority by ACME (RFC 8555), kept, served to the handshakes of every TLS
 * listener, and renewed in time.
 *
 * <pre>{@code
 * LoadBalancer.builder()
 *         .listener(l -> l.port(80))
 *         .listener(l -> l.port(443).tls(t -> {}))
 *         .acme(Acme.letsEncrypt("admin@example.com").domains("api.example.com", "lb.example.com"))
 * }</pre>
 *
 * <p>What is said of it is immutable: each setter returns a changed copy, and refuses nothing; the balancer's start names all faults at once. One
 * object serves one balancer. Two that were told the same are equal. Thread-safe.
 */
public final class Acme implements ManagedCertificates {
    private final Supplier<Draft> base;
    private final List<Consumer<Draft>> changes;
    private final Settings settings;
    private final Faults faults = new Faults();
    private volatile @Nullable Running running; // once it is open

    private Acme(Supplier<Draft> base, List<Consumer<Draft>> changes) {
        this.base = base;
        this.changes = List.copyOf(changes);
        Draft draft = base.get();
        changes.forEach(change -> change.accept(draft));
        settings = draft.complete(Scope.root(faults, PartCatalog.installed()).at("acme"));
    }

    /** Certificates as a configuration says it. */
    static Acme of(Settings settings) {
        return new Acme(() -> Draft.of(settings), List.of());
    }

    /** Certificates from Let's Encrypt, whose subscriber agreement is accepted by this call: https://letsencrypt.org/repository/. */
    public static Acme letsEncrypt(String email) {
        return directory("letsencrypt").email(email).acceptTerms();
    }

    /**
     * Certificates from an authority.
     *
     * @param authority as {@link Directory#of} has it: a name that is known, or the address of a directory
     */
    public static Acme directory(String authority) {
        return authority(builder -> builder.directory(authority));
    }

    /** Certificates from an authority. */
    public static Acme authority(Consumer<? super AuthorityBuilder> authority) {
        return new Acme(() -> new Draft(AcmeOptions.SECTION), List.of()).orAuthority(authority);
    }

    private Acme with(Consumer<Draft> change) {
        List<Consumer<Draft>> more = new ArrayList<>(changes);
        more.add(change);
        return new Acme(base, more);
    }

    private <T> Acme with(Option<T> option, T value) {
        Origin origin = origin(option.name());
        return with(draft -> draft.set(option, value, origin));
    }

    private static Origin origin(String setter) {
        return Origin.setter(setter, Acme.class::equals);
    }

    /** Adds an authority, which is asked where those before it fail. */
    public Acme orAuthority(Consumer<? super AuthorityBuilder> authority) {
        Origin origin = origin("authority");
        return with(draft -> {
            Draft element = new Draft(AuthorityOptions.SECTION);
            authority.accept(new AuthorityBuilder(element, origin));
            draft.add(AcmeOptions.AUTHORITIES, element, origin);
        });
    }

    /** Sets whom the authorities may write to. Default: an account without contact. */
    public Acme email(String address) {
        return with(AcmeOptions.EMAIL, address);
    }

    /** Accepts the authorities' terms of service. Default: not accepted, and an authority that has terms is not asked for anything. */
    public Acme acceptTerms() {
        return with(AcmeOptions.ACCEPT_TERMS, true);
    }

    /** Adds names that get a certificate each: host names, wildcards such as {@code *.example.com}, IP addresses. Default: none. */
    public Acme domains(String... names) {
        Origin origin = origin("domains");
        List<String> copy = List.of(names);
        return with(draft -> copy.forEach(name -> draft.addText(AcmeOptions.DOMAINS, name, origin)));
    }

    /** Adds one certificate with several names. Default: none. */
    public Acme certificate(String... names) {
        Origin origin = origin("certificate");
        List<String> copy = List.of(names);
        return with(draft -> {
            Draft element = new Draft(AcmeOptions.CERTIFICATE);
            copy.forEach(name -> element.addText(AcmeOptions.NAMES, name, origin));
            draft.add(AcmeOptions.CERTIFICATES, element, origin);
        });
    }

    /**
     * Obtains certificates for names that nobody has configured, when a handshake asks for them and a decision allows it. The handshake waits,
     * as long as the listener lets it. Default: none.
     */
    public Acme onDemand(Consumer<? super DemandBuilder> demand) {
        Origin origin = origin("onDemand");
        return with(draft -> demand.accept(new DemandBuilder(draft.section(AcmeOptions.ON_DEMAND, origin), origin)));
    }

    /** Sets the kinds of challenges, in the order in which they are tried. Default: over HTTP, then by TLS. */
    public Acme challenges(ChallengeType... types) {
        return with(AcmeOptions.CHALLENGE_TYPE, List.of(types));
    }

    /**
     * Says who puts records into the zone for challenges by DNS, which {@link #challenges} has to name with
     * {@link ChallengeType#DNS}. Default: nobody.
     */
    public Acme dns(Consumer<? super DnsBuilder> dns) {
        Origin origin = origin("dns");
        return with(draft -> dns.accept(new DnsBuilder(draft, origin)));
    }

    /**
     * Sets the port of the small server that answers challenges over HTTP where the balancer has no plain listener. Default: 80.
     *
     * @param port 0 for any
     */
    public Acme challengePort(int port) {
        return with(AcmeOptions.CHALLENGE_PORT, port);
    }

    /** Sets the folder that certificates, keys and accounts are kept in. Default: {@code certs} in the working directory. */
    public Acme storage(Path folder) {
        return with(AcmeOptions.STORAGE_PATH, folder);
    }

    /** Sets where certificates, keys and accounts are kept. Default: the fleet's shared store where the balancer has one, or else files. */
    public Acme storage(AcmeStorage storage) {
        return with(AcmeOptions.STORAGE, Part.of(storage.getClass().getSimpleName(), storage));
    }

    /**
     * Keeps copies of the certificates in a shared storage, so that a start serves them while the storage is away. Default: no copies, and
     * certificates that vouch for themselves until the storage can be asked. A start fails where the storage is not a shared one.
     *
     * @param folder for this process alone
     */
    public Acme copies(Path folder) {
        return with(AcmeOptions.COPY_PATH, folder);
    }

    /** Has a start fail while a shared storage cannot be asked, copies or not. Default: it starts, and asks every second. */
    public Acme requireStorage() {
        return with(AcmeOptions.STORAGE_REQUIRED, true);
    }

    /** Sets the kind of key that certificates have. Default: {@link KeyType#EC256}. */
    public Acme keyType(KeyType type) {
        return with(AcmeOptions.KEY_TYPE, type);
    }

    /** Lets a renewed certificate have the key of the one before. Default: each certificate has a key of its own. */
    public Acme reuseKey() {
        return with(AcmeOptions.REUSE_KEY, true);
    }

    /** Sets how many days before its end a certificate is renewed, at the earliest. Default: 30. */
    public Acme renewalDays(int days) {
        return with(AcmeOptions.RENEWAL_DAYS, days);
    }

    /** Sets the last share of its lifetime in which a certificate is renewed. Default: a third. */
    public Acme renewalShare(double share) {
        return with(AcmeOptions.RENEWAL_SHARE, share);
    }

    /**
     * Asks nobody whether certificates are revoked, and staples nothing. Default: it is asked where certificates say, by OCSP or a revocation
     * list.
     */
    public Acme noRevocationCheck() {
        return with(AcmeOptions.REVOCATION_CHECK, false);
    }

    /** Asks the authorities' endpoints for trials, whose certificates nobody trusts. Default: those in earnest. */
    public Acme testMode() {
        return with(AcmeOptions.TEST_MODE, true);
    }

    // ---- its life ----

    /** @throws ConfigurationException with all that is wrong with what was said of it */
    @Override
    public void open(Context context) {
        faults.throwIfAny();
        AcmeOptions options = new AcmeOptions(settings);
        if (options.isEnabled()) {
            running = new Running(options, context);
        }
    }

    /** Returns how the certificates stand; empty before the balancer starts. Never waits. */
    @Override
    public List<CertificateStatistics> standing() {
        return current().map(now -> now.keepers().standing()).orElse(List.of());
    }

    /**
     * Revokes the certificate for a name, and has another one obtained at once. With {@link RevocationReason#KEY_COMPROMISE} the key is put
     * aside and never used again. Waits for the authority's answer: not for event loops.
     *
     * @throws IllegalArgumentException if no certificate is kept for the name
     * @throws IllegalStateException if the balancer has not been started
     * @throws AcmeFailure if the authority refuses, or cannot be asked
     * @throws InterruptedException if the thread is interrupted
     */
    public void revoke(String name, RevocationReason reason) throws AcmeFailure, InterruptedException {
        open().keepers().revoke(name, reason);
    }

    /**
     * Gives the account with each authority another key (RFC 8555 §7.3.5), once the orders under way have come to their end; the old key is good
     * for nothing from then on. Waits for the authorities' answers: not for event loops.
     *
     * @throws IllegalStateException if the balancer has not been started
     * @throws AcmeFailure if an authority refuses, or cannot be asked; the accounts of those before it have other keys by then
     * @throws InterruptedException if the thread is interrupted
     */
    public void changeAccountKeys() throws AcmeFailure, InterruptedException {
        open().keepers().changeAccountKeys();
    }

    private Running open() {
        return current()
                .orElseThrow(() ->
                        new IllegalStateException("acme: not open (expected: that of a balancer that was started)"));
    }

    private Optional<Running> current() {
        return Optional.ofNullable(running);
    }

    @Override
    public void start(CertificateSource.Listener listener) {
        current().ifPresent(now -> now.served().tell(listener));
    }

    @Override
    public void onListening(List<InetSocketAddress> plain, List<InetSocketAddress> secured) {
        current().ifPresent(now -> now.begin(plain));
    }

    @Override
    public Optional<Certificate> cached(String serverName) {
        return current().flatMap(now -> now.served().cached(serverName));
    }

    @Override
    public List<Certificate> candidates(String serverName) {
        return current().map(now -> now.served().candidates(serverName)).orElse(List.of());
    }

    @Override
    public CompletionStage<Optional<Certificate>> find(String serverName) {
        Optional<Certificate> cached = cached(serverName);
        Optional<Demands> demands = current().flatMap(Running::demands);
        return cached.isPresent() || demands.isEmpty()
                ? CompletableFuture.completedStage(cached)
                : demands.get().find(serverName);
    }

    @Override
    public List<Certificate> certificates() {
        return current().map(now -> now.served().all()).orElse(List.of());
    }

    @Override
    public Optional<String> httpChallenge(String host, String token) {
        return current().flatMap(now -> now.http().answer(token));
    }

    @Override
    public Optional<Certificate> tlsChallenge(String serverName) {
        return current().flatMap(now -> now.tls().answer(serverName));
    }

    @Override
    public void close() {
        current().ifPresent(Running::close);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Acme acme && acme.settings.equals(settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    /** Tells what was said of it, secrets masked. */
    @Override
    public String toString() {
        return settings.toString();
    }
}
