package io.lb4j.benchmarks.protocols;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Asks a server on this machine by HTTP/3 as fast as one event loop can, for the comparison with other proxies: each stream asks again as soon as it has its answer. One
 * that is not 200, or of another length, is a failure. Arguments: port, path, octets of an answer, connections, streams of each, seconds.
 */
public final class Http3Load {
    private static final int FIRST_CAPACITY = 1 << 16;

    private long[] micros = new long[FIRST_CAPACITY]; // confined to the event loop, until it has ended
    private int taken;

    private Http3Load() {}

    /** Runs it and prints one line: answers, seconds, percentiles, failures. */
    public static void main(String[] arguments) throws Exception {
        new Http3Load().run(arguments);
    }

    private void run(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        String path = arguments[1];
        Load load = new Load(Long.parseLong(arguments[2]), this::take);
        int streams = Integer.parseInt(arguments[4]);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        List<LoadClient> clients = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
            clients.add(Http3Client.connect(group, port));
        }
        long begun = System.nanoTime();
        clients.forEach(client -> client.ask(path, streams, load));
        Thread.sleep(Duration.ofSeconds(Long.parseLong(arguments[5])).toMillis());
        load.end();
        long answers = load.answers();
        double seconds = (System.nanoTime() - begun) / 1e9;
        clients.forEach(LoadClient::close);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        Arrays.sort(micros, 0, taken);
        System.out.println(String.format(
                Locale.ROOT,
                "%d answers in %.3f s, p50 %.3f ms, p99 %.3f ms, failures: %d",
                answers,
                seconds,
                millisAt(50),
                millisAt(99),
                load.failures()));
    }

    private void take(long nanos) {
        if (taken == micros.length) {
            micros = Arrays.copyOf(micros, 2 * taken);
        }
        micros[taken++] = TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private double millisAt(int percent) {
        int rank = (taken * percent + 99) / 100;
        return taken == 0 ? 0 : micros[Math.max(0, rank - 1)] / 1e3;
    }
}
