package io.lb4j.acme.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** Puts records by dynamic updates (RFC 2136), signed with a shared key (TSIG, RFC 8945). Thread-safe. */
final class Rfc2136Provider implements DnsProvider {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TIME_TO_LIVE_SECONDS = 60;

    private final InetSocketAddress server;
    private final Optional<Key> key;

    /**
     * A key that the server knows too.
     *
     * @param algorithm as BIND has it: {@code hmac-sha256}
     * @param name of the key
     * @param secret in base64
     */
    record Key(String algorithm, String name, String secret) {}

    Rfc2136Provider(InetSocketAddress server, Optional<Key> key) {
        this.server = server;
        this.key = key;
    }

    @Override
    public void add(TxtRecord record) throws IOException {
        Update update = new Update(zone(record));
        update.add(txt(record));
        send(record, update);
    }

    @Override
    public void remove(TxtRecord record) throws IOException {
        Update update = new Update(zone(record));
        update.delete(txt(record));
        send(record, update);
    }

    private SimpleResolver resolver() throws IOException {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(PATIENCE);
        resolver.setTCP(true);
        key.ifPresent(one -> resolver.setTSIGKey(
                new TSIG(one.algorithm.endsWith(".") ? one.algorithm : one.algorithm + ".", one.name, one.secret)));
        return resolver;
    }

    /** Asks the server which of its zones a name is in: the answer to any question about it names that (RFC 2308 §2). */
    private Name zone(TxtRecord record) throws IOException {
        SimpleResolver plain = new SimpleResolver(server);
        plain.setTimeout(PATIENCE);
        plain.setTCP(true);
        Message question =
                Message.newQuery(org.xbill.DNS.Record.newRecord(name(record.absoluteName()), Type.SOA, DClass.IN));
        Message answer = plain.send(question);
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (org.xbill.DNS.Record each : answer.getSection(section)) {
                if (each instanceof SOARecord) {
                    return each.getName();
                }
            }
        }
        throw new IOException(server + ": no zone for " + record.name() + ", " + Rcode.string(answer.getRcode())
                + " (expected: a server that is the authority for it)");
    }

    private static TXTRecord txt(TxtRecord record) throws IOException {
        return new TXTRecord(name(record.absoluteName()), DClass.IN, TIME_TO_LIVE_SECONDS, record.value());
    }

    private static Name name(String absolute) throws IOException {
        return Name.fromString(absolute);
    }

    private void send(TxtRecord record, Update update) throws IOException {
        Message answer = resolver().send(update);
        if (answer.getRcode() != Rcode.NOERROR) {
            throw new IOException(server + " refuses to change " + record.name() + ": "
                    + Rcode.string(answer.getRcode()) + " (expected: NOERROR; is the key allowed to?)");
        }
    }
}
