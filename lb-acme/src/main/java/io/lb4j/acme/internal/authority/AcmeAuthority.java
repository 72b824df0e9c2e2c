package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.archive.RenewalWindow;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.Directory;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.spi.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeServerException;

/**
 * An authority that is spoken to by ACME (RFC 8555). Thread-safe: a session of acme4j lets one request through at a time, so that each order
 * borrows one of its own.
 */
public final class AcmeAuthority implements Authority {
    private static final Duration ASKED_AGAIN =
            Duration.ofHours(6); // RFC 9773 §4.3.2, where the authority does not say

    private final AuthorityOptions options;
    private final Directory directory;
    private final AuthorityClient client;
    private final AuthorityProvider provider;
    private final Accounts accounts;
    private final Problems problems;
    private final Optional<Authority> rehearsal;
    private final ReadWriteLock requests = new ReentrantReadWriteLock(); // written to by changes of the account's key
    private final Deque<Session> idle = new ConcurrentLinkedDeque<>();

    private AcmeAuthority(AuthorityOptions options, Directory directory, AcmeOptions all, Archive archive) {
        this.options = options;
        this.directory = directory;
        this.client = new AuthorityClient(options);
        Refusals refusals = new Refusals();
        this.provider = new AuthorityProvider(client.client(), refusals);
        this.problems = new Problems(directory.name(), refusals);
        Accounts.Contact contact = new Accounts.Contact(all.email(), all.acceptsTerms());
        this.accounts = new Accounts(archive.accounts(), options, problems, contact);
        this.rehearsal = directory.test().isPresent()
                ? Optional.of(new AcmeAuthority(options, directory.forTrials(), all, archive))
                : Optional.empty();
    }

    /**
     * Creates an authority that has not been asked for anything yet.
     *
     * @param options of this one
     * @param all of which some hold for every authority
     * @param archive keeps its account
     */
    public static AcmeAuthority of(AuthorityOptions options, AcmeOptions all, Archive archive) {
        Directory directory = options.directory();
        return new AcmeAuthority(options, all.isTest() ? directory.forTrials() : directory, all, archive);
    }

    @Override
    public String name() {
        return directory.name();
    }

    /** What is done with a session that is logged in. */
    private interface Work<T> {
        T with(Login login) throws AcmeException, AcmeFailure, InterruptedException;
    }

    /** Does something with a session; once more if the login was over. */
    private <T> T call(String subject, Work<T> work) throws AcmeFailure, InterruptedException {
        requests.readLock().lockInterruptibly();
        Session session = Optional.ofNullable(idle.poll()).orElseGet(() -> new Session(directory.address(), provider));
        try {
            Accounts.Entrance entrance = accounts.login(session);
            try {
                return work.with(entrance.login());
            } catch (AcmeException | AcmeFailure e) {
                AcmeFailure told = e instanceof AcmeException refused ? problems.of(subject, refused) : (AcmeFailure) e;
                if (!accounts.isLoginOver(entrance, session, e)) {
                    throw told;
                }
                return work.with(accounts.login(session).login());
            }
        } catch (AcmeException e) {
            throw interruptedOr(problems.of(subject, e));
        } catch (AcmeLazyLoadingException | AcmeProtocolException e) {
            throw interruptedOr(problems.ofProtocol(subject, e));
        } finally {
            requests.readLock().unlock();
            idle.push(session);
        }
    }

    /** The HTTP client tells of an interrupt as a failure of the network. */
    private static AcmeFailure interruptedOr(AcmeFailure failure) throws InterruptedException {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                throw new InterruptedException("while an authority was asked");
            }
        }
        return failure;
    }

    @Override
    public Certificate obtain(OrderRequest request) throws AcmeFailure, InterruptedException {
        return call(request.names().toString(), login -> new Ordering(login, request, options, problems).certificate());
    }

    @Override
    public Optional<RenewalWindow> renewalWindow(Certificate certificate) throws AcmeFailure, InterruptedException {
        X509Certificate leaf = certificate.chain().get(0);
        return call(certificate.toString(), login -> {
            if (login.getSession().resourceUrlOptional(Resource.RENEWAL_INFO).isEmpty()) {
                return Optional.empty();
            }
            RenewalInfo info = login.bindRenewalInfo(leaf);
            Optional<Instant> again = info.fetch();
            Instant start = info.getSuggestedWindowStart();
            Instant end = info.getSuggestedWindowEnd();
            if (end.isBefore(start)) {
                throw new AcmeProtocolException("a renewal window that ends before it begins");
            }
            return Optional.of(new RenewalWindow(
                    start, end, again.orElseGet(() -> Instant.now().plus(ASKED_AGAIN))));
        });
    }

    @Override
    public void revoke(Certificate certificate, RevocationReason reason) throws AcmeFailure, InterruptedException {
        call(certificate.toString(), login -> {
            try {
                org.shredzone.acme4j.Certificate.revoke(
                        login, certificate.chain().get(0), org.shredzone.acme4j.RevocationReason.code(reason.code()));
            } catch (AcmeServerException e) {
                if (!Problems.isAlreadyRevoked(e)) {
                    throw e;
                }
            }
            return true;
        });
    }

    @Override
    public boolean changeAccountKey() throws AcmeFailure, InterruptedException {
        // What proves a name is made of the account's key (RFC 8555 §8.1): orders under way come to their end before.
        requests.writeLock().lockInterruptibly();
        try {
            boolean isChanged = accounts.changeKey(new Session(directory.address(), provider));
            return (rehearsal.isPresent() && rehearsal.get().changeAccountKey()) || isChanged;
        } catch (AcmeLazyLoadingException | AcmeProtocolException e) {
            throw interruptedOr(problems.ofProtocol("account", e));
        } finally {
            requests.writeLock().unlock();
        }
    }

    @Override
    public Optional<Authority> rehearsal() {
        return rehearsal;
    }

    @Override
    public void close() {
        rehearsal.ifPresent(Authority::close);
        client.close();
    }
}
