package io.lb4j.examples.discovery;

import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Observer;
import java.util.function.Consumer;

/** What these examples have in common: a listener before one cluster, and a word for each endpoint that comes or goes. */
final class Front {
    private Front() {}

    /** Describes a balancer; where the cluster's endpoints come from is what the examples are about. */
    static LoadBalancerBuilder before(int port, Consumer<ClusterBuilder> cluster) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(port))
                .cluster("api", cluster)
                .route(route -> route.path("/**").to("api"))
                .observer(new Observer() {
                    @Override
                    public void onControl(ControlEvent event) {
                        System.out.println(event);
                    }
                });
    }

    /** Ends a process whose command line has too few words, with a word of help. */
    static void requireWords(int count, String usage, String... words) {
        if (words.length < count) {
            System.err.println("usage: examples/run " + usage);
            System.exit(2);
        }
    }

    /** Returns a word of the command line, or what stands for it. */
    static String word(String[] words, int index, String otherwise) {
        return index < words.length ? words[index] : otherwise;
    }

    /** Serves until the process is told to end. */
    static void serve(LoadBalancer balancer) throws InterruptedException {
        System.out.println("serves http://localhost:" + balancer.port() + "; Ctrl-C ends it");
        Runtime.getRuntime().addShutdownHook(new Thread(balancer::close));
        Thread.currentThread().join(); // the hook runs beside it, and ends the process
    }
}
