package io.lb4j.server.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: one request after the other, each let in by its head before its body is read, and the next not before the last has been answered. Confined to the
 * event loop.
 */
final class AdminConnection extends SimpleChannelInboundHandler<HttpObject> {
    /** Octets beyond which the body of a configuration is refused. */
    static final int MAX_CONFIGURATION = 4 << 20;

    /** Octets beyond which any other body is refused. */
    static final int MAX_BODY = 64 << 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(AdminConnection.class);

    private final AdminDesk desk;
    private @Nullable Pending pending; // the request that is being read or answered
    private @Nullable ChannelHandlerContext context; // once it is part of a pipeline
    private long waitingSinceNanos = System.nanoTime();
    private boolean isAnswering;
    private boolean isStreaming;
    private boolean isDismissed; // what it has asked for is the last that is answered
    private boolean isOver; // nothing more is read

    AdminConnection(AdminDesk desk) {
        this.desk = desk;
    }

    /** A request that has been let in. */
    private record Pending(
            AdminRoute route, AdminRequest request, ByteArrayOutputStream body, boolean isHead, boolean isKeptAlive) {
        int limit() {
            return route.takesConfiguration() ? MAX_CONFIGURATION : MAX_BODY;
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (isOver) {
            return;
        }
        if (message.decoderResult().isFailure()) {
            refuse(ctx, malformed(message.decoderResult().cause()));
            return;
        }
        try {
            if (message instanceof HttpRequest head) {
                begin(ctx, head);
            }
            if (message instanceof HttpContent content) {
                append(content.content());
                if (content instanceof LastHttpContent) {
                    answer(ctx);
                }
            }
        } catch (Problem e) {
            refuse(ctx, e);
        }
    }

    /** Cookies of all that has ever been developed on localhost come along: their owner has to be told that they are too many. */
    private static Problem malformed(Throwable cause) {
        if (cause instanceof TooLongHttpHeaderException) {
            String expected =
                    " (expected: at most " + AdminServer.MAX_HEADER + " octets; cookies of localhost are among them)";
            return new Problem(431, "header fields: too large" + expected);
        }
        if (cause instanceof TooLongHttpLineException) {
            return new Problem(
                    414, "path and query: too long (expected: at most " + AdminServer.MAX_REQUEST_LINE + " octets)");
        }
        return new Problem(400, "no HTTP that can be understood");
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) throws Problem {
        QueryStringDecoder target = new QueryStringDecoder(head.uri());
        String path = decodedPath(target);
        boolean isHead = head.method().equals(HttpMethod.HEAD);
        String method = isHead ? "GET" : head.method().name();
        AdminRoute route = desk.route(method, path);
        desk.gate().pass(route, head.headers());
        Map<String, String> query = new HashMap<>();
        try {
            target.parameters().forEach((name, values) -> query.put(name, values.get(0)));
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    400, "query: no percent-encoding (expected: two hexadecimal digits after each percent sign)");
        }
        route.requireKnown(query.keySet());
        AdminRequest request = new AdminRequest(
                path,
                route.match(path).orElseThrow(),
                query,
                Gate.typeOf(head.headers()),
                head.headers().get(HttpHeaderNames.ACCEPT, ""),
                new byte[0]);
        Pending begun = new Pending(route, request, new ByteArrayOutputStream(), isHead, HttpUtil.isKeepAlive(head));
        if (HttpUtil.getContentLength(head, 0L) > begun.limit()) {
            throw tooLarge(begun);
        }
        pending = begun;
        if (HttpUtil.is100ContinueExpected(head)) {
            ctx.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private static String decodedPath(QueryStringDecoder target) throws Problem {
        try {
            return target.path();
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    400, "path: no percent-encoding (expected: two hexadecimal digits after each percent sign)");
        }
    }

    private static Problem tooLarge(Pending pending) {
        return new Problem(413, "body: too large (expected: at most " + pending.limit() + " octets)");
    }

    private void append(ByteBuf content) throws Problem {
        Pending begun = pending;
        if (begun == null) {
            return;
        }
        if (begun.body().size() + content.readableBytes() > begun.limit()) {
            throw tooLarge(begun);
        }
        byte[] octets = new byte[content.readableBytes()];
        content.readBytes(octets);
        begun.body().writeBytes(octets);
    }

    private void answer(ChannelHandlerContext ctx) throws Problem {
        Pending whole = pending;
        if (whole == null) {
            return;
        }
        isAnswering = true;
        ctx.channel().config().setAutoRead(false);
        AdminRequest request = whole.request().withBody(whole.body().toByteArray());
        try {
            desk.execute(() -> {
                AdminResponse response = desk.answer(whole.route(), request);
                ctx.executor().execute(() -> write(ctx, response, whole));
            });
        } catch (RejectedExecutionException e) {
            isAnswering = false;
            ctx.channel().config().setAutoRead(true);
            throw new Problem(503, "too many requests at once");
        }
    }

    private void write(ChannelHandlerContext ctx, AdminResponse response, Pending answered) {
        if (response.stream().isPresent()) {
            stream(ctx, response, response.stream().get(), answered.isHead());
            return;
        }
        pending = null;
        isAnswering = false;
        waitingSinceNanos = System.nanoTime();
        send(ctx, response, answered.isHead(), answered.isKeptAlive() && !isDismissed);
        ctx.channel().config().setAutoRead(true);
    }

    private void stream(ChannelHandlerContext ctx, AdminResponse response, EventStream stream, boolean isHead) {
        isOver = true;
        DefaultHttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        setFields(head.headers(), response);
        head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (isHead || isDismissed) {
            stream.close();
            ctx.writeAndFlush(head).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        try {
            desk.stream(stream, ctx); // its first event comes to this loop, after the head that is written here
        } catch (Problem e) {
            refuse(ctx, e);
            return;
        }
        isStreaming = true;
        ctx.writeAndFlush(head);
        ctx.channel().config().setAutoRead(true); // a client that goes is noticed
    }

    private void refuse(ChannelHandlerContext ctx, Problem problem) {
        isOver = true;
        LOGGER.debug("refused: {}", problem.getMessage());
        Farewell.after(written(ctx, AdminDesk.response(problem), false, false), ctx);
    }

    private static void send(ChannelHandlerContext ctx, AdminResponse response, boolean isHead, boolean isKeptAlive) {
        ChannelFuture written = written(ctx, response, isHead, isKeptAlive);
        if (!isKeptAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static ChannelFuture written(
            ChannelHandlerContext ctx, AdminResponse response, boolean isHead, boolean isKeptAlive) {
        ByteBuf body = isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body());
        FullHttpResponse message =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
        setFields(message.headers(), response);
        message.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        if (!isKeptAlive) {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return ctx.writeAndFlush(message);
    }

    private static void setFields(HttpHeaders fields, AdminResponse response) {
        fields.set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
        fields.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        fields.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
        fields.set("x-content-type-options", "nosniff");
        fields.set("referrer-policy", "no-referrer");
        fields.set("cross-origin-resource-policy", "same-origin");
        response.fields().forEach(fields::set);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Returns whether a request is being answered. */
    boolean isAnswered() {
        return isAnswering;
    }

    /** Returns how long it has been without a whole request since it began, or the last was answered. */
    Duration waited() {
        return Duration.ofNanos(System.nanoTime() - waitingSinceNanos);
    }

    void close() {
        Optional.ofNullable(context).ifPresent(ChannelHandlerContext::close);
    }

    /** Closes when the request under way has been answered, or at once if there is none that ends by itself. */
    void dismiss() {
        isDismissed = true;
        if (!isAnswering || isStreaming) {
            close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        desk.wake();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        desk.wake();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOGGER.debug("a connection of the administration failed", cause);
        Optional.ofNullable(ctx.channel()).ifPresent(channel -> channel.close());
    }
}
