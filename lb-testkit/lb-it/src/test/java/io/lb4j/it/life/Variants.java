package io.lb4j.it.life;

import io.lb4j.ClusterBuilder;
import io.lb4j.ListenerBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.RouteBuilder;
import io.lb4j.model.Configuration;
import io.lb4j.spi.BalancePolicies;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.Certificates;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Configurations that differ in one thing each: a listener {@code main}, a secured one {@code tls}, and what is asked for under {@code /load}
 * served by endpoints of which one stays.
 */
final class Variants {
    private final int staying;
    private final int passing;
    // Made once: the JDK remembers hundreds of certificates that it has read, and would seem to grow.
    private final CertificateSource certificates = Certificates.selfSigned("a.test");
    private final CertificateSource others = Certificates.selfSigned("a.test", "b.test");
    private final UnaryOperator<LoadBalancerBuilder> common;
    private final List<Consumer<Variant>> all = List.of(
            variant -> {},
            variant ->
                    variant.more = it -> it.route("more", to -> to.path("/more").respond(204)),
            variant -> variant.more = it -> it.cluster("more", more -> more.endpoint("127.0.0.1", variant.passing))
                    .route("more", to -> to.path("/more").to("more")),
            variant -> {
                variant.more = it -> it.cluster("half", half -> half.endpoint("127.0.0.1", variant.passing));
                variant.load = to -> to.to("api", 3).to("half", 1);
            },
            variant -> variant.api = api -> api.endpoint("127.0.0.1", variant.passing),
            variant -> variant.more = it -> it.plugin(new Passing()),
            variant -> variant.load = to -> to.to("api")
                    .timeouts(times -> times.exchange(Duration.ofSeconds(30)).perTry(Duration.ofSeconds(20))),
            variant -> variant.main = main -> main.serverHeader("another")
                    .limits(limits -> limits.connections(50_000))
                    .timeouts(times -> times.idle(Duration.ofSeconds(50))),
            variant -> variant.more = it -> it.listener("more", more -> more.port(0)),
            variant -> variant.certificates = variant.others,
            variant -> variant.api = api ->
                    api.balance(BalancePolicies.leastRequest()).ejection(ejection -> ejection.consecutiveFailures(7)));

    /** One configuration. */
    private static final class Variant {
        final int passing;
        final CertificateSource others;
        Consumer<ListenerBuilder> main = main -> {};
        CertificateSource certificates;
        Consumer<ClusterBuilder> api = api -> {};
        Consumer<RouteBuilder> load = to -> to.to("api");
        UnaryOperator<LoadBalancerBuilder> more = it -> it;

        Variant(int passing, CertificateSource certificates, CertificateSource others) {
            this.passing = passing;
            this.certificates = certificates;
            this.others = others;
        }
    }

    /** Does nothing. */
    private static final class Passing implements Plugin {
        @Override
        public String name() {
            return "passing";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Filter filter(FilterExchange exchange) {
            return new Filter() {};
        }
    }

    /**
     * Creates the variants.
     *
     * @param staying an endpoint that every variant has
     * @param passing one that some have
     * @param common what every variant has besides
     */
    Variants(int staying, int passing, UnaryOperator<LoadBalancerBuilder> common) {
        this.staying = staying;
        this.passing = passing;
        this.common = common;
    }

    /** Returns one variant, another for the next number. */
    LoadBalancerBuilder variant(int number) {
        Variant variant = new Variant(passing, certificates, others);
        all.get(number % all.size()).accept(variant);
        return variant.more.apply(common.apply(LoadBalancer.builder()
                .listener("main", variant.main.andThen(main -> main.port(0)))
                .listener("tls", tls -> tls.port(0).tls(with -> with.certificates(variant.certificates)))
                .cluster("api", variant.api.andThen(api -> api.endpoint("127.0.0.1", staying)))
                .route("load", variant.load.andThen(to -> to.path("/load")))
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)))));
    }

    Configuration configuration(int number) {
        return variant(number).configuration();
    }
}
