package io.lb4j.internal.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.internal.codec.ServerConnection;
import io.lb4j.internal.loop.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;

/** Answers every request with the name of its protocol, by Netty's own codecs. */
final class AnsweringProtocols implements ServerProtocols {
    @Override
    public ServerConnection http1(Channel channel, LoopContext loop, ConnectionInfo connection) {
        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1024), new Http1Answers());
        return new Closing(channel);
    }

    @Override
    public ServerConnection http2(Channel channel, LoopContext loop, ConnectionInfo connection) {
        channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build(), new Http2Answers());
        return new Closing(channel);
    }

    private static ByteBuf body(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    private static final class Http1Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            DefaultFullHttpResponse answer =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body("HTTP/1.1"));
            answer.headers().set("content-length", answer.content().readableBytes());
            ctx.writeAndFlush(answer);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // the client has aborted, as it may
        }
    }

    private static final class Http2Answers extends SimpleChannelInboundHandler<Http2StreamFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
            if (frame instanceof Http2HeadersFrame headers && headers.isEndStream()) {
                ctx.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")).stream(frame.stream()));
                ctx.writeAndFlush(new DefaultHttp2DataFrame(body("HTTP/2"), true).stream(frame.stream()));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // the client has aborted, as it may
        }
    }

    private record Closing(Channel channel) implements ServerConnection {
        @Override
        public void drain() {
            channel.close();
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
