package io.lb4j.acme.internal.archive;

import io.lb4j.acme.storage.AcmeStorage;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Optional;

/** What is stored of accounts with authorities. Thread-safe. */
public final class AccountBook {
    private final AcmeStorage storage;
    private final Values values;

    AccountBook(AcmeStorage storage, Values values) {
        this.storage = storage;
        this.values = values;
    }

    /**
     * Takes the lock under which accounts are written, if it is free.
     *
     * @throws IOException if the storage cannot be asked
     */
    public Optional<AcmeStorage.Hold> tryLock(String authority, Duration timeToLive) throws IOException {
        return storage.tryLock("account+" + authority, timeToLive);
    }

    private static String key(String authority) {
        return "accounts/" + authority;
    }

    private static String nextKey(String authority) {
        return "accounts/next/" + authority;
    }

    /**
     * Returns the account with an authority.
     *
     * @throws IOException if the storage cannot be asked
     */
    public Optional<Account> account(String authority) throws IOException {
        return values.read(
                key(authority),
                entry -> new Account(entry.keys(), entry.find("location").map(URI::create), entry.find("contact")));
    }

    /**
     * Stores the account with an authority, as whoever holds its lock.
     *
     * @return false if the lock was lost, and nothing is stored
     * @throws IOException if the storage cannot be asked
     */
    public boolean store(String authority, Account account, AcmeStorage.Hold hold) throws IOException {
        Entry.Writer writer = new Entry.Writer();
        account.location().ifPresent(location -> writer.line("location", location.toString()));
        account.contact().ifPresent(contact -> writer.line("contact", contact));
        return hold.write(key(authority), writer.pair(account.key()).octets());
    }

    /**
     * Returns the key that an account is about to have, where a change was begun and its end is not known.
     *
     * @throws IOException if the storage cannot be asked
     */
    public Optional<KeyPair> next(String authority) throws IOException {
        return values.read(nextKey(authority), Entry::keys);
    }

    /**
     * Stores the key that an account is about to have, as whoever holds its lock.
     *
     * @return false if the lock was lost, and nothing is stored
     * @throws IOException if the storage cannot be asked
     */
    public boolean storeNext(String authority, KeyPair key, AcmeStorage.Hold hold) throws IOException {
        return hold.write(nextKey(authority), new Entry.Writer().pair(key).octets());
    }

    /**
     * Forgets the key that an account was about to have: it has it by now, or will never.
     *
     * @throws IOException if the storage cannot be asked
     */
    public void forgetNext(String authority) throws IOException {
        storage.remove(nextKey(authority));
    }
}
