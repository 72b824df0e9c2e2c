package io.lb4j.examples.embedding;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.MetadataUtils;
import io.lb4j.LoadBalancer;
import io.lb4j.model.UpstreamProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * gRPC: every call is balanced by itself, also where a client makes all of them on one connection, which a balancer of connections cannot do. Streams
 * pass as they come, for as long as something moves.
 *
 * <pre>
 * examples/run grpc [PORT]
 * grpcurl -plaintext localhost:8080 list
 * grpcurl -plaintext -v localhost:8080 grpc.health.v1.Health/Check      see x-upstream change
 * grpcurl -plaintext localhost:8080 grpc.health.v1.Health/Watch         a stream
 * </pre>
 */
public final class Grpc {
    private static final Metadata.Key<String> UPSTREAM =
            Metadata.Key.of("x-upstream", Metadata.ASCII_STRING_MARSHALLER);

    private Grpc() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws IOException, InterruptedException {
        start(Running.port(words)).untilEnded();
    }

    static Running start(int port) throws IOException {
        Server one = server("one");
        Server two = server("two");
        return Running.start(
                LoadBalancer.builder()
                        // Without TLS, clients of gRPC speak HTTP/2 from the first octet; the listener recognises that.
                        .listener("main", listener -> listener.port(port))
                        .cluster(
                                "health",
                                cluster -> cluster.endpoint("127.0.0.1", one.getPort())
                                        .endpoint("127.0.0.1", two.getPort())
                                        .protocol(UpstreamProtocol.HTTP2))
                        // A method of gRPC is a path: /package.Service/Method
                        .route(route -> route.path("/grpc.health.v1.Health/*").to("health"))
                        .route(route -> route.path("/grpc.reflection.v1.ServerReflection/*")
                                .to("health")),
                one::shutdownNow,
                two::shutdownNow);
    }

    /** Starts a server of gRPC that says whether it is well, and what it can be asked. */
    private static Server server(String name) throws IOException {
        Metadata own = new Metadata();
        own.put(UPSTREAM, name);
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new HealthStatusManager().getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance())
                .intercept(MetadataUtils.newAttachMetadataServerInterceptor(own))
                .build()
                .start();
    }
}
