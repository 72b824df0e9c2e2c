package io.lb4j.examples.embedding;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import java.util.List;

/**
 * A balancer that serves, and what was started for it.
 *
 * @param balancer ends first, and lets the requests under way be finished
 * @param others how to end what it forwards to
 */
record Running(LoadBalancer balancer, List<Runnable> others) implements AutoCloseable {
    /** Copies the list. */
    Running {
        others = List.copyOf(others);
    }

    /** Starts a balancer; where that fails nothing is left running. */
    static Running start(LoadBalancerBuilder description, Runnable... others) {
        try {
            return new Running(description.start(), List.of(others));
        } catch (RuntimeException e) {
            List.of(others).forEach(Runnable::run);
            throw e;
        }
    }

    /** Returns the port that a command line asks for: its first word, or 8080. */
    static int port(String... words) {
        return words.length == 0 ? 8080 : Integer.parseInt(words[0]);
    }

    int port() {
        return balancer.port();
    }

    /** Serves until the process is told to end. */
    void untilEnded() throws InterruptedException {
        System.out.println("serves port " + port() + "; Ctrl-C ends it");
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        Thread.currentThread().join(); // the hook runs beside it, and ends the process
    }

    @Override
    public void close() {
        balancer.close();
        others.forEach(Runnable::run);
    }
}
