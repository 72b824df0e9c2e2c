package io.lb4j.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.config.ConfigurationException;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MaintenanceTest {
    @Test
    void onlyWhatWouldChangeSomethingIsHeldBackAndOnlyWhileItIsOn() {
        Maintenance maintenance = new Maintenance();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                LoadBalancer balancer =
                        CustomPlugin.describe(0, upstream.port(), maintenance).start()) {
            assertThat(Ask.post(balancer.port(), "/").statusCode()).isEqualTo(200);

            maintenance.turn(true);
            upstream.forget();
            HttpResponse<String> refused = Ask.post(balancer.port(), "/");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("30");
            assertThat(refused.body()).isEqualTo("back soon\n");
            assertThat(upstream.requests()).isEmpty();
            assertThat(Ask.get(balancer.port(), "/").statusCode()).isEqualTo(200);
            assertThat(upstream.awaitRequest().headers().first("x-maintenance")).contains("on");

            maintenance.turn(false);
            assertThat(Ask.post(balancer.port(), "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aConfigurationThatMakesNoSenseIsRefusedWithItsValue() {
        assertThatThrownBy(() -> LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .route(route -> route.path("/**").respond(200))
                        .plugin(new Maintenance(), use -> use.config(Map.of("retry_after", "soon")))
                        .start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("retry_after: soon (expected: seconds, >= 0)");
    }
}
