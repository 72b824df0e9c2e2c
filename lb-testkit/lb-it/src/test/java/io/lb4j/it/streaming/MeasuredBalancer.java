package io.lb4j.it.streaming;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.testkit.leak.DirectMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A balancer in a process of its own, which tells how much memory it uses. It routes {@code /NAME} to the origin of that name; the arguments
 * are its number of loops, then {@code NAME=LEG=PORT} for each origin. What it is asked comes line by line: {@code begin} begins to watch,
 * {@code peak} tells the most that was seen since, {@code now} what is in use once the collector has run.
 */
final class MeasuredBalancer {
    private static final long LOOK_NANOS = 500_000;

    private static long peakHeap; // guarded by the class
    private static long peakDirect; // guarded by the class
    private static long peakTogether; // guarded by the class

    private MeasuredBalancer() {}

    public static void main(String[] arguments) throws IOException {
        try (LoadBalancer balancer = configured(arguments).start()) {
            Thread watch = new Thread(MeasuredBalancer::watch, "memory-watch");
            watch.setDaemon(true);
            watch.start();
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
            out.println("ports " + balancer.address("plain").getPort() + " "
                    + balancer.address("secured").getPort());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String asked = in.readLine(); asked != null; asked = in.readLine()) {
                out.println(answer(asked));
            }
        }
    }

    private static LoadBalancerBuilder configured(String[] arguments) {
        int loops = Integer.parseInt(arguments[0]);
        LoadBalancerBuilder builder = LoadBalancer.builder()
                .listener("plain", listener -> listener.port(0))
                .listener("secured", listener -> listener.port(0).tls(tls -> tls.selfSigned("localhost")))
                .process(process -> process.eventLoops(loops).drainTimeout(Duration.ofMillis(1)));
        for (int i = 1; i < arguments.length; i++) {
            String[] parts = arguments[i].split("=", -1);
            Leg leg = Leg.valueOf(parts[1]);
            builder.cluster(parts[0], cluster -> {
                cluster.endpoint("127.0.0.1", Integer.parseInt(parts[2])).protocol(leg.protocol());
                if (leg.isSecured()) {
                    cluster.tls(tls -> tls.insecure());
                }
            });
            builder.route(parts[0], route -> route.path("/" + parts[0]).to(parts[0]));
        }
        return builder;
    }

    private static synchronized String answer(String asked) {
        switch (asked) {
            case "begin" -> {
                System.gc();
                peakHeap = 0;
                peakDirect = 0;
                peakTogether = 0;
                look();
            }
            case "now" -> {
                System.gc();
                return figures(heap(), direct(), heap() + direct());
            }
            default -> look();
        }
        return figures(peakHeap, peakDirect, peakTogether);
    }

    private static String figures(long heap, long direct, long together) {
        return String.format(Locale.ROOT, "memory %d %d %d", heap, direct, together);
    }

    private static void watch() {
        while (true) {
            look();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static synchronized void look() {
        long heap = heap();
        long direct = direct();
        peakHeap = Math.max(peakHeap, heap);
        peakDirect = Math.max(peakDirect, direct);
        peakTogether = Math.max(peakTogether, heap + direct);
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long direct() {
        return DirectMemory.now().reservedBytes();
    }
}
