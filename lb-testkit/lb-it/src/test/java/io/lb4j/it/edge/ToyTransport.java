package io.lb4j.it.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.RequestReceiver;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.lb4j.spi.Transport;
import io.lb4j.spi.TransportTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A transport that speaks a protocol of toys over UDP, written as an extension would be: on public packages alone. A datagram
 * {@code METHOD authority path\nbody} is a request and is answered by {@code status alt-svc-or-dash\nbody}; who has sent one is a connection
 * until it sends {@code BYE}. Before the path an {@code early} marks early data. {@code CERT name} asks for a certificate.
 */
record ToyTransport(String name, String setting) implements Transport {
    /** How often any of them was bound. */
    static final AtomicLong BOUND = new AtomicLong();

    @Override
    public Optional<String> missing() {
        return setting.equals("broken") ? Optional.of("toy-native on the class path") : Optional.empty();
    }

    @Override
    public Binding bind(Context context) throws IOException {
        EventLoop loop = context.eventLoops().get(0);
        DatagramChannel channel = context.datagramChannels().newChannel();
        ToyServer server = new ToyServer(context, loop, channel);
        channel.pipeline().addLast(server);
        loop.register(channel).syncUninterruptibly();
        ChannelFuture bound = channel.bind(context.address()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            channel.close().syncUninterruptibly();
            throw new IOException(name + ": cannot bind " + context.address(), bound.cause());
        }
        BOUND.incrementAndGet();
        return server;
    }

    /** The socket with its connections. Confined to its event loop. */
    private final class ToyServer extends SimpleChannelInboundHandler<DatagramPacket> implements Binding {
        private final Context context;
        private final EventLoop loop;
        private final Channel channel;
        private final Map<SocketAddress, ToyConnection> connections = new HashMap<>();
        private final AtomicLong requests = new AtomicLong();
        private final CompletableFuture<Void> drained = new CompletableFuture<>();
        private boolean draining;

        ToyServer(Context context, EventLoop loop, Channel channel) {
            this.context = context;
            this.loop = loop;
            this.channel = channel;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            String text = packet.content().toString(ISO_8859_1);
            InetSocketAddress peer = packet.sender();
            if (text.startsWith("CERT ")) {
                answer(peer, certificate(text.substring(5)));
                return;
            }
            if (text.equals("BYE")) {
                answer(peer, "bye");
                channel.flush(); // the socket may close with the last connection
                end(connections.remove(peer));
                return;
            }
            ToyConnection connection = connections.get(peer);
            if (connection == null) {
                connection = open(peer);
            }
            if (connection == null) {
                answer(peer, "refused");
                return;
            }
            requests.incrementAndGet();
            submit(connection, text);
        }

        private @Nullable ToyConnection open(InetSocketAddress peer) {
            Optional<Admission> admission = draining ? Optional.empty() : context.admit(peer, loop);
            if (admission.isEmpty()) {
                return null;
            }
            ToyConnection connection = new ToyConnection(this, context, peer, admission.get());
            connections.put(peer, connection);
            return connection;
        }

        private void submit(ToyConnection connection, String text) {
            String[] parts = text.split("\n", 2);
            String[] words = parts[0].split(" ", -1);
            connection.early = words.length == 4 && words[2].equals("early");
            String path = words[words.length - 1];
            RequestHead head = new RequestHead()
                    .method(Method.of(words[0]))
                    .scheme("https")
                    .authority(words[1])
                    .target(path)
                    .version(Version.HTTP_3);
            boolean hasBody = parts.length > 1;
            ToyStream stream = new ToyStream(connection);
            StreamListener rest = connection.receiver.onRequest(stream, head, !hasBody);
            if (hasBody) {
                rest.onData(Unpooled.copiedBuffer(parts[1], ISO_8859_1), true);
            }
        }

        private String certificate(String serverName) {
            TransportTls tls = context.tls().orElseThrow();
            String names = tls.certificate(serverName)
                    .map(Certificate::names)
                    .map(Object::toString)
                    .orElse("none");
            return names + " " + tls.ticketKeys().size() + " " + tls.clientAuth();
        }

        void answer(InetSocketAddress peer, String text) {
            channel.write(new DatagramPacket(Unpooled.copiedBuffer(text, ISO_8859_1), peer));
            context.afterTurn(loop, channel::flush);
        }

        private void end(@Nullable ToyConnection connection) {
            if (connection != null) {
                connection.receiver.onConnectionEnded();
                connection.admission.release();
            }
            if (draining && connections.isEmpty()) {
                drained.complete(null);
            }
        }

        @Override
        public String altSvc() {
            return "toy=\":" + context.address().getPort() + "\"";
        }

        @Override
        public CompletionStage<?> drain() {
            loop.execute(() -> {
                draining = true;
                connections.forEach((peer, connection) -> answer((InetSocketAddress) peer, "goaway"));
                end(null);
            });
            return drained;
        }

        @Override
        public CompletionStage<?> close() {
            CompletableFuture<Void> closed = new CompletableFuture<>();
            loop.execute(() -> {
                draining = true;
                List.copyOf(connections.keySet()).forEach(peer -> end(connections.remove(peer)));
                channel.close().addListener(done -> closed.complete(null));
            });
            return closed;
        }

        @Override
        public Optional<String> trouble() {
            return setting.equals("ailing") ? Optional.of("no buffers") : Optional.empty();
        }

        @Override
        public Map<String, Long> figures() {
            return Map.of("requests", requests.get());
        }
    }

    /** A peer that has sent something. */
    private static final class ToyConnection implements ConnectionInfo {
        private final ToyServer server;
        private final Context context;
        private final InetSocketAddress peer;
        private final Transport.Admission admission;
        private final long id;
        private final RequestReceiver receiver;
        private boolean early;

        ToyConnection(ToyServer server, Context context, InetSocketAddress peer, Transport.Admission admission) {
            this.server = server;
            this.context = context;
            this.peer = peer;
            this.admission = admission;
            id = context.newConnectionId();
            receiver = context.receiver(this, server.loop);
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public String listener() {
            return context.listener().name();
        }

        @Override
        public SocketAddress remoteAddress() {
            return peer;
        }

        @Override
        public SocketAddress localAddress() {
            return context.address();
        }

        @Override
        public Version version() {
            return Version.HTTP_3;
        }

        @Override
        public Optional<TlsInfo> tls() {
            return Optional.empty();
        }

        @Override
        public boolean isHandshakeComplete() {
            return !early;
        }
    }

    /** One request's way back. */
    private static final class ToyStream implements ServerStream {
        private final ToyConnection connection;
        private final StringBuilder body = new StringBuilder();
        private String status = "";
        private boolean ended;

        ToyStream(ToyConnection connection) {
            this.connection = connection;
        }

        @Override
        public ConnectionInfo connection() {
            return connection;
        }

        @Override
        public EventLoop eventLoop() {
            return connection.server.loop;
        }

        @Override
        public void writeInformational(ResponseHead head) {
            // toys know none
        }

        @Override
        public void writeHead(ResponseHead head, boolean end) {
            status =
                    head.status() + " " + head.fields().value(FieldName.ALT_SVC).orElse("-");
            endIf(end);
        }

        @Override
        public void writeData(ByteBuf data, boolean end) {
            body.append(data.toString(ISO_8859_1));
            data.release();
            endIf(end);
        }

        @Override
        public void writeTrailers(Fields trailers) {
            endIf(true);
        }

        private void endIf(boolean end) {
            if (end && !ended) {
                ended = true;
                connection.server.answer(connection.peer, status + "\n" + body);
            }
        }

        @Override
        public void reset(ResetCode code) {
            if (!ended) {
                ended = true;
                connection.server.answer(connection.peer, "reset " + code);
            }
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void pauseReading() {
            // a datagram is read whole
        }

        @Override
        public void resumeReading() {
            // a datagram is read whole
        }
    }
}
