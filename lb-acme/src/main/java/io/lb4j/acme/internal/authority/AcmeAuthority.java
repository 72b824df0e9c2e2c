package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.Directory;
import io.lb4j.spi.Certificate;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;

/**
 * An authority that is spoken to by ACME (RFC 8555). Thread-safe: a session of acme4j lets one request through at a time, so that each order
 * borrows one of its own.
 */
public final class AcmeAuthority implements Authority {
    private final AuthorityOptions options;
    private final Directory directory;
    private final AuthorityClient client;
    private final AuthorityProvider provider;
    private final Accounts accounts;
    private final Problems problems;
    private final Deque<Session> idle = new ConcurrentLinkedDeque<>();

    /**
     * Creates an authority that has not been asked for anything yet.
     *
     * @param options of this one
     * @param all of which some hold for every authority
     * @param archive keeps its account
     */
    public AcmeAuthority(AuthorityOptions options, AcmeOptions all, Archive archive) {
        this.options = options;
        this.directory = all.isTest() ? options.directory().forTrials() : options.directory();
        this.client = new AuthorityClient(options);
        this.provider = new AuthorityProvider(client.client());
        this.problems = new Problems(directory.name());
        Accounts.Contact contact = new Accounts.Contact(all.email(), all.acceptsTerms());
        this.accounts = new Accounts(archive, options, directory.name(), contact);
    }

    @Override
    public String name() {
        return directory.name();
    }

    /** What is done with a session that is logged in. */
    private interface Work<T> {
        T with(Login login) throws AcmeException, AcmeFailure, InterruptedException;
    }

    /** Does something with a session; once more if the account had been forgotten at the authority's. */
    private <T> T call(String subject, Work<T> work) throws AcmeFailure, InterruptedException {
        Session session = Optional.ofNullable(idle.poll()).orElseGet(() -> new Session(directory.address(), provider));
        try {
            try {
                return work.with(accounts.login(session));
            } catch (AcmeException e) {
                if (!Problems.isUnknownAccount(e)) {
                    throw e;
                }
                accounts.forget();
                return work.with(accounts.login(session));
            }
        } catch (AcmeException e) {
            throw interruptedOr(problems.of(subject, e));
        } catch (AcmeLazyLoadingException | AcmeProtocolException e) {
            throw interruptedOr(problems.ofProtocol(subject, e));
        } finally {
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
    public void close() {
        client.close();
    }
}
