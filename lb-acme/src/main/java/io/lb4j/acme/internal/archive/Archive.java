package io.lb4j.acme.internal.archive;

import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.Certificates;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What is in the storage, as objects. A certificate is one value, key and chain together, so that no crash leaves the one without the other.
 * What cannot be read is as good as not there, and a warning. Thread-safe.
 */
public final class Archive {
    private final AcmeStorage storage;
    private final Values values;
    private final AccountBook accounts;

    /** What has been read, since to check that a key and a certificate are a pair takes milliseconds. */
    private final Map<String, Read> certificatesRead = new ConcurrentHashMap<>();

    private record Read(ByteBuffer stored, Optional<StoredCertificate> certificate) {}

    /** Creates an archive. */
    public Archive(AcmeStorage storage) {
        this.storage = storage;
        this.values = new Values(storage);
        this.accounts = new AccountBook(storage, values);
    }

    /** Returns the storage. */
    public AcmeStorage storage() {
        return storage;
    }

    /** Returns what is stored of accounts. */
    public AccountBook accounts() {
        return accounts;
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
        String key = certificateKey(authority, names);
        Optional<byte[]> value = storage.read(key);
        if (value.isEmpty()) {
            certificatesRead.remove(key); // handshakes ask for whatever names they like: nothing stays of those
            return Optional.empty();
        }
        ByteBuffer stored = ByteBuffer.wrap(value.get());
        Read known = certificatesRead.get(key);
        if (known == null || !known.stored.equals(stored)) {
            known = new Read(
                    stored,
                    Values.parse(key, value.get(), Archive::certificate)
                            .filter(read -> names.areAmong(read.certificate().names())));
            certificatesRead.put(key, known);
        }
        return known.certificate;
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
        return values.read(
                orderKey(authority, names),
                entry -> new PendingOrder(
                        entry.find("location").map(URI::create),
                        entry.find("algorithm").isPresent() ? Optional.of(entry.keys()) : Optional.empty()));
    }

    /**
     * Remembers an order, as whoever holds the certificate's lock.
     *
     * @return false if the lock was lost, and nothing is stored
     * @throws IOException if the storage cannot be asked
     */
    public boolean remember(String authority, CertificateNames names, PendingOrder order, AcmeStorage.Hold hold)
            throws IOException {
        Entry.Writer writer = new Entry.Writer().line("names", names.toString());
        order.location().ifPresent(location -> writer.line("location", location.toString()));
        order.key().ifPresent(writer::pair);
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

    // ---- renewal ----

    private static final String HOLD = "not-before+";

    private static String renewalKey(CertificateNames names) {
        return "renewals/" + names.key();
    }

    /**
     * Returns what is known about a certificate's renewal.
     *
     * @throws IOException if the storage cannot be asked
     */
    public RenewalState renewal(CertificateNames names) throws IOException {
        return values.read(renewalKey(names), Archive::renewal).orElse(RenewalState.NONE);
    }

    private static RenewalState renewal(Entry entry) {
        Optional<RenewalWindow> window = entry.find("window-start")
                .map(start -> new RenewalWindow(
                        Instant.parse(start),
                        Instant.parse(entry.value("window-end")),
                        Instant.parse(entry.value("ask-again"))));
        return new RenewalState(
                entry.value("serial"),
                window,
                entry.find("revoked").isPresent(),
                Integer.parseInt(entry.value("failures")),
                Instant.parse(entry.value("not-before")),
                entry.find("hurried").map(Integer::valueOf).orElse(0),
                entry.below(HOLD).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, each -> Instant.parse(each.getValue()))));
    }

    /**
     * Stores what is known about a certificate's renewal.
     *
     * @throws IOException if the storage cannot be asked
     */
    public void store(CertificateNames names, RenewalState state) throws IOException {
        Entry.Writer writer = new Entry.Writer()
                .line("serial", state.serial())
                .line("failures", Integer.toString(state.failures()))
                .line("not-before", state.notBefore().toString());
        state.window()
                .ifPresent(window -> writer.line("window-start", window.start().toString())
                        .line("window-end", window.end().toString())
                        .line("ask-again", window.askAgain().toString()));
        if (state.isRevoked()) {
            writer.line("revoked", "yes");
        }
        if (state.hurried() > 0) {
            writer.line("hurried", Integer.toString(state.hurried()));
        }
        state.holds().forEach((authority, until) -> writer.line(HOLD + authority, until.toString()));
        storage.write(renewalKey(names), writer.octets());
    }

    /**
     * Puts a key aside that may be in other hands, for those who find out how.
     *
     * @throws IOException if the storage cannot be asked
     */
    public void quarantine(StoredCertificate stored) throws IOException {
        Entry.Writer writer = new Entry.Writer()
                .line("authority", stored.authority())
                .line("serial", stored.serial())
                .block("PRIVATE KEY", stored.certificate().key().getEncoded())
                .certificate(stored.certificate().chain().get(0));
        storage.write("quarantine/" + stored.names().key() + "/" + stored.serial(), writer.octets());
    }

    // ---- what instances tell one another ----

    private static final String CHALLENGES = "challenges/";
    private static final String VERSION = "version";

    private static String challengeKey(String type, String token) {
        // Tokens tell upper from lower case (RFC 8555 §8.3), and keys do not.
        byte[] octets = token.getBytes(StandardCharsets.UTF_8);
        return CHALLENGES + type + "/" + HexFormat.of().formatHex(octets);
    }

    /**
     * Lets other instances answer a challenge too.
     *
     * @throws IOException if the storage cannot be asked
     */
    public void publish(SharedChallenge challenge) throws IOException {
        byte[] value = new Entry.Writer()
                .line("type", challenge.type())
                .line("name", challenge.name().text())
                .line("token", challenge.token())
                .line("key-authorization", challenge.keyAuthorization())
                .line("published", challenge.publishedAt().toString())
                .octets();
        storage.write(challengeKey(challenge.type(), challenge.token()), value);
    }

    /**
     * Lets nobody answer a challenge any more; unless somebody else has published it meanwhile, who goes on with the order.
     *
     * @throws IOException if the storage cannot be asked
     */
    public void withdraw(SharedChallenge challenge) throws IOException {
        String key = challengeKey(challenge.type(), challenge.token());
        if (values.read(key, Archive::challenge).equals(Optional.of(challenge))) {
            storage.remove(key);
        }
    }

    /**
     * Returns the challenges that instances want to have answered.
     *
     * @throws IOException if the storage cannot be asked
     */
    public List<SharedChallenge> challenges() throws IOException {
        List<SharedChallenge> all = new ArrayList<>();
        for (String key : storage.keys(CHALLENGES)) {
            values.read(key, Archive::challenge).ifPresent(all::add);
        }
        return all;
    }

    private static SharedChallenge challenge(Entry entry) {
        return new SharedChallenge(
                entry.value("type"),
                DomainName.of(entry.value("name")),
                entry.value("token"),
                entry.value("key-authorization"),
                Instant.parse(entry.value("published")));
    }

    /**
     * Says that there is another certificate, to those who look for that alone.
     *
     * @throws IOException if the storage cannot be asked
     */
    public void touch() throws IOException {
        storage.write(VERSION, UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Returns what changes with each certificate.
     *
     * @throws IOException if the storage cannot be asked
     */
    public String version() throws IOException {
        return storage.read(VERSION)
                .map(value -> new String(value, StandardCharsets.US_ASCII))
                .orElse("");
    }
}
