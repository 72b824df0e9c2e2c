package io.lb4j.acme.internal.lookup;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks DNS servers and waits for what they say; nothing is cached. Thread-safe; has one event loop of its own, which does nothing but this.
 */
public final class Lookup implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long QUIET_MILLIS = 0;
    private static final long END_MILLIS = 2_000;

    private final EventLoopGroup group;
    private final DnsNameResolver resolver;

    private final Duration patience;

    /** Opens sockets; each question is waited for five seconds. */
    public Lookup() {
        this(PATIENCE);
    }

    Lookup(Duration patience) {
        this.patience = patience;
        group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("lb4j-acme-dns", true), NioIoHandler.newFactory());
        resolver = new DnsNameResolverBuilder(group.next())
                .datagramChannelFactory(NioDatagramChannel::new)
                .socketChannelFactory(NioSocketChannel::new)
                .queryTimeoutMillis(patience.toMillis())
                .maxQueriesPerResolve(1)
                .build();
    }

    /** Returns the resolvers that the system is set to ask; at least one. */
    public static List<InetSocketAddress> systemResolvers() {
        DnsServerAddressStream stream =
                DnsServerAddressStreamProviders.platformDefault().nameServerAddressStream("");
        List<InetSocketAddress> resolvers = new ArrayList<>();
        for (int i = 0; i < stream.size(); i++) {
            resolvers.add(stream.next());
        }
        return resolvers;
    }

    /** How one record is read; empty for one of another type. */
    private interface Reader {
        List<String> read(DnsRecord record, ByteBuf content);
    }

    /**
     * Returns the TXT records of a name, those that an alias leads to included.
     *
     * @throws IOException if the server does not answer, or refuses; that there is nothing is an answer
     * @throws InterruptedException if the balancer closes
     */
    public List<String> texts(InetSocketAddress server, String name) throws IOException, InterruptedException {
        return ask(server, name, DnsRecordType.TXT, (record, content) -> {
            StringBuilder text = new StringBuilder();
            while (content.isReadable()) {
                int length = content.readUnsignedByte();
                text.append(content.readCharSequence(length, StandardCharsets.ISO_8859_1));
            }
            return List.of(text.toString());
        });
    }

    /**
     * Returns the name that another one is an alias of.
     *
     * @return none or one
     * @throws IOException if the server does not answer, or refuses
     * @throws InterruptedException if the balancer closes
     */
    public List<String> alias(InetSocketAddress server, String name) throws IOException, InterruptedException {
        return ask(server, name, DnsRecordType.CNAME, Lookup::name);
    }

    /**
     * Returns the names of the servers that a zone begins with at a name.
     *
     * @return none if no zone begins there
     * @throws IOException if the server does not answer, or refuses
     * @throws InterruptedException if the balancer closes
     */
    public List<String> authorities(InetSocketAddress server, String name) throws IOException, InterruptedException {
        return ask(server, name, DnsRecordType.NS, Lookup::name);
    }

    /**
     * Returns the addresses of a name, as texts.
     *
     * @param type A or AAAA
     * @throws IOException if the server does not answer, or refuses
     * @throws InterruptedException if the balancer closes
     */
    public List<String> addresses(InetSocketAddress server, String name, DnsRecordType type)
            throws IOException, InterruptedException {
        return ask(
                server,
                name,
                type,
                (record, content) -> List.of(NetUtil.bytesToIpAddress(ByteBufUtil.getBytes(content))));
    }

    private static List<String> name(DnsRecord record, ByteBuf content) {
        return List.of(plain(DefaultDnsRecordDecoder.decodeName(content)));
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private List<String> ask(InetSocketAddress server, String name, DnsRecordType type, Reader reader)
            throws IOException, InterruptedException {
        Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked =
                resolver.query(server, new DefaultDnsQuestion(name + ".", type));
        AddressedEnvelope<DnsResponse, InetSocketAddress> answer;
        try {
            answer = asked.get(patience.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(server + " does not answer about " + name + ": " + e.getCause(), e);
        }
        try {
            DnsResponseCode code = answer.content().code();
            if (!code.equals(DnsResponseCode.NOERROR) && !code.equals(DnsResponseCode.NXDOMAIN)) {
                throw new IOException(server + " answers " + code + " about " + name + " (expected: records, or none)");
            }
            return records(answer.content(), type, reader);
        } finally {
            answer.release();
        }
    }

    private static List<String> records(DnsResponse response, DnsRecordType type, Reader reader) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().equals(type) && record instanceof ByteBufHolder holder) {
                found.addAll(reader.read(record, holder.content().duplicate()));
            }
        }
        return found;
    }

    @Override
    public void close() {
        resolver.close();
        group.shutdownGracefully(QUIET_MILLIS, END_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(END_MILLIS);
    }
}
