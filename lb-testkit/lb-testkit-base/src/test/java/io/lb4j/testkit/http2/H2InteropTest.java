package io.lb4j.testkit.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.Payload;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The kit's HTTP/2 against implementations that share no code with it. */
class H2InteropTest {
    @Test
    void theJdksClientTalksToTheScriptedUpstream() throws Exception {
        TestCertificates authority = TestCertificates.create();
        long size = 1 << 20;
        try (ScriptedH2Upstream upstream = ScriptedH2Upstream.start(script -> {
            script.tls(ServerTls.with(authority.server("localhost", "127.0.0.1")));
            script.on("/down").headers(200).payload(size).end();
            script.onAny().echo();
        })) {
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(ClientTls.trusting(authority).context())
                    .build();
            URI base = URI.create("https://localhost:" + upstream.port());
            byte[] body = Payload.bytes(300_000);

            HttpResponse<byte[]> echo = client.send(
                    HttpRequest.newBuilder(base.resolve("/echo"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            HttpResponse<byte[]> down = client.send(
                    HttpRequest.newBuilder(base.resolve("/down")).build(), HttpResponse.BodyHandlers.ofByteArray());

            assertThat(echo.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(echo.body()).isEqualTo(body);
            assertThat(down.body()).isEqualTo(Payload.bytes((int) size));
            assertThat(upstream.violations()).isEmpty();
            assertThat(upstream.connections().accepted()).isEqualTo(1);
        }
    }

    @Test
    void curlTalksToTheScriptedUpstreamByPriorKnowledge() throws Exception {
        try (ScriptedH2Upstream upstream =
                ScriptedH2Upstream.start(script -> script.onAny().answer(200, "hello curl"))) {
            String url = "http://127.0.0.1:" + upstream.port() + "/";
            Process curl = new ProcessBuilder(List.of("curl", "-sS", "-m", "10", "--http2-prior-knowledge", url))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Assumptions.assumeFalse(output.contains("does not support"), output);

            assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output).isEqualTo("hello curl");
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @Test
    void theRawClientTalksToNettysServer() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel server = nettyServer(group);
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            try (RawH2Client client = RawH2Client.connect(port)) {
                int stream = client.open(client.head("POST", "/x"), false);
                client.payload(stream, 200_000);
                H2Response response = client.awaitResponse(stream);

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.headers().first("x-method")).contains("POST");
                assertThat(response.body().crc32c()).isEqualTo(Payload.crc32c(200_000));
                assertThat(client.ping().violations()).isEmpty();

                client.send(Frame.windowUpdate(0, 0));
                assertThat(client.awaitGoAway().error()).isEqualTo(H2Error.PROTOCOL_ERROR);
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void theRawClientSendsFieldsThatNettyRefuses() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel server = nettyServer(group);
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            try (RawH2Client client = RawH2Client.connect(port)) {
                Fields wrong = client.head("GET", "/").and("Upper", "case");

                assertThat(client.awaitReset(client.open(wrong, true))).isEqualTo(H2Error.PROTOCOL_ERROR);
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static Channel nettyServer(EventLoopGroup group) throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forServer().build())
                                .addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new EchoStream());
                                    }
                                }));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    private static final class EchoStream extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2HeadersFrame head) {
                var headers = new DefaultHttp2Headers().status("200");
                headers.add("x-method", head.headers().method());
                var unused = ctx.writeAndFlush(new DefaultHttp2HeadersFrame(headers, head.isEndStream()));
                return;
            }
            if (message instanceof Http2DataFrame data) {
                var unused = ctx.writeAndFlush(data);
                return;
            }
            ReferenceCountUtil.release(message);
        }
    }
}
