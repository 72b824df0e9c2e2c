package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.config.ConfigurationException;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What happens where the native half of QUIC has not been added. */
final class NativeLibraryTest {
    /** Runs in a process of its own, which has no native library: prints what {@code build()} says. */
    static final class WithoutNativeLibrary {
        public static void main(String[] arguments) {
            try {
                LoadBalancer.builder()
                        .listener(
                                "main",
                                listener -> listener.port(0)
                                        .tls(tls -> tls.selfSigned("localhost"))
                                        .http3(Http3.defaults()))
                        .cluster(
                                "api",
                                cluster -> cluster.endpoint("127.0.0.1", 1)
                                        .tls(tls -> tls.insecure())
                                        .http3(Http3Upstream.defaults()))
                        .route(route -> route.path("/**").to("api"))
                        .build();
                System.out.println("built");
            } catch (ConfigurationException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static String classPathWithoutNativeLibrary() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.contains("netty-codec-native-quic"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void buildNamesTheDependencyOnBothLegs() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPathWithoutNativeLibrary(),
                        WithoutNativeLibrary.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).doesNotContain("built");
        assertThat(said.lines()
                        .filter(line -> line.contains(
                                "io.netty:netty-codec-native-quic with the classifier " + NativeQuic.classifier())))
                .as("%s", said)
                .hasSize(2);
    }
}
