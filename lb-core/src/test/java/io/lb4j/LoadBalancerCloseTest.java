package io.lb4j;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoadBalancerCloseTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ControlThread.class);
    private final ListAppender<ILoggingEvent> complaints = new ListAppender<>();

    @BeforeEach
    void listen() {
        complaints.start();
        logger.addAppender(complaints);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(complaints);
    }

    @Test
    void letsGoOfItsEndpointsWithoutATaskThatFails() {
        LoadBalancer balancer = LoadBalancer.builder()
                .listener(listener -> listener.port(0))
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", 9))
                .route(route -> route.path("/**").to("api"))
                .start();

        balancer.close();

        assertThat(complaints.list).isEmpty();
    }
}
