package io.lb4j.consumers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import org.junit.jupiter.api.Test;

final class MixedNettyTest {

    @Test
    void startNamesThePartThatIsOfAnotherVersion() {
        LoadBalancer balancer = LoadBalancer.builder()
                .listener(listener -> listener.port(0))
                .route(route -> route.path("/**").respond(204))
                .build();

        assertThatThrownBy(balancer::start)
                .hasMessageContaining("4.2.17.Final (netty-transport-native-unix-common)")
                .hasMessageContaining("netty-buffer");
    }
}
