package io.lb4j.dns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One question: asked of the servers in turn until one answers, and of aliases until there is no further one. Immutable; what is under
 * way is confined to the client's event loop.
 *
 * @param <R> what a record holds
 */
final class DnsQuery<R> {
    /** With one server alone a datagram may be lost. */
    private static final int MIN_TRIES = 2;

    private static final int MAX_ALIASES = 8;
    private static final int SOA_TRAILER = 20;

    private final DnsClient client;
    private final DnsRecordType type;
    private final Function<ByteBuf, R> reader;

    DnsQuery(DnsClient client, DnsRecordType type, Function<ByteBuf, R> reader) {
        this.client = client;
        this.type = type;
        this.reader = reader;
    }

    /** What one server has said. */
    private record Reply<R>(DnsAnswer<R> answer, @Nullable String alias) {}

    CompletionStage<DnsAnswer<R>> ask(String name) {
        return follow(name, Duration.ofSeconds(Integer.MAX_VALUE), MAX_ALIASES);
    }

    /** Asks for a name, and for what it is an alias of where the server has not said that too. */
    private CompletionStage<DnsAnswer<R>> follow(String name, Duration soFar, int aliasesLeft) {
        CompletableFuture<Reply<R>> reply = new CompletableFuture<>();
        List<InetSocketAddress> servers = client.serversFor(name);
        ask(name, servers, 0, reply);
        return reply.thenCompose(said -> {
            Duration lifetime = shorter(soFar, said.answer().timeToLive());
            if (said.alias() == null) {
                DnsAnswer<R> answer = said.answer();
                return CompletableFuture.completedStage(
                        new DnsAnswer<>(answer.status(), answer.records(), lifetime, false));
            }
            if (aliasesLeft == 0) {
                return CompletableFuture.failedStage(new DnsFailure(
                        DnsFailure.Kind.SERVER_FAILURE, name + ": more than " + MAX_ALIASES + " aliases in a row"));
            }
            return follow(said.alias(), lifetime, aliasesLeft - 1);
        });
    }

    private void ask(String name, List<InetSocketAddress> servers, int tries, CompletableFuture<Reply<R>> reply) {
        InetSocketAddress server = servers.get(tries % servers.size());
        client.resolver()
                .query(server, new DefaultDnsQuestion(name + ".", type))
                .addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked) -> {
                    DnsFailure failure = judge(name, server, asked, reply);
                    if (failure == null) {
                        return;
                    }
                    if (tries + 1 < Math.max(MIN_TRIES, servers.size())) {
                        ask(name, servers, tries + 1, reply);
                    } else {
                        reply.completeExceptionally(failure);
                    }
                });
    }

    /** Completes the reply, or returns why that cannot be done by what this server says. */
    private @Nullable DnsFailure judge(
            String name,
            InetSocketAddress server,
            Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked,
            CompletableFuture<Reply<R>> reply) {
        if (!asked.isSuccess()) {
            boolean late = asked.cause() instanceof DnsNameResolverTimeoutException;
            DnsFailure.Kind kind = late ? DnsFailure.Kind.TIMED_OUT : DnsFailure.Kind.UNREACHABLE;
            return new DnsFailure(kind, subject(name, server) + asked.cause().getMessage(), asked.cause());
        }
        AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = asked.getNow();
        try {
            DnsResponse response = envelope.content();
            DnsResponseCode code = response.code();
            if (code.equals(DnsResponseCode.NOERROR)) {
                reply.complete(read(name, response));
            } else if (code.equals(DnsResponseCode.NXDOMAIN)) {
                reply.complete(
                        new Reply<>(DnsAnswer.none(DnsAnswer.Status.NO_SUCH_NAME, negativeLifetime(response)), null));
            } else {
                boolean refused = code.equals(DnsResponseCode.REFUSED);
                return new DnsFailure(
                        refused ? DnsFailure.Kind.REFUSED : DnsFailure.Kind.SERVER_FAILURE,
                        subject(name, server) + code);
            }
            return null;
        } catch (RuntimeException e) {
            // What the server sent is not what its own counts and lengths say.
            return new DnsFailure(DnsFailure.Kind.UNREACHABLE, subject(name, server) + e.getMessage(), e);
        } finally {
            envelope.release();
        }
    }

    private String subject(String name, InetSocketAddress server) {
        return name + " " + type.name() + " asked of " + server + ": ";
    }

    /** Reads the records of the name, or of what it is an alias of, in whatever order they stand. */
    private Reply<R> read(String name, DnsResponse response) {
        String owner = name;
        long seconds = Integer.MAX_VALUE;
        for (int aliases = 0; aliases < MAX_ALIASES; aliases++) {
            List<R> records = new ArrayList<>();
            for (DnsRawRecord record : answersOf(response, owner, type)) {
                records.add(reader.apply(record.content()));
                seconds = Math.min(seconds, record.timeToLive());
            }
            if (!records.isEmpty()) {
                return new Reply<>(DnsAnswer.of(records, Duration.ofSeconds(seconds)), null);
            }
            List<DnsRawRecord> alias = answersOf(response, owner, DnsRecordType.CNAME);
            if (alias.isEmpty()) {
                break;
            }
            owner = RecordReaders.name(alias.get(0).content());
            seconds = Math.min(seconds, alias.get(0).timeToLive());
        }
        boolean aliased = !owner.equalsIgnoreCase(name);
        Duration lifetime = aliased ? Duration.ofSeconds(seconds) : negativeLifetime(response);
        return new Reply<>(DnsAnswer.none(DnsAnswer.Status.NO_RECORDS, lifetime), aliased ? owner : null);
    }

    private static List<DnsRawRecord> answersOf(DnsResponse response, String owner, DnsRecordType wanted) {
        List<DnsRawRecord> answers = new ArrayList<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord answer = response.recordAt(DnsSection.ANSWER, i);
            if (answer instanceof DnsRawRecord record && record.type().equals(wanted) && isOf(record, owner)) {
                answers.add(record);
            }
        }
        return answers;
    }

    private static boolean isOf(DnsRecord record, String owner) {
        String name = record.name();
        return name.length() == owner.length() + 1
                && name.endsWith(".")
                && name.regionMatches(true, 0, owner, 0, owner.length());
    }

    /** RFC 2308 §5: the lesser of the SOA record's own time to live and the last of its fields. */
    private static Duration negativeLifetime(DnsResponse response) {
        for (int i = 0; i < response.count(DnsSection.AUTHORITY); i++) {
            DnsRecord authority = response.recordAt(DnsSection.AUTHORITY, i);
            if (authority instanceof DnsRawRecord soa
                    && soa.type().equals(DnsRecordType.SOA)
                    && soa.content().readableBytes() > SOA_TRAILER) {
                long minimum = soa.content().getUnsignedInt(soa.content().writerIndex() - Integer.BYTES);
                return Duration.ofSeconds(Math.min(minimum, soa.timeToLive()));
            }
        }
        return Duration.ZERO;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
