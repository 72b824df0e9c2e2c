package io.lb4j.acme.internal.archive;

import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.Certificates;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in the storage, as objects. A certificate is one value, key and chain together, so that no crash leaves the one without the other.
 * What cannot be read is as good as not there, and a warning. Thread-safe.
 */
public final class Archive {
    private static final Logger logger = LoggerFactory.getLogger(Archive.class);
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----", Pattern.DOTALL);

    private final AcmeStorage storage;

    /** Creates an archive. */
    public Archive(AcmeStorage storage) {
        this.storage = storage;
    }

    /** Returns the storage. */
    public AcmeStorage storage() {
        return storage;
    }

    private interface Parser<T> {
        T parse(Entry entry) throws GeneralSecurityException;
    }

    private <T> Optional<T> read(String key, Parser<T> parser) throws IOException {
        Optional<byte[]> stored = storage.read(key);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.parse(Entry.of(stored.get())));
        } catch (GeneralSecurityException | RuntimeException e) {
            logger.warn("storage: {} cannot be read and is left aside: {}", key, e.getMessage());
            return Optional.empty();
        }
    }

    // ---- certificates ----

    private static String certificateKey(String authority, CertificateNames names) {
        return "certificates/" + authority + "/" + names.key();
    }

    /**
     * Returns a certificate that covers all the names.
     *
     * @throws IOException if the storage cannot be asked
     */
    public Optional<StoredCertificate> certificate(String authority, CertificateNames names) throws IOException {
        return read(certificateKey(authority, names), Archive::certificate)
                .filter(stored -> stored.certificate().names().containsAll(names.texts()));
    }

    private static StoredCertificate certificate(Entry entry) {
        List<DomainName> names = Arrays.stream(entry.value("names").split(" ", -1))
                .map(DomainName::of)
                .toList();
        Certificate certificate = Certificates.parsePem(entry.text(), entry.text());
        return new StoredCertificate(
                entry.value("authority"),
                new CertificateNames(names),
                certificate,
                Instant.parse(entry.value("obtained")));
    }

    /**
     * Stores a certificate, as whoever holds its lock.
     *
     * @return false if the lock was lost, and nothing is stored
     * @throws IOException if the storage cannot be asked
     */
    public boolean store(StoredCertificate stored, AcmeStorage.Hold hold) throws IOException {
        Entry.Writer writer = new Entry.Writer()
                .line("authority", stored.authority())
                .line(
                        "names",
                        stored.names().names().stream().map(DomainName::text).collect(Collectors.joining(" ")))
                .line("obtained", stored.obtainedAt().toString())
                .line("not-after", stored.certificate().notAfter().toString())
                .block("PRIVATE KEY", stored.certificate().key().getEncoded());
        for (X509Certificate each : stored.certificate().chain()) {
            writer.certificate(each);
        }
        return hold.write(certificateKey(stored.authority(), stored.names()), writer.octets());
    }

    // ---- orders ----

    private static String orderKey(String authority, CertificateNames names) {
        return "orders/" + authority + "/" + names.key();
    }

    /**
     * Returns the order that was begun last.
     *
     * @throws IOException if the storage cannot be asked
     */
    public Optional<PendingOrder> order(String authority, CertificateNames names) throws IOException {
        return read(
                orderKey(authority, names),
                entry -> new PendingOrder(
                        URI.create(entry.value("location")),
                        entry.find("algorithm").isPresent() ? Optional.of(keys(entry)) : Optional.empty()));
    }

    /**
     * Remembers an order, as whoever holds the certificate's lock.
     *
     * @return false if the lock was lost, and nothing is stored
     * @throws IOException if the storage cannot be asked
     */
    public boolean remember(String authority, CertificateNames names, PendingOrder order, AcmeStorage.Hold hold)
            throws IOException {
        Entry.Writer writer =
                new Entry.Writer().line("location", order.location().toString());
        order.key().ifPresent(pair -> write(writer, pair));
        return hold.write(orderKey(authority, names), writer.octets());
    }

    /**
     * Forgets an order.
     *
     * @throws IOException if the storage cannot be asked
     */
    public void forgetOrder(String authority, CertificateNames names) throws IOException {
        storage.remove(orderKey(authority, names));
    }

    // ---- accounts ----

    private static String accountKey(String authority) {
        return "accounts/" + authority;
    }

    /**
     * Returns the account with an authority.
     *
     * @throws IOException if the storage cannot be asked
     */
    public Optional<Account> account(String authority) throws IOException {
        return read(
                accountKey(authority),
                entry -> new Account(keys(entry), entry.find("location").map(URI::create), entry.find("contact")));
    }

    /**
     * Stores the account with an authority.
     *
     * @throws IOException if the storage cannot be asked
     */
    public void store(String authority, Account account) throws IOException {
        Entry.Writer writer = new Entry.Writer();
        account.location().ifPresent(location -> writer.line("location", location.toString()));
        account.contact().ifPresent(contact -> writer.line("contact", contact));
        write(writer, account.key());
        storage.write(accountKey(authority), writer.octets());
    }

    private static void write(Entry.Writer writer, KeyPair pair) {
        writer.line("algorithm", pair.getPrivate().getAlgorithm()).keys(pair);
    }

    private static KeyPair keys(Entry entry) throws GeneralSecurityException {
        String algorithm = entry.value("algorithm");
        Matcher matcher = PRIVATE_KEY.matcher(entry.text());
        if (!matcher.find()) {
            throw new IllegalArgumentException("private key: missing (expected: PKCS#8 in PEM)");
        }
        byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
        PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        return new KeyPair(entry.publicKey(algorithm), key);
    }
}
