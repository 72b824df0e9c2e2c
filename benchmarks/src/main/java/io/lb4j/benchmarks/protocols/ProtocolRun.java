package io.lb4j.benchmarks.protocols;

import io.lb4j.LoadBalancer;
import io.lb4j.http3.Http3;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What an answer costs one balancer by HTTP/2 and by HTTP/3, in turns and in one process: processor time of its one event loop. Its routes answer by
 * themselves, so that nothing but the protocol is in it. Before it, while the process has nothing else to give back, what idle connections of HTTP/3 keep of its
 * memory. Arguments: seconds of a measurement, rounds, idle connections.
 */
public final class ProtocolRun implements AutoCloseable {
    private static final String SMALL = "/1-KiB";
    private static final String LARGE = "/1-MiB";
    private static final int CONNECTIONS = 4;

    private final LoadBalancer balancer;
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    /**
     * Starts the balancer.
     *
     * @param gso whether its packets of HTTP/3 go to the kernel together
     */
    ProtocolRun(boolean gso) {
        balancer = LoadBalancer.builder()
                .listener(
                        "main",
                        listener -> listener.port(0)
                                .tls(tls -> tls.selfSigned("localhost"))
                                .http3(Http3.of(http3 -> http3.gso(gso))))
                .route("small", route -> route.path(SMALL).respond(200, answer -> answer.body("x".repeat(1 << 10))))
                .route("large", route -> route.path(LARGE).respond(200, answer -> answer.body("x".repeat(1 << 20))))
                .process(process -> process.eventLoops(1))
                .start();
    }

    /** What is spoken. */
    enum Protocol {
        HTTP_2,
        HTTP_3;

        private LoadClient connect(EventLoopGroup group, int port) throws Exception {
            return this == HTTP_2 ? Http2Client.connect(group, port) : Http3Client.connect(group, port);
        }
    }

    /**
     * What was measured.
     *
     * @param micros processor time of the balancer's event loop for an answer
     */
    record Result(double micros, double perSecond, long failures) {}

    /** Runs it and prints a line for each measurement. */
    public static void main(String[] arguments) throws Exception {
        Duration length = Duration.ofSeconds(arguments.length > 0 ? Long.parseLong(arguments[0]) : 8);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        int idle = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000;
        try (ProtocolRun run = new ProtocolRun(true)) {
            System.out.println(run.idle(idle));
        }
        for (int round = 0; round < rounds; round++) {
            for (boolean gso : new boolean[] {true, false}) {
                try (ProtocolRun run = new ProtocolRun(gso)) {
                    for (Protocol protocol : Protocol.values()) {
                        String name = protocol + (protocol == Protocol.HTTP_3 && !gso ? " without GSO" : "");
                        print(name + " 1 KiB", run.small(protocol, length));
                        print(name + " 1 MiB", run.large(protocol, length));
                    }
                }
            }
        }
    }

    private static void print(String what, Result result) {
        System.out.println(String.format(
                Locale.ROOT,
                "%-26s %8.1f us of processor time per answer, %7.0f answers/s, failures: %d",
                what,
                result.micros(),
                result.perSecond(),
                result.failures()));
    }

    /** Has 1 KiB answered, on 32 streams of each connection. */
    Result small(Protocol protocol, Duration length) throws Exception {
        return measure(protocol, SMALL, 32, length);
    }

    /** Has 1 MiB answered, on one stream of each connection. */
    Result large(Protocol protocol, Duration length) throws Exception {
        return measure(protocol, LARGE, 1, length);
    }

    IdleMemory idle(int connections) throws IOException, InterruptedException {
        return IdleMemory.of(balancer.port(), connections);
    }

    private Result measure(Protocol protocol, String path, int streams, Duration length) throws Exception {
        Load load = new Load(Load.ANY_LENGTH, nanos -> {});
        List<LoadClient> connections = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(protocol.connect(clients, balancer.port()));
        }
        connections.forEach(connection -> connection.ask(path, streams, load));
        Thread.sleep(length.toMillis() / 4); // until it is warm
        long answersBefore = load.answers();
        long cpuBefore = loopNanos();
        long begun = System.nanoTime();
        Thread.sleep(length.toMillis());
        long answers = load.answers() - answersBefore;
        double micros = (loopNanos() - cpuBefore) / 1e3 / Math.max(1, answers);
        double seconds = (System.nanoTime() - begun) / 1e9;
        load.end();
        connections.forEach(LoadClient::close);
        return new Result(micros, answers / seconds, load.failures());
    }

    private static long loopNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lb4j-loop"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getId()))
                .sum();
    }

    @Override
    public void close() {
        balancer.close();
        clients.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
