package io.lb4j.examples.spring;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * An application of Spring Boot whose door is a balancer: described by beans and properties, started when all other beans are there, and closed before
 * any of them goes.
 *
 * <pre>
 * python3 -m http.server --bind 127.0.0.1 9001 &amp;
 * examples/run spring-boot [--gateway.port=8080] [--gateway.endpoints=127.0.0.1:9001]
 * curl -i http://localhost:8080/           by the balancer itself
 * curl -i http://localhost:8080/api/       by an endpoint
 * </pre>
 */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
public class Gateway {
    /** Runs until the process is told to end. */
    public static void main(String... words) {
        SpringApplication.run(Gateway.class, words);
    }

    @Bean
    LoadBalancerBuilder routes(GatewayProperties properties) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(properties.port()))
                .cluster(
                        "api",
                        cluster -> properties
                                .endpoints()
                                .forEach(endpoint -> cluster.endpoint(endpoint.getHostString(), endpoint.getPort())))
                .route(route -> route.path("/api/**").to("api").rewrite(rewrite -> rewrite.prefix("/")))
                .route(route -> route.path("/").respond(200, response -> response.body("a balancer in Spring Boot\n")))
                .process(process -> process.drainTimeout(properties.drain()));
    }

    @Bean
    BalancerLifecycle balancer(LoadBalancerBuilder routes) {
        return new BalancerLifecycle(routes);
    }
}
