package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.http.RequestHead;
import io.lb4j.http3.H3Client.H3Frame;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3MaxPushIdFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3PushPromiseFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Pushes with Netty's client, the one here whose library knows of them. Its push streams are read by hand all the same: the initializer that is made for them takes every
 * stream of a server for a mistake (4.2.18).
 */
final class NettyPushTest {
    private static final int MOST_PUSH_ID = 1_000;

    /** Pushes a style sheet with each page. */
    private static final class Pusher implements Plugin {
        @Override
        public String name() {
            return "pusher";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Filter filter(FilterExchange made) {
            return new Filter() {
                @Override
                public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                    exchange.push(new RequestHead().target("/style.css"));
                    return Verdict.CONTINUE;
                }
            };
        }
    }

    private final BlockingQueue<Http3PushPromiseFrame> promises = new LinkedBlockingQueue<>();
    private final Map<Long, byte[]> pushes = new ConcurrentHashMap<>();

    /** Notes promises, and throws the response away. */
    private final class Response extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http3PushPromiseFrame promise) {
                promises.add(promise);
            }
            ReferenceCountUtil.release(frame);
        }
    }

    /** Keeps what comes on a push stream, and hands it on at its end. */
    private final class PushedOctets extends ChannelInboundHandlerAdapter {
        private final long id;
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        PushedOctets(long id) {
            this.id = id;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            octets.writeBytes(ByteBufUtil.getBytes((ByteBuf) message));
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                pushes.put(id, octets.toByteArray());
            }
        }
    }

    private QuicChannel connect(EventLoopGroup group, int port) throws Exception {
        ChannelHandler codec = Http3.newQuicClientCodecBuilder()
                .sslContext(QuicSslContextBuilder.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .applicationProtocols("h3")
                        .build())
                .maxIdleTimeout(30, TimeUnit.SECONDS)
                .initialMaxData(1 << 20)
                .initialMaxStreamDataBidirectionalLocal(1 << 20)
                .initialMaxStreamDataUnidirectional(1 << 20)
                .initialMaxStreamsUnidirectional(100)
                .build();
        Channel socket = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(codec)
                .bind(0)
                .sync()
                .channel();
        return QuicChannel.newBootstrap(socket)
                .handler(new Http3ClientConnectionHandler(null, PushedOctets::new, null, null, true))
                .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .connect()
                .get(30, TimeUnit.SECONDS);
    }

    private void ask(QuicChannel connection) throws Exception {
        QuicStreamChannel stream =
                Http3.newRequestStream(connection, new Response()).get(30, TimeUnit.SECONDS);
        Http3HeadersFrame head = new DefaultHttp3HeadersFrame();
        head.headers().method("GET").scheme("https").authority("localhost").path("/");
        stream.writeAndFlush(head).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    }

    @Test
    void itsClientIsPromisedAPushAndGetsIt() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "body {}"));
                Edge edge = Edge.before(
                        upstream,
                        io.lb4j.http3.Http3.of(http3 -> http3.maxPushes(5)),
                        listener -> {},
                        builder -> builder.plugin(new Pusher()))) {
            QuicChannel connection = connect(group, edge.port());
            await().until(() -> Http3.getLocalControlStream(connection) != null);
            Objects.requireNonNull(Http3.getLocalControlStream(connection))
                    .writeAndFlush(new DefaultHttp3MaxPushIdFrame(MOST_PUSH_ID));
            AtomicReference<Http3PushPromiseFrame> promise = new AtomicReference<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                ask(connection);
                promise.set(promises.poll(200, TimeUnit.MILLISECONDS));
                return promise.get() != null;
            });
            assertThat(promise.get().id()).isZero();
            assertThat(promise.get().headers().path()).hasToString("/style.css");

            await().until(() -> pushes.containsKey(0L));
            ByteArrayInputStream octets = new ByteArrayInputStream(pushes.get(0L));
            assertThat(H3Client.fields(H3Frame.read(octets).payload())).contains(Map.entry(":status", "200"));
            assertThat(H3Frame.read(octets).payload()).asString().isEqualTo("body {}");
            connection.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }
}
