package io.lb4j.dns;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Asks DNS servers, without blocking: over UDP, and over TCP where an answer does not fit. Each call asks anew; nothing is cached, for the
 * answer says how long it holds. The system's hosts file comes first. Thread-safe; results come on the client's event loop.
 */
public final class DnsClient implements AutoCloseable {
    /** The file of hosts does not expire: whoever changes it has the balancer look again in this time at the latest. */
    private static final Duration HOSTS_FILE_LIFETIME = Duration.ofMinutes(1);

    private final DnsSettings settings;
    private final DnsNameResolver resolver;
    private final Map<String, String> found = Collections.synchronizedMap(new Completions());
    private final DefaultHostsFileEntriesResolver hostsFile = new DefaultHostsFileEntriesResolver();

    /**
     * What sockets are made of.
     *
     * @param eventLoop where they work
     * @param datagrams makes UDP sockets of the event loop's transport
     * @param streams makes TCP sockets of the event loop's transport
     */
    public record Transport(
            EventLoop eventLoop,
            ChannelFactory<? extends DatagramChannel> datagrams,
            ChannelFactory<? extends SocketChannel> streams) {}

    private DnsClient(DnsSettings settings, Transport transport) {
        this.settings = settings;
        resolver = new DnsNameResolverBuilder(transport.eventLoop())
                .datagramChannelFactory(transport.datagrams())
                .socketChannelFactory(transport.streams())
                .queryTimeoutMillis(settings.times().query().toMillis())
                .build();
    }

    /** Opens a client. */
    public static DnsClient open(DnsSettings settings, Transport transport) {
        return new DnsClient(settings, transport);
    }

    /** Returns whom it asks, and how long what it hears holds. */
    public DnsSettings settings() {
        return settings;
    }

    /**
     * Asks for the addresses of a name; those of IPv4 come first. Addresses that the {@linkplain DnsSettings#guard() guard} refuses are
     * among them: refusing, and saying so, is up to the caller.
     *
     * @return fails with {@link DnsFailure} if it could not be found out
     */
    public CompletionStage<DnsAnswer<InetAddress>> addresses(String name) {
        Optional<List<InetAddress>> known = addressesOnFile(name);
        if (known.isPresent()) {
            return CompletableFuture.completedStage(DnsAnswer.of(known.get(), HOSTS_FILE_LIFETIME));
        }
        return search(name, this::addressesOf);
    }

    /**
     * Asks for the services under a name such as {@code _http._tcp.example.com}, as they stand: by neither priority nor weight.
     *
     * @return fails with {@link DnsFailure} if it could not be found out
     */
    public CompletionStage<DnsAnswer<ServiceRecord>> services(String name) {
        return search(name, complete -> new DnsQuery<>(this, DnsRecordType.SRV, RecordReaders::service).ask(complete));
    }

    /** Lets go of the client's sockets; queries under way fail. Idempotent. */
    @Override
    public void close() {
        resolver.close();
    }

    DnsNameResolver resolver() {
        return resolver;
    }

    /** Returns who is asked about a name, in order; at least one. */
    List<InetSocketAddress> serversFor(String name) {
        if (!settings.servers().isEmpty()) {
            return settings.servers();
        }
        DnsServerAddressStream stream =
                DnsServerAddressStreamProviders.platformDefault().nameServerAddressStream(name);
        List<InetSocketAddress> servers = new ArrayList<>();
        for (int i = 0; i < stream.size(); i++) {
            servers.add(stream.next());
        }
        return servers;
    }

    private Optional<List<InetAddress>> addressesOnFile(String name) {
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(name);
        if (octets != null) {
            return Optional.of(List.of(RecordReaders.address(octets)));
        }
        ResolvedAddressTypes types = switch (settings.families()) {
            case BOTH -> ResolvedAddressTypes.IPV4_PREFERRED;
            case IPV4 -> ResolvedAddressTypes.IPV4_ONLY;
            case IPV6 -> ResolvedAddressTypes.IPV6_ONLY;
        };
        return Optional.ofNullable(hostsFile.addresses(name, types)).filter(known -> !known.isEmpty());
    }

    private CompletionStage<DnsAnswer<InetAddress>> addressesOf(String name) {
        return switch (settings.families()) {
            case IPV4 -> addressesOf(name, DnsRecordType.A);
            case IPV6 -> addressesOf(name, DnsRecordType.AAAA);
            case BOTH -> {
                CompletionStage<DnsAnswer<InetAddress>> six = addressesOf(name, DnsRecordType.AAAA);
                yield attempted(addressesOf(name, DnsRecordType.A))
                        .thenCombine(attempted(six), Attempt::both)
                        .thenCompose(Attempt::stage);
            }
        };
    }

    private CompletionStage<DnsAnswer<InetAddress>> addressesOf(String name, DnsRecordType type) {
        return new DnsQuery<>(this, type, RecordReaders::address).ask(name);
    }

    private static CompletionStage<Attempt> attempted(CompletionStage<DnsAnswer<InetAddress>> stage) {
        return stage.handle(
                (answer, failure) -> new Attempt(Optional.ofNullable(answer), Optional.ofNullable(failure)));
    }

    /** What came of one question: an answer or a failure. */
    private record Attempt(Optional<DnsAnswer<InetAddress>> answer, Optional<Throwable> failure) {
        /** Makes one of two families. One alone will do where it has addresses: servers that fail on the other are common. */
        static Attempt both(Attempt four, Attempt six) {
            if (four.answer.isPresent() && six.answer.isPresent()) {
                return new Attempt(Optional.of(union(four.answer.get(), six.answer.get())), Optional.empty());
            }
            Attempt answered = four.answer.isPresent() ? four : six;
            return answered.answer
                    .filter(answer -> answer.status() == DnsAnswer.Status.FOUND)
                    .map(answer -> new DnsAnswer<>(answer.status(), answer.records(), answer.timeToLive(), true))
                    .map(partial -> new Attempt(Optional.of(partial), Optional.empty()))
                    .orElseGet(() -> new Attempt(Optional.empty(), four.failure.or(six::failure)));
        }

        private static DnsAnswer<InetAddress> union(DnsAnswer<InetAddress> four, DnsAnswer<InetAddress> six) {
            if (four.records().isEmpty()) {
                return six;
            }
            if (six.records().isEmpty()) {
                return four;
            }
            List<InetAddress> all = new ArrayList<>(four.records());
            all.addAll(six.records());
            boolean fourFirst = four.timeToLive().compareTo(six.timeToLive()) < 0;
            return DnsAnswer.of(all, fourFirst ? four.timeToLive() : six.timeToLive());
        }

        CompletionStage<DnsAnswer<InetAddress>> stage() {
            return answer.map(CompletableFuture::completedStage)
                    .orElseGet(() -> CompletableFuture.failedStage(unwrapped(failure.orElseThrow())));
        }
    }

    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private <R> CompletionStage<DnsAnswer<R>> search(
            String name, Function<String, CompletionStage<DnsAnswer<R>>> question) {
        return new NameSearch<>(name, settings.search(), found, question).ask();
    }

    /** Remembers of so many names, those that were found last, which completion was there. */
    private static final class Completions extends LinkedHashMap<String, String> {
        private static final long serialVersionUID = 1L;
        private static final int MOST = 10_000;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    }
}
