package io.lb4j.plugins.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.Served;
import io.lb4j.plugins.registry.manifest.PluginManifest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.RegistryClient;
import io.lb4j.plugins.wasm.Guests;
import io.lb4j.plugins.wasm.ModuleUse;
import io.lb4j.plugins.wasm.Wasm;
import io.lb4j.plugins.wasm.WasmBuilder;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.server.DockerRegistry;
import io.lb4j.testkit.server.DockerRegistry.Doors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plugin says of itself, and what comes of it. */
final class ManifestTest {
    private static final String MANIFEST = """
            {
              "schema_version": 1,
              "abi": "proxy-wasm",
              "capabilities": ["proxy_replace_header_map_value"],
              "needs": {"memory": 131072, "call_time_millis": 2},
              "config": {
                "type": "object",
                "required": ["limit"],
                "additionalProperties": false,
                "properties": {
                  "limit": {"type": "integer", "minimum": 1},
                  "rules": {"type": "array", "items": {"type": "object", "properties": {"path": {"type": "string"}}}}
                }
              }
            }
            """;
    private static final ModuleUse FIT = new ModuleUse(
            "proxy-wasm",
            Set.of("proxy_replace_header_map_value"),
            Optional.empty(),
            "{\"limit\": 1}",
            1 << 20,
            Duration.ofMillis(5));

    private static DockerRegistry registry;
    private static String image;

    @TempDir
    private Path cache;

    @BeforeAll
    static void publish() throws IOException {
        registry = DockerRegistry.start(Doors.open());
        image = "oci://" + registry.host() + "/numbered:1";
        try (RegistryClient client = Clients.anonymous()) {
            new Publisher(client)
                    .push(ImageReference.parse(image), Guests.numbered(1), MANIFEST.getBytes(StandardCharsets.UTF_8));
        }
    }

    @AfterAll
    static void end() {
        if (registry != null) {
            registry.close();
        }
    }

    private Served serve(Consumer<? super WasmBuilder> more) {
        return Served.with(Wasm.plugin(wasm -> {
            wasm.source(Oci.source(oci -> oci.image(image).cache(cache)));
            more.accept(wasm);
        }));
    }

    @Test
    void aPluginServesWithWhatItsManifestAsksFor() {
        try (Served served = serve(wasm -> wasm.config(Map.of("limit", 3))
                .capabilities("proxy_replace_header_map_value", "proxy_on_request_headers", "proxy_on_configure"))) {
            assertThat(served.get("/").status()).isEqualTo(200);
            assertThat(served.seen().headers().first("x-number")).contains("0001");
        }
    }

    static Stream<Arguments> unfit() {
        return Stream.of(
                Arguments.of((Consumer<WasmBuilder>) wasm -> {}, "config: required property 'limit' not found"),
                Arguments.of(
                        (Consumer<WasmBuilder>) wasm -> wasm.config(Map.of("limit", 0)),
                        "config.limit: must have a minimum"),
                Arguments.of(
                        (Consumer<WasmBuilder>) wasm -> wasm.config("{\"limit\": 1, \"rules\": [{}, {\"path\": 7}]}"),
                        "config.rules[1].path: integer found, string expected"),
                Arguments.of(
                        (Consumer<WasmBuilder>) wasm -> wasm.config("limit=1"), "config: (expected: a JSON object)"),
                Arguments.of((Consumer<WasmBuilder>) wasm -> wasm.config(Map.of("limit", 1, "limt", 1)), "limt"),
                Arguments.of(
                        (Consumer<WasmBuilder>)
                                wasm -> wasm.config(Map.of("limit", 1)).capabilities("proxy_log"),
                        "capabilities: no proxy_replace_header_map_value (expected: granted"),
                Arguments.of(
                        (Consumer<WasmBuilder>)
                                wasm -> wasm.config(Map.of("limit", 1)).maxMemory(65_536),
                        "max_memory: 65536 (expected: >= 131072)"),
                Arguments.of(
                        (Consumer<WasmBuilder>)
                                wasm -> wasm.config(Map.of("limit", 1)).callTime(Duration.ofMillis(1)),
                        "call_time: 1ms (expected: >= 2ms)"));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void aPluginThatDoesNotFitIsRefusedWithThePlace(Consumer<? super WasmBuilder> description, String message) {
        assertThatThrownBy(() -> serve(description).close())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("plugins.wasm")
                .hasMessageContaining("unfit: ")
                .hasMessageContaining(message);
    }

    private static PluginManifest manifest(String text) throws IOException {
        return PluginManifest.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aModuleDoesNotDoMoreThanItSays() throws IOException {
        PluginManifest manifest = manifest(MANIFEST);
        manifest.require(FIT);
        ModuleUse more = new ModuleUse(
                "http-wasm",
                Set.of("proxy_http_call"),
                FIT.capabilities(),
                FIT.config(),
                FIT.maxMemory(),
                FIT.callTime());

        assertThatThrownBy(() -> manifest.require(more))
                .hasMessage("unfit: abi: http-wasm (expected: proxy-wasm, as its manifest says);"
                        + " import proxy_http_call (expected: among the capabilities of its manifest)");
    }

    @Test
    void aManifestThatSaysNothingAsksForNothing() throws IOException {
        manifest("{\"schema_version\":1}").require(FIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"schema_version\":2}",
                "{\"schema_version\":1,\"capabilities\":{}}",
                "{\"schema_version\":1,\"config\":7}",
                "{\"schema_version\":1,\"config\":{\"type\":\"strng\"}}",
                "{\"schema_version\":1,\"config\":{\"pattern\":\"(\"}}"
            })
    void aManifestThatCannotBeReadIsRefused(String text) {
        assertThatThrownBy(() -> manifest(text)).hasMessageStartingWith("malformed: ");
    }

    @Test
    void aSchemaReachesOutToNobody() throws IOException {
        try (ScriptedUpstream elsewhere = ScriptedUpstream.start()) {
            String address = "http://127.0.0.1:" + elsewhere.port() + "/schema.json";
            for (String schema : new String[] {
                "{\"$ref\":\"" + address + "\"}",
                "{\"$schema\":\"" + address + "\"}",
                "{\"$ref\":\"file:///etc/passwd\"}"
            }) {
                assertThatThrownBy(() -> manifest("{\"schema_version\":1,\"config\":" + schema + "}")
                                .require(FIT))
                        .hasMessageMatching("(?s)(malformed|unfit): .*");
            }
            assertThat(elsewhere.requests()).isEmpty();
        }
    }
}
