package io.lb4j.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The example with grpc-java's own client. */
final class GrpcTest {
    private static final Metadata.Key<String> UPSTREAM =
            Metadata.Key.of("x-upstream", Metadata.ASCII_STRING_MARSHALLER);
    private static final HealthCheckRequest ANY = HealthCheckRequest.getDefaultInstance();

    private Running running;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        running = Grpc.start(0);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", running.port())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void end() throws InterruptedException {
        channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        running.close();
    }

    private HealthGrpc.HealthBlockingStub stub() {
        return HealthGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    @Test
    void callsOnOneConnectionAreSpreadOverTheServers() {
        AtomicReference<Metadata> head = new AtomicReference<>();
        HealthGrpc.HealthBlockingStub stub =
                stub().withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()));
        Map<String, Integer> calls = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            assertThat(stub.check(ANY).getStatus()).isEqualTo(ServingStatus.SERVING);
            calls.merge(Objects.requireNonNull(head.get().get(UPSTREAM)), 1, Integer::sum);
        }

        assertThat(calls).containsOnlyKeys("one", "two");
        assertThat(calls.values()).allMatch(count -> count >= 3);
        assertThat(running.balancer().stats().listeners().values())
                .allMatch(listener -> listener.connectionsAccepted() == 1);
    }

    @Test
    void aStreamGoesOnWhileOtherCallsAreMade() {
        Iterator<HealthCheckResponse> stream = stub().watch(ANY);

        assertThat(stream.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        assertThat(stub().check(ANY).getStatus()).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void statusesComeAsTheServerSaysThem() {
        HealthCheckRequest unknown =
                HealthCheckRequest.newBuilder().setService("nobody").build();

        assertThatThrownBy(() -> stub().check(unknown))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }
}
