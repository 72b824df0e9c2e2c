package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.archive.Account;
import io.lb4j.acme.internal.archive.AccountBook;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.KeyType;
import io.lb4j.acme.storage.AcmeStorage;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.KeyPair;
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

    private final AccountBook book;
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

    /**
     * A session that is logged in.
     *
     * @param login of acme4j
     * @param key that requests are signed with
     */
    record Entrance(Login login, KeyPair key) {
        /** Tells the account, never the key. */
        @Override
        public String toString() {
            return String.valueOf(login.getAccount().getLocation());
        }
    }

    Accounts(AccountBook book, AuthorityOptions options, Problems problems, Contact contact) {
        this.book = book;
        this.options = options;
        this.name = problems.authority();
        this.contact = contact;
        this.problems = problems;
    }

    /** What is done with the storage. */
    private interface Work<T> {
        T run() throws IOException, AcmeFailure, InterruptedException;
    }

    private <T> T call(Work<T> work) throws AcmeFailure, InterruptedException {
        try {
            return work.run();
        } catch (IOException e) {
            String message = SUBJECT + " at " + name + ": the storage cannot be asked: " + e.getMessage();
            throw new AcmeFailure(AcmeFailure.Kind.LOCAL, message, e);
        }
    }

    /** What is done under the account's lock. */
    private interface Locked<T> {
        T run(AcmeStorage.Hold hold) throws IOException, AcmeFailure, InterruptedException;
    }

    private <T> T locked(Locked<T> work) throws AcmeFailure, InterruptedException {
        return call(() -> {
            try (AcmeStorage.Hold hold = lock()) {
                return work.run(hold);
            }
        });
    }

    /** Logs a session in, and registers the account if there is none. */
    Entrance login(Session session) throws AcmeFailure, InterruptedException {
        Optional<Entrance> known = call(() -> known(session));
        return known.isPresent()
                ? known.get()
                : locked(hold -> {
                    Optional<Entrance> meanwhile = known(session);
                    return meanwhile.isPresent() ? meanwhile.get() : made(session, hold);
                });
    }

    /**
     * Says what has become of a request that failed: whether it is worth another login, because the authority had forgotten the account,
     * or the account's key was changed meanwhile.
     */
    boolean isLoginOver(Entrance used, Session session, Exception failure) throws AcmeFailure, InterruptedException {
        if (failure instanceof AcmeException refused && Problems.isUnknownAccount(refused)) {
            locked(hold -> forget(used, hold));
            return true;
        }
        try {
            if (call(() -> book.next(name)).isPresent()) {
                locked(hold -> settle(session, hold));
            }
        } catch (AcmeFailure e) {
            failure.addSuppressed(e); // what it cannot tell now it tells the next time
        }
        Optional<Account> account = call(() -> book.account(name));
        return account.isPresent()
                && !account.get().key().getPublic().equals(used.key().getPublic());
    }

    /** The next login registers the account again, with the same key. */
    private boolean forget(Entrance used, AcmeStorage.Hold hold) throws AcmeFailure, IOException {
        Optional<Account> account = book.account(name)
                .filter(known -> known.key().getPublic().equals(used.key().getPublic()));
        if (account.isPresent()) {
            store(new Account(account.get().key(), Optional.empty(), Optional.empty()), hold);
        }
        return account.isPresent();
    }

    private void store(Account account, AcmeStorage.Hold hold) throws AcmeFailure, IOException {
        require(book.store(name, account, hold));
    }

    private void require(boolean isHeld) throws AcmeFailure {
        if (!isHeld) {
            String message = SUBJECT + " at " + name + ": another instance has taken over; tried again later";
            throw new AcmeFailure(AcmeFailure.Kind.LOCAL, message, AcmeFailure.Details.NONE);
        }
    }

    private Optional<Entrance> known(Session session) throws IOException {
        Optional<Account> account =
                book.account(name).filter(one -> one.contact().equals(contact.email()));
        Optional<URI> location = account.flatMap(Account::location);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        KeyPair key = account.get().key();
        return Optional.of(new Entrance(session.login(location.get().toURL(), key), key));
    }

    private Entrance made(Session session, AcmeStorage.Hold hold) throws AcmeFailure, IOException {
        Optional<Account> stored = book.account(name);
        Account account = stored.isPresent()
                ? stored.get()
                : new Account(KeyType.EC256.generate(), Optional.empty(), Optional.empty());
        if (stored.isEmpty()) {
            // Before the authority knows it: a key that is lost leaves an account that nobody can use.
            store(account, hold);
        }
        Login login = account.location().isPresent() ? renamed(session, account) : register(session, account);
        URI location = URI.create(login.getAccount().getLocation().toString());
        store(new Account(account.key(), Optional.of(location), contact.email()), hold);
        return new Entrance(login, account.key());
    }

    /** Gives the account another key (RFC 8555 §7.3.5). Does nothing where there is no account yet. */
    boolean changeKey(Session session) throws AcmeFailure, InterruptedException {
        return locked(hold -> {
            settle(session, hold);
            Optional<Entrance> known = known(session);
            if (known.isEmpty()) {
                return false;
            }
            // Before the authority knows it: after a crash between its answer and our writing it down, this is the only
            // key.
            KeyPair next = KeyType.EC256.generate();
            require(book.storeNext(name, next, hold));
            try {
                known.get().login().getAccount().changeKey(next);
            } catch (AcmeException e) {
                throw problems.of(SUBJECT, e);
            }
            take(next, hold);
            return true;
        });
    }

    private void take(KeyPair next, AcmeStorage.Hold hold) throws AcmeFailure, IOException {
        Optional<Account> account = book.account(name);
        Optional<URI> location = account.flatMap(Account::location);
        store(new Account(next, location, account.flatMap(Account::contact)), hold);
        book.forgetNext(name);
    }

    /** Finds out which key an account has, after a change whose end is not known. */
    private boolean settle(Session session, AcmeStorage.Hold hold) throws AcmeFailure, IOException {
        Optional<KeyPair> next = book.next(name);
        if (next.isEmpty()) {
            return false;
        }
        try {
            new AccountBuilder().onlyExisting().useKeyPair(next.get()).createLogin(session);
            take(next.get(), hold);
            return true;
        } catch (AcmeException e) {
            if (Problems.isUnknownAccount(e)) {
                book.forgetNext(name);
                return false;
            }
            throw problems.of(SUBJECT, e);
        }
    }

    private AcmeStorage.Hold lock() throws IOException, AcmeFailure, InterruptedException {
        for (int i = 0; i < LOCK_TRIES; i++) {
            Optional<AcmeStorage.Hold> hold = book.tryLock(name, LOCK);
            if (hold.isPresent()) {
                return hold.get();
            }
            Thread.sleep(LOCK_PAUSE.toMillis());
        }
        throw new AcmeFailure(
                AcmeFailure.Kind.LOCAL,
                SUBJECT + " at " + name + ": another instance has been at it for a minute; tried again later",
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
