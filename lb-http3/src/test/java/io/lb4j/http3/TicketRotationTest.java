package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.spi.TicketKey;
import io.lb4j.spi.Transport;
import io.lb4j.spi.TransportTls;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tech.kwik.core.QuicSessionTicket;

/** Keys of session tickets that take turns while HTTP/3 serves. */
final class TicketRotationTest {
    /** HTTP/3 whose ticket keys are the test's. */
    private static final class Rotating implements Transport {
        private final List<Runnable> followers = new CopyOnWriteArrayList<>();
        private volatile List<TicketKey> keys;

        Rotating(TicketKey... keys) {
            this.keys = List.of(keys);
        }

        void rotate(TicketKey... next) {
            keys = List.of(next);
            followers.forEach(Runnable::run);
        }

        @Override
        public String name() {
            return Http3.NAME;
        }

        @Override
        public Binding bind(Context context) throws IOException {
            TransportTls tls = instead(
                    TransportTls.class,
                    context.tls().orElseThrow(),
                    Map.of("ticketKeys", arguments -> keys, "follow", arguments -> follow((Runnable) arguments[0])));
            return Http3.defaults().bind(instead(Context.class, context, Map.of("tls", arguments -> Optional.of(tls))));
        }

        private Runnable follow(Runnable follower) {
            followers.add(follower);
            return () -> followers.remove(follower);
        }
    }

    /** Returns what is as another, but for some methods. */
    private static <T> T instead(Class<T> type, T other, Map<String, Function<Object[], Object>> methods) {
        InvocationHandler handler = (proxy, method, arguments) -> methods.containsKey(method.getName())
                ? methods.get(method.getName()).apply(arguments)
                : invoke(method, other, arguments);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object on, Object[] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static TicketKey key(int fill) {
        byte[] octets = new byte[16];
        Arrays.fill(octets, (byte) fill);
        return new TicketKey(octets, octets, octets);
    }

    private static QuicSessionTicket ticketOf(H3Client client) {
        assertThat(client.get("/gone").status()).isEqualTo(410);
        await().until(() -> !client.quic().getNewSessionTickets().isEmpty());
        return client.quic().getNewSessionTickets().get(0);
    }

    private static QuicSessionTicket newTicket(Edge edge) {
        try (H3Client client = H3Client.connect(edge.port())) {
            return ticketOf(client);
        }
    }

    private static boolean resumes(Edge edge, QuicSessionTicket ticket) {
        long before = edge.figure(Figure.CONNECTIONS_RESUMED);
        try (H3Client client = H3Client.connect(edge.port(), builder -> builder.sessionTicket(ticket))) {
            assertThat(client.get("/gone").status())
                    .as("with a ticket or without")
                    .isEqualTo(410);
        }
        return edge.figure(Figure.CONNECTIONS_RESUMED) > before;
    }

    @Test
    void aTicketIsGoodAsLongAsItsKeyIsKept() {
        Rotating http3 = new Rotating(key(1));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, http3)) {
            QuicSessionTicket old = newTicket(edge);
            assertThat(resumes(edge, old)).isTrue();

            http3.rotate(key(2), key(1));
            assertThat(resumes(edge, old)).as("its key still opens").isTrue();
            QuicSessionTicket next = newTicket(edge);

            http3.rotate(key(3), key(2));
            assertThat(resumes(edge, old)).as("its key is gone").isFalse();
            assertThat(resumes(edge, next)).as("the next key has sealed since").isTrue();
        }
    }
}
