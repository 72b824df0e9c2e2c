package io.lb4j.it.peers;

import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.tls.ClientTls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.AssumptionViolatedException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * gRPC's own interoperability suite, client and server of grpc-java with a balancer between them: unary calls, streams each way and both
 * ways, flow control, compression, metadata, deadlines, cancellation, statuses.
 */
final class GrpcInteropTest {
    /** About both ends of one connection, where here there are two; and about a library for statistics that is not there. */
    private static final Set<String> ELSEWHERE =
            Set.of("getServerAddressAndLocalAddressFromClient", "censusContextsPropagated");

    @TestFactory
    Stream<DynamicTest> nettysClientWithoutTls() {
        return cases(Transport.NETTY_PLAIN);
    }

    @TestFactory
    Stream<DynamicTest> nettysClientThroughThePlugins() {
        return cases(Transport.NETTY_THROUGH_PLUGINS);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> nettysClientOverTls() {
        return cases(Transport.NETTY_SECURED);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> okHttpsClientOverTls() {
        return cases(Transport.OKHTTP_SECURED);
    }

    private static Stream<DynamicTest> cases(Transport transport) {
        return Arrays.stream(AbstractInteropTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(org.junit.Test.class))
                .filter(method -> !method.isAnnotationPresent(org.junit.Ignore.class))
                .filter(method -> !ELSEWHERE.contains(method.getName()))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(transport, method)));
    }

    private static void run(Transport transport, Method method) throws Throwable {
        try (Suite suite = new Suite(transport)) {
            suite.setUp();
            try {
                method.invoke(suite);
            } catch (InvocationTargetException e) {
                throw e.getCause() instanceof AssumptionViolatedException unmet
                        ? new TestAbortedException(unmet.getMessage(), unmet)
                        : e.getCause();
            } finally {
                suite.tearDown();
            }
        }
    }

    private enum Transport {
        NETTY_PLAIN,
        NETTY_THROUGH_PLUGINS,
        NETTY_SECURED,
        OKHTTP_SECURED
    }

    /** The suite with a balancer in it. */
    private static final class Suite extends AbstractInteropTest implements AutoCloseable {
        private final Transport transport;
        private final ReservedPort port = ReservedPort.any();
        private final LoadBalancer balancer;

        Suite(Transport transport) {
            this.transport = transport;
            LoadBalancerBuilder builder = Between.before(Origin.http2(port.port()));
            balancer = (transport == Transport.NETTY_THROUGH_PLUGINS ? Between.withPlugins(builder) : builder).start();
        }

        @Override
        protected ServerBuilder<?> getServerBuilder() {
            return NettyServerBuilder.forAddress(port.address()).maxInboundMessageSize(MAX_MESSAGE_SIZE);
        }

        @Override
        protected ManagedChannelBuilder<?> createChannelBuilder() {
            return switch (transport) {
                case NETTY_PLAIN, NETTY_THROUGH_PLUGINS ->
                    NettyChannelBuilder.forAddress("127.0.0.1", Between.plainPort(balancer))
                            .usePlaintext()
                            .maxInboundMessageSize(MAX_MESSAGE_SIZE);
                case NETTY_SECURED -> nettySecured();
                case OKHTTP_SECURED ->
                    OkHttpChannelBuilder.forAddress("127.0.0.1", Between.securedPort(balancer))
                            .sslSocketFactory(ClientTls.trustAll().context().getSocketFactory())
                            .hostnameVerifier((host, session) -> true)
                            .maxInboundMessageSize(MAX_MESSAGE_SIZE);
            };
        }

        private ManagedChannelBuilder<?> nettySecured() {
            try {
                return NettyChannelBuilder.forAddress("127.0.0.1", Between.securedPort(balancer))
                        .sslContext(GrpcSslContexts.forClient()
                                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                .build())
                        .maxInboundMessageSize(MAX_MESSAGE_SIZE);
            } catch (SSLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected boolean metricsExpected() {
            return false;
        }

        @Override
        public void close() {
            balancer.close();
            port.close();
        }
    }
}
