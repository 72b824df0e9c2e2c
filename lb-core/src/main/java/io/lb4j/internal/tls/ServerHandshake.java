package io.lb4j.internal.tls;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.spi.Certificate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client's handshake: reads the ClientHello, chooses the certificate, waiting for it if need be, and lets the engine do the rest.
 * Nothing is left to the engine's guess: what cannot be read whole is refused, so that no trick of fragmentation leads to another
 * context than the name does.
 *
 * <p>Confined to the connection's event loop.
 */
final class ServerHandshake extends ChannelInboundHandlerAdapter {
    // Alerts (RFC 8446 §6)
    private static final int HANDSHAKE_FAILURE = 40;
    private static final int DECODE_ERROR = 50;
    private static final int INTERNAL_ERROR = 80;
    private static final int UNRECOGNIZED_NAME = 112;
    private static final int NO_APPLICATION_PROTOCOL = 120;

    private final ServerTls tls;
    private final LoopContext loop;
    private final HandshakeListener listener;
    private final ClientHelloReader reader;
    private final long startMillis = System.currentTimeMillis();
    private Optional<ClientHello> hello = Optional.empty();
    private @Nullable SslHandler engine; // once the certificate is chosen
    private @Nullable Certificate certificate;
    private boolean isChallenge;
    private boolean done;
    private LoopTimer.@Nullable Timeout timeout;

    ServerHandshake(ServerTls tls, LoopContext loop, HandshakeListener listener) {
        this.tls = tls;
        this.loop = loop;
        this.listener = listener;
        reader = new ClientHelloReader(tls.policy().maxHelloBytes());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        LoopTimer.Timeout limit = new LoopTimer.Timeout() {
            @Override
            protected void expire() {
                fail(ctx, HandshakeFailure.TIMEOUT, null);
            }
        };
        timeout = limit;
        loop.timer().set(limit, tls.policy().timeout().toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (engine != null) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf data = (ByteBuf) message;
        if (done) {
            data.release();
            return;
        }
        if (hello.isPresent()) {
            reader.read(ctx.alloc(), data); // the certificate is still being looked for
            return;
        }
        switch (reader.read(ctx.alloc(), data)) {
            case INCOMPLETE -> {}
            case COMPLETE -> onHello(ctx, reader.hello().orElseThrow());
            case NOT_TLS -> fail(ctx, HandshakeFailure.NOT_TLS, null);
            case MALFORMED -> refuse(ctx, HandshakeFailure.MALFORMED_HELLO, DECODE_ERROR, null);
            case TOO_LARGE -> refuse(ctx, HandshakeFailure.HELLO_TOO_LARGE, DECODE_ERROR, null);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            ctx.fireUserEventTriggered(event);
            return;
        }
        if (completion.isSuccess()) {
            succeed(ctx);
            return;
        }
        fail(ctx, HandshakeFailure.of(completion.cause()), completion.cause());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, HandshakeFailure.CLIENT_GONE, null);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, HandshakeFailure.of(cause), cause);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    private void onHello(ChannelHandlerContext ctx, ClientHello read) {
        hello = Optional.of(read);
        if (tls.challenges().isPresent() && AcmeHandshakes.isOne(read)) {
            answerChallenge(ctx, tls.challenges().get(), read);
            return;
        }
        if (!tls.servesOneOf(read.applicationProtocols())) {
            refuse(ctx, HandshakeFailure.NO_APPLICATION_PROTOCOL, NO_APPLICATION_PROTOCOL, null);
            return;
        }
        if (read.serverName().isEmpty()) {
            choose(ctx, read, Optional.empty());
            return;
        }
        String name = read.serverName().get();
        Optional<Certificate> cached = tls.certificates().cached(name, read.signatures());
        if (cached.isPresent()) {
            choose(ctx, read, cached);
            return;
        }
        CompletableFuture<Optional<Certificate>> search = tls.certificates().find(name, ctx.executor());
        if (search.isDone()) {
            choose(ctx, read, search.join());
            return;
        }
        ctx.channel().config().setAutoRead(false);
        search.thenAccept(found -> ctx.executor().execute(() -> resume(ctx, read, found)));
    }

    private void resume(ChannelHandlerContext ctx, ClientHello read, Optional<Certificate> found) {
        if (done) {
            return;
        }
        choose(ctx, read, found);
        ctx.channel().config().setAutoRead(true);
    }

    private void choose(ChannelHandlerContext ctx, ClientHello read, Optional<Certificate> found) {
        SignatureSupport client = read.signatures();
        Optional<Certificate> chosen = found.or(() ->
                        read.serverName().flatMap(name -> tls.certificates().lastResort(name, client)))
                .or(() -> tls.forUnknownName(client));
        if (chosen.isPresent()) {
            begin(ctx, chosen.get(), tls.contexts());
            return;
        }
        if (tls.certificates().fallback(client).isPresent()) {
            refuse(ctx, HandshakeFailure.UNKNOWN_NAME, UNRECOGNIZED_NAME, null);
            return;
        }
        refuse(ctx, HandshakeFailure.NO_CERTIFICATE, HANDSHAKE_FAILURE, null);
    }

    private void answerChallenge(ChannelHandlerContext ctx, AcmeHandshakes challenges, ClientHello read) {
        Optional<Certificate> answer = challenges.answer(read);
        if (answer.isEmpty()) {
            refuse(ctx, HandshakeFailure.NO_APPLICATION_PROTOCOL, NO_APPLICATION_PROTOCOL, null);
            return;
        }
        isChallenge = true;
        begin(ctx, answer.get(), challenges.contexts());
    }

    private void begin(ChannelHandlerContext ctx, Certificate chosen, ServerContexts contexts) {
        SslHandler made;
        try {
            made = contexts.handler(chosen, ctx.alloc());
        } catch (RuntimeException e) {
            refuse(ctx, HandshakeFailure.OTHER, INTERNAL_ERROR, e);
            return;
        }
        made.setHandshakeTimeoutMillis(0); // ours covers more
        engine = made;
        certificate = chosen;
        ByteBuf octets = reader.takeOctets();
        ctx.pipeline().addBefore(ctx.name(), null, made);
        ctx.pipeline().fireChannelRead(octets == null ? Unpooled.EMPTY_BUFFER : octets);
        ctx.pipeline().fireChannelReadComplete();
    }

    private void succeed(ChannelHandlerContext ctx) {
        SslHandler handler = engine;
        Certificate shown = certificate;
        if (done || handler == null || shown == null) {
            return;
        }
        end();
        if (isChallenge) {
            ctx.close(); // RFC 8737 §3: the handshake is the answer, and no data follows
            return;
        }
        TlsSession session = new TlsSession(
                tls, shown, hello.flatMap(ClientHello::serverName), EngineFacts.of(handler, startMillis));
        ctx.pipeline().remove(this);
        listener.onSecured(session);
    }

    /** Tells the client why, as far as TLS has a word for it, and closes. */
    private void refuse(ChannelHandlerContext ctx, HandshakeFailure reason, int alert, @Nullable Throwable cause) {
        if (done) {
            return;
        }
        end();
        listener.onFailure(reason, cause);
        byte[] fatal = {21, 3, 3, 0, 2, 2, (byte) alert}; // RFC 8446 §5.1, §6: an alert of level fatal
        ctx.writeAndFlush(Unpooled.wrappedBuffer(fatal)).addListener(ChannelFutureListener.CLOSE);
    }

    private void fail(ChannelHandlerContext ctx, HandshakeFailure reason, @Nullable Throwable cause) {
        if (done) {
            return;
        }
        end();
        listener.onFailure(reason, cause);
        ctx.close();
    }

    private void end() {
        done = true;
        reader.release();
        if (timeout != null) {
            loop.timer().cancel(timeout);
        }
    }
}
