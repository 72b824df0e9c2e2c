package io.lb4j.examples.certificates;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.Acme;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Observer;
import io.lb4j.stats.CertificateStatistics;
import java.util.concurrent.CountDownLatch;

/**
 * Serves names over HTTPS with certificates that it obtains and renews itself. Says what becomes of each, and serves until it is ended by
 * Ctrl-C.
 */
public final class Certificates implements AutoCloseable {
    private final Acme acme;
    private final LoadBalancer balancer;

    private Certificates(Acme acme, LoadBalancer balancer) {
        this.acme = acme;
        this.balancer = balancer;
    }

    /** Runs until the process is told to end. */
    public static void main(String[] words) throws InterruptedException {
        Certificates serving;
        try {
            serving = start(Arguments.parse(words));
        } catch (RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            serving.close();
            ended.countDown();
        }));
        ended.await();
    }

    /** Starts the balancer, which serves from now on; certificates come when they come. */
    static Certificates start(Arguments arguments) {
        Acme acme = acme(arguments);
        LoadBalancer balancer = LoadBalancer.builder()
                .listener("plain", listener -> listener.port(arguments.ports().http()))
                .listener(
                        "secure",
                        listener -> listener.port(arguments.ports().https()).tls(tls -> {}))
                .route(route -> route.path("/**")
                        .respond(200, response -> response.body("served with a certificate of its own\n")))
                .acme(acme)
                .observer(new Observer() {
                    @Override
                    public void onControl(ControlEvent event) {
                        if (event instanceof ControlEvent.CertificateReport report) {
                            System.out.println(report.name() + ": " + report.message());
                        }
                    }
                })
                .start();
        return new Certificates(acme, balancer);
    }

    private static Acme acme(Arguments arguments) {
        Acme acme = Acme.authority(authority -> {
                    authority.directory(arguments.authority());
                    arguments.trust().ifPresent(authority::trust);
                })
                .acceptTerms()
                .domains(arguments.names().toArray(String[]::new))
                .storage(arguments.storage());
        return arguments.email().map(acme::email).orElse(acme);
    }

    /** Returns whether every name has a certificate that an authority has issued. */
    boolean isComplete() {
        return acme.standing().stream().noneMatch(CertificateStatistics::isSelfSigned);
    }

    @Override
    public void close() {
        balancer.close();
    }
}
