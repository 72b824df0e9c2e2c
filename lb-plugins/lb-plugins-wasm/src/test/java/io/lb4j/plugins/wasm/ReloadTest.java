package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.plugins.Served;
import io.lb4j.stats.DependencyStatistics;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Modules that change while they serve, and where they come from. */
@Isolated("counts the classes of the process")
final class ReloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(5);
    /** Of one generation there are a handful; what is left of many must not be more than of a few. */
    private static final int CLASSES_OF_A_FEW = 150;

    private static void replace(Path file, byte[] module) throws IOException {
        Path fresh = Files.createTempFile("fresh", ".wasm");
        Files.write(fresh, module);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static ProbeHost host(byte[] module) {
        return ProbeHost.of(module, wasm -> wasm.reload(OFTEN), use -> {});
    }

    private static String number(ProbeHost host) {
        assertThat(host.served().get("/").status()).isEqualTo(200);
        return host.seen("x-number");
    }

    private static long metric(ProbeHost host, String name) {
        return host.figures().getOrDefault(name, 0L);
    }

    private static String trouble(ProbeHost host) {
        DependencyStatistics module = host.served()
                .balancer()
                .stats()
                .plugins()
                .values()
                .iterator()
                .next()
                .dependencies()
                .get("module");
        return module == null ? "" : module.trouble().orElse("");
    }

    @Test
    void aModuleThatChangesIsReloadedBetweenExchanges() throws IOException {
        try (ProbeHost host = host(Guests.numbered(1));
                RawClient underWay = host.served().connect()) {
            assertThat(number(host)).isEqualTo("0001");
            underWay.send(Served.request("POST", "/", "", "Transfer-Encoding: chunked") + "3\r\none\r\n");
            await().atMost(PATIENCE)
                    .until(() -> host.served().upstream().requests().size() > 1);
            replace(host.file(), Guests.numbered(2));
            await().atMost(PATIENCE).until(() -> number(host).equals("0002"));
            underWay.send("0\r\n\r\n");
            assertThat(underWay.readResponse("POST").status()).isEqualTo(200);
            assertThat(metric(host, "reloads")).isEqualTo(1);
            assertThat(metric(host, "reloads_failed")).isZero();
        }
    }

    @Test
    void aModuleThatCannotBeLoadedChangesNothing() throws IOException {
        try (ProbeHost host = host(Guests.numbered(1))) {
            replace(host.file(), new byte[] {1, 2, 3});
            await().atMost(PATIENCE).until(() -> metric(host, "reloads_failed") > 0);
            assertThat(number(host)).isEqualTo("0001");
            await().atMost(PATIENCE).until(() -> trouble(host).contains("module: not fit"));
            long failed = metric(host, "reloads_failed");
            replace(host.file(), Guests.numbered(13)); // which says that it cannot work with its configuration
            await().atMost(PATIENCE).until(() -> metric(host, "reloads_failed") > failed);
            assertThat(number(host)).isEqualTo("0001");
            assertThat(trouble(host)).contains("stays at", "proxy_on_configure: false");
            replace(host.file(), Guests.numbered(3));
            await().atMost(PATIENCE).until(() -> number(host).equals("0003"));
            await().atMost(PATIENCE).until(() -> trouble(host).isEmpty());
        }
    }

    @Test
    void aFileThatIsGoneForAWhileChangesNothing() throws IOException {
        try (ProbeHost host = host(Guests.numbered(1))) {
            Files.delete(host.file());
            await().atMost(PATIENCE).until(() -> metric(host, "reloads_failed") > 0);
            assertThat(number(host)).isEqualTo("0001");
            await().atMost(PATIENCE).until(() -> !trouble(host).isEmpty());
            Files.write(host.file(), Guests.numbered(4));
            await().atMost(PATIENCE).until(() -> number(host).equals("0004"));
        }
    }

    @Test
    void manyReloadsLeaveNothingBehind() throws IOException {
        reload(30);
    }

    @Test
    @Tag("full")
    void aThousandReloadsLeaveNothingBehind() throws IOException {
        reload(1000);
    }

    private static void reload(int times) throws IOException {
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        try (ProbeHost host = host(Guests.numbered(100))) {
            int before = 0;
            for (int i = 1; i <= times; i++) {
                String wanted = "%04d".formatted(100 + i);
                replace(host.file(), Guests.numbered(100 + i));
                await().atMost(PATIENCE)
                        .pollInterval(OFTEN)
                        .until(() -> number(host).equals(wanted));
                if (i == 10) {
                    before = classes.getLoadedClassCount();
                }
            }
            int loaded = before;
            await().atMost(PATIENCE).untilAsserted(() -> {
                System.gc();
                assertThat(classes.getLoadedClassCount()).isLessThan(loaded + CLASSES_OF_A_FEW);
            });
            assertThat(metric(host, "reloads")).isEqualTo(times);
        }
    }

    @Test
    void aModuleIsFetchedFromAServerByItsDigest() throws NoSuchAlgorithmException {
        byte[] module = Guests.numbered(7);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(module));
        try (ScriptedUpstream server = ScriptedUpstream.start(
                script -> script.onAny().answer(Answer.status(200).body(module)))) {
            String address = "http://127.0.0.1:" + server.port() + "/guest.wasm?key=secret";
            try (Served served =
                    Served.with(Wasm.plugin(wasm -> wasm.url(address, digest).config(Map.of())))) {
                assertThat(served.get("/").status()).isEqualTo(200);
                assertThat(served.seen().headers().first("x-number")).contains("0007");
            }
            assertThat(server.requests()).hasSize(1);
        }
    }
}
