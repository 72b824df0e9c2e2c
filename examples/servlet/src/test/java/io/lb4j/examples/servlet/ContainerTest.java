package io.lb4j.examples.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.leak.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.catalina.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainerTest {
    private Container container;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        container = Container.start(folder);
    }

    @AfterEach
    void end() {
        container.close();
    }

    private static int port(Context application) {
        Object balancer = application.getServletContext().getAttribute(BalancerListener.ATTRIBUTE);
        return ((LoadBalancer) Objects.requireNonNull(balancer)).port();
    }

    private static String ask(int port) {
        try (RawClient client = RawClient.connect(port)) {
            return client.send("GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n")
                    .readResponse()
                    .text();
        }
    }

    @Test
    void theBalancerServesTheApplicationForAsLongAsItIsDeployed() {
        Threads before =
                Threads.snapshot().ignoring("Catalina").ignoring("http-nio").ignoring("ForkJoinPool-");
        Context application = container.deploy(0);
        int port = port(application);
        assertThat(ask(port)).isEqualToIgnoringNewLines("hello 127.0.0.1, one of 1 connections");

        container.undeploy(application);

        assertThatThrownBy(() -> ask(port)).isInstanceOf(UncheckedIOException.class);
        before.assertNoneLeft();
        assertThat(ask(port(container.deploy(0)))).startsWith("hello");
    }

    @Test
    void anApplicationWhoseBalancerHasNoPortIsNotDeployed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> container.deploy(taken.getLocalPort()))
                    .hasMessageContaining("could not be deployed");
        }
    }
}
