package io.lb4j.it.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.TestServiceGrpc;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http2.H2Error;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.time.TimeBound;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a gRPC client sees of a call that does not succeed, and what a server sees of a client that gives up. */
final class GrpcFailureTest {
    @Test
    void noRouteIsUnimplemented() throws InterruptedException {
        LoadBalancerBuilder nothing = LoadBalancer.builder().listener("plain", listener -> listener.port(0));

        assertThat(call(nothing)).isEqualTo(Code.UNIMPLEMENTED);
    }

    @Test
    void anEndpointThatRefusesConnectionsIsUnavailable() throws InterruptedException {
        try (ReservedPort nobody = ReservedPort.any()) {
            assertThat(call(Between.before(Origin.http2(nobody.port())))).isEqualTo(Code.UNAVAILABLE);
        }
    }

    @Test
    void anEndpointThatIsTooLateIsDeadlineExceeded() throws InterruptedException {
        try (ScriptedH2Upstream late =
                ScriptedH2Upstream.start(script -> script.onAny().stall())) {
            LoadBalancerBuilder impatient = Between.before(
                    Origin.http2(late.port()),
                    cluster -> {},
                    route -> route.timeouts(times -> times.firstByte(Duration.ofMillis(100))));

            assertThat(call(impatient)).isEqualTo(Code.DEADLINE_EXCEEDED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CANCEL, CANCELLED",
        "ENHANCE_YOUR_CALM, RESOURCE_EXHAUSTED",
        "INTERNAL_ERROR, INTERNAL",
        "PROTOCOL_ERROR, INTERNAL",
        "REFUSED_STREAM, UNAVAILABLE"
    })
    void aStreamThatTheEndpointResetsHasTheStatusThatItWouldHaveWithoutUs(H2Error reset, Code expected)
            throws InterruptedException {
        try (ScriptedH2Upstream upstream =
                ScriptedH2Upstream.start(script -> script.onAny().reset(reset))) {
            assertThat(call(Between.before(Origin.http2(upstream.port())))).isEqualTo(expected);
        }
    }

    @Test
    void aStreamThatTheEndpointCancelsWithinItsResponseIsCancelled() throws InterruptedException {
        try (ScriptedH2Upstream upstream = ScriptedH2Upstream.start(script ->
                script.onAny().headers(200, "content-type", "application/grpc").reset(H2Error.CANCEL))) {
            assertThat(call(Between.before(Origin.http2(upstream.port())))).isEqualTo(Code.CANCELLED);
        }
    }

    @Test
    void aResponseOfTrailersAloneIsPassedAsItIs() throws InterruptedException {
        try (ScriptedH2Upstream upstream = ScriptedH2Upstream.start(script -> script.onAny()
                .perform(exchange -> exchange.status(
                        200, Fields.of("content-type", "application/grpc", "grpc-status", "9"), true)))) {
            assertThat(call(Between.before(Origin.http2(upstream.port())))).isEqualTo(Code.FAILED_PRECONDITION);
        }
    }

    @Test
    void aClientThatCancelsCancelsAtTheServer() throws Exception {
        serverHears(Optional.empty(), waiting -> {
            waiting.cancel(null);
            return Code.CANCELLED;
        });
    }

    @TimeBound
    @Test
    void aClientsDeadlineReachesTheServerAndEndsTheCallThere() throws Exception {
        serverHears(Optional.of(Duration.ofSeconds(3)), waiting -> Code.DEADLINE_EXCEEDED);
    }

    /** Makes a call that is never answered, lets it end, and makes sure that the server hears of the end. */
    private static void serverHears(Optional<Duration> deadline, Function<Context.CancellableContext, Code> end)
            throws Exception {
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new TestServiceGrpc.TestServiceImplBase() {
                    @Override
                    public void emptyCall(Empty request, StreamObserver<Empty> answer) {
                        Context call = Context.current();
                        call.addListener(context -> cancelled.complete(true), Runnable::run);
                        begun.complete(call.getDeadline() != null);
                    }
                })
                .build()
                .start();
        try (LoadBalancer balancer = Between.start(Origin.http2(server.getPort()))) {
            ManagedChannel channel = channel(balancer);
            CompletableFuture<Code> heard = new CompletableFuture<>();
            Context.CancellableContext context = Context.current().withCancellation();
            context.run(() -> {
                TestServiceGrpc.TestServiceStub stub = TestServiceGrpc.newStub(channel);
                TestServiceGrpc.TestServiceStub limited = deadline.map(
                                time -> stub.withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS))
                        .orElse(stub);
                limited.emptyCall(Empty.getDefaultInstance(), new Outcome(heard));
            });
            assertThat(begun.get(30, TimeUnit.SECONDS)).isEqualTo(deadline.isPresent());

            Code expected = end.apply(context);

            assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo(expected);
            assertThat(cancelled.get(30, TimeUnit.SECONDS)).isTrue();
            channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        } finally {
            server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        }
    }

    private record Outcome(CompletableFuture<Code> code) implements StreamObserver<Empty> {
        @Override
        public void onNext(Empty message) {
            code.complete(Code.OK);
        }

        @Override
        public void onError(Throwable fault) {
            code.complete(Status.fromThrowable(fault).getCode());
        }

        @Override
        public void onCompleted() {
            code.complete(Code.OK);
        }
    }

    private static Code call(LoadBalancerBuilder configured) throws InterruptedException {
        try (LoadBalancer balancer = configured.start()) {
            ManagedChannel channel = channel(balancer);
            try {
                var answer = TestServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(30, TimeUnit.SECONDS)
                        .emptyCall(Empty.getDefaultInstance());
                assertThat(answer).as("answer").isNull();
                return Code.OK;
            } catch (StatusRuntimeException failed) {
                return failed.getStatus().getCode();
            } finally {
                channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
            }
        }
    }

    private static ManagedChannel channel(LoadBalancer balancer) {
        return NettyChannelBuilder.forAddress("127.0.0.1", Between.plainPort(balancer))
                .usePlaintext()
                .disableRetry() // of its own
                .build();
    }
}
