package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.archive.Account;
import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.KeyType;
import io.lb4j.acme.storage.AcmeStorage;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;

/**
 * The account with one authority: registered once for all that share a storage, and found again ever after. Thread-safe; the storage's lock
 * keeps two from registering at once.
 */
final class Accounts {
    private static final String SUBJECT = "account";
    private static final Duration LOCK = Duration.ofSeconds(60);
    private static final Duration LOCK_PAUSE = Duration.ofMillis(250);
    private static final int LOCK_TRIES = 240;

    private final Archive archive;
    private final AuthorityOptions options;
    private final Contact contact;
    private final Problems problems;
    private final String name;

    /**
     * Who asks.
     *
     * @param email whom the authority may write to
     * @param acceptsTerms whether its terms of service are accepted
     */
    record Contact(Optional<String> email, boolean acceptsTerms) {}

    Accounts(Archive archive, AuthorityOptions options, String name, Contact contact) {
        this.archive = archive;
        this.options = options;
        this.name = name;
        this.contact = contact;
        this.problems = new Problems(name);
    }

    /** Logs a session in, and registers the account if there is none. */
    Login login(Session session) throws AcmeFailure, InterruptedException {
        try {
            Optional<Login> known = known(session);
            return known.isPresent() ? known.get() : registered(session);
        } catch (IOException e) {
            throw storageFailed(e);
        }
    }

    /** Says that the authority no longer knows the account: the next login registers it again, with the same key. */
    void forget() throws AcmeFailure {
        try {
            Optional<Account> account = archive.account(name);
            if (account.isPresent()) {
                archive.store(name, new Account(account.get().key(), Optional.empty(), Optional.empty()));
            }
        } catch (IOException e) {
            throw storageFailed(e);
        }
    }

    private AcmeFailure storageFailed(IOException e) {
        String message = SUBJECT + " at " + name + ": the storage cannot be asked: " + e.getMessage();
        return new AcmeFailure(AcmeFailure.Kind.LOCAL, message, e);
    }

    private Optional<Login> known(Session session) throws IOException {
        Optional<Account> account =
                archive.account(name).filter(one -> one.contact().equals(contact.email()));
        Optional<URI> location = account.flatMap(Account::location);
        return location.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        session.login(location.get().toURL(), account.get().key()));
    }

    private Login registered(Session session) throws AcmeFailure, IOException, InterruptedException {
        AcmeStorage.Hold hold = lock();
        try {
            Optional<Login> meanwhile = known(session);
            return meanwhile.isPresent() ? meanwhile.get() : made(session);
        } finally {
            hold.close();
        }
    }

    private Login made(Session session) throws AcmeFailure, IOException {
        Optional<Account> stored = archive.account(name);
        Account account = stored.isPresent()
                ? stored.get()
                : new Account(KeyType.EC256.generate(), Optional.empty(), Optional.empty());
        if (stored.isEmpty()) {
            // Before the authority knows it: a key that is lost leaves an account that nobody can use.
            archive.store(name, account);
        }
        Login login = account.location().isPresent() ? renamed(session, account) : register(session, account);
        URI location = URI.create(login.getAccount().getLocation().toString());
        archive.store(name, new Account(account.key(), Optional.of(location), contact.email()));
        return login;
    }

    private AcmeStorage.Hold lock() throws IOException, AcmeFailure, InterruptedException {
        for (int i = 0; i < LOCK_TRIES; i++) {
            Optional<AcmeStorage.Hold> hold = archive.storage().tryLock("account+" + name, LOCK);
            if (hold.isPresent()) {
                return hold.get();
            }
            Thread.sleep(LOCK_PAUSE.toMillis());
        }
        throw new AcmeFailure(
                AcmeFailure.Kind.LOCAL,
                SUBJECT + " at " + name + ": another instance has been registering it for a minute; tried again later",
                AcmeFailure.Details.NONE);
    }

    private Login register(Session session, Account account) throws AcmeFailure {
        try {
            Optional<URI> terms = session.getMetadata().getTermsOfService();
            if (terms.isPresent() && !contact.acceptsTerms()) {
                throw new AcmeFailure(
                        AcmeFailure.Kind.REFUSED,
                        name + " has terms of service: " + terms.get()
                                + " (expected: accept_terms, once you have read them)",
                        AcmeFailure.Details.NONE);
            }
            if (session.getMetadata().isExternalAccountRequired()
                    && options.externalAccount().isEmpty()) {
                throw new AcmeFailure(
                        AcmeFailure.Kind.REFUSED,
                        name + " wants an external account (expected: eab_key_id and eab_hmac_key, which it gives out)",
                        AcmeFailure.Details.NONE);
            }
            AccountBuilder builder = new AccountBuilder().useKeyPair(account.key());
            contact.email().ifPresent(builder::addEmail);
            if (terms.isPresent()) {
                builder.agreeToTermsOfService();
            }
            options.externalAccount()
                    .ifPresent(external -> builder.withKeyIdentifier(external.keyId(), external.hmacKey()));
            return builder.createLogin(session);
        } catch (AcmeException e) {
            throw problems.of(SUBJECT, e);
        } catch (IllegalArgumentException e) {
            // acme4j says so of a key that is not in base64url; its message would repeat it.
            throw new AcmeFailure(
                    AcmeFailure.Kind.REFUSED, name + ": eab_hmac_key cannot be read (expected: base64url)", e);
        }
    }

    /** Tells the authority of another contact. */
    private Login renamed(Session session, Account account) throws AcmeFailure, MalformedURLException {
        Login login = session.login(account.location().orElseThrow().toURL(), account.key());
        try {
            var change = login.getAccount().modify();
            change.getContacts().clear();
            contact.email().ifPresent(change::addEmail);
            change.commit();
            return login;
        } catch (AcmeException e) {
            if (Problems.isUnknownAccount(e)) {
                return register(session, account);
            }
            throw problems.of(SUBJECT, e);
        }
    }
}
