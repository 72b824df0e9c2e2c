package io.lb4j.server.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lb4j.Parts;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Part;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.model.PluginUse;
import io.lb4j.server.OriginSections;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sections at the top that stand for settings in several places. */
final class ShortFormsTest {
    private static final String HTTP3 = OriginSections.HTTP3.replace("port: 443", "port: 8443");
    private static final String LETS_ENCRYPT = OriginSections.LETS_ENCRYPT;
    private static final String PLUGINS = OriginSections.PLUGINS;
    private static final String MAIN = "listeners: {main: {port: 8080}}\n";

    @TempDir
    Path folder;

    @BeforeEach
    void writeWhatTheSectionsName() throws IOException {
        TestCertificate certificate = TestCertificates.create().server("localhost");
        Files.createDirectories(folder.resolve("certs"));
        Files.createDirectories(folder.resolve("plugins"));
        Files.writeString(folder.resolve("certs/server.crt"), certificate.chainPem());
        Files.writeString(folder.resolve("certs/server.key"), certificate.keyPem());
        Files.writeString(folder.resolve("plugins/auth.wasm"), "wasm");
        Files.writeString(folder.resolve("plugins/ratelimit.wasm"), "wasm");
    }

    /** A module for WebAssembly that has one option. */
    private static final class Wasm implements PartFactory<Object> {
        static final Option<Path> PATH =
                Option.of("path", OptionTypes.file(), "File.").required().build();

        @Override
        public String kind() {
            return PluginUse.PLUGIN_KIND;
        }

        @Override
        public String name() {
            return "wasm";
        }

        @Override
        public Section section() {
            return Section.of("wasm", "A plugin in WebAssembly.").options(PATH).build();
        }

        @Override
        public Object create(Settings settings) {
            return new Object();
        }
    }

    private Configuration load(String yaml) {
        return load(yaml, Map.of());
    }

    private Configuration load(String yaml, Map<String, String> environment) {
        return load(yaml, environment, PartCatalog.of(List.of(new Wasm())).and(Parts.catalog()));
    }

    private Configuration load(String yaml, Map<String, String> environment, PartCatalog parts) {
        try {
            Path file = Files.writeString(folder.resolve("lb4j.yaml"), yaml);
            return ConfigurationReading.read(file, environment, parts).orThrow().balancer();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> faults(String yaml) {
        return catchThrowableOfType(ConfigurationException.class, () -> load(yaml)).faults().stream()
                .map(Fault::message)
                .map(message -> message.replace(folder + "/", ""))
                .toList();
    }

    @Test
    void allOfThemTogetherAreAConfiguration() {
        Configuration configuration = load(HTTP3 + LETS_ENCRYPT + PLUGINS);

        assertThat(configuration.listeners()).extracting(Listener::name).containsExactly("http3");
        assertThat(configuration.acme()).isPresent();
        assertThat(configuration.plugins()).extracting(PluginUse::name).containsExactly("custom-auth", "rate-limiter");
    }

    @Test
    void http3IsAListenerOfItsOwnOnLoopbackWhereNoOtherHasItsPort() {
        Configuration configuration = load(MAIN + HTTP3);

        Listener own = configuration.listeners().get(1);
        assertThat(own.name()).isEqualTo("http3");
        assertThat(own.host()).isEqualTo("127.0.0.1");
        assertThat(own.port()).isEqualTo(8443);
        assertThat(own.tls().orElseThrow().certificates().get(0).key()).isEqualTo(folder.resolve("certs/server.key"));
        assertThat(h3(own).toTree())
                .containsEntry("max_idle_timeout", "5m")
                .containsEntry("max_incoming_streams", 1000L);
    }

    @Test
    void http3BelongsToTheListenerThatHasItsPort() {
        Configuration configuration = load(HTTP3 + "listeners: [{port: 8443, host: 0.0.0.0, tls: {self_signed: [a]}}]");

        assertThat(configuration.listeners()).hasSize(1);
        assertThat(h3(configuration.listeners().get(0)).toTree())
                .containsEntry("cert_file", folder.resolve("certs/server.crt").toString());
    }

    @Test
    void http3WithoutAPortBelongsToEveryListenerWithTls() {
        Configuration configuration = load("""
                http3: {max_idle_timeout: 1m}
                listeners:
                  plain: {port: 8080}
                  one: {port: 8443, tls: {self_signed: [a]}}
                  two: {port: 9443, tls: {self_signed: [b]}}
                """);

        assertThat(configuration.listeners())
                .extracting(listener -> listener.transports().size())
                .containsExactly(0, 1, 1);
    }

    @Test
    void http3ThatIsNotEnabledNeedsNoFiles() {
        Configuration configuration = load(MAIN + "http3: {enabled: false, port: 443, cert_file: none.crt}");

        assertThat(configuration.listeners()).hasSize(1);
    }

    @Test
    void faultsOfHttp3AreCalledAsTheyStandInTheFile() {
        assertThat(faults("http3: {port: 8443, cert_file: none.crt, max_idle_timeot: 5m}"))
                .containsExactly(
                        "http3.key_file: missing (expected: a file that can be read)",
                        "http3.cert_file: \"none.crt\" (expected: a file that can be read)",
                        "http3.max_idle_timeot: unknown key"
                                + " (expected: a key of http3; did you mean \"max_idle_timeout\"?)");
        assertThat(faults(MAIN + "http3: on")).containsExactly("http3: no section (expected: a section \"http3\")");
    }

    @Test
    void letsEncryptIsAcmeWithItsTermsAccepted() {
        Part acme = load(MAIN + LETS_ENCRYPT).acme().orElseThrow();

        assertThat(acme.name()).isEqualTo("acme");
        assertThat(acme.settings().orElseThrow().toTree())
                .containsEntry("accept_terms", true)
                .containsEntry("email", "admin@example.com")
                .containsEntry("storage_path", folder.resolve("certs").toString())
                .doesNotContainKey("dns_provider");
    }

    @Test
    void cloudflareHasItsTokenFromTheEnvironment() {
        String byDns = LETS_ENCRYPT.replace("challenge_type: \"http\"", "challenge_type: \"dns\"");

        Part acme = load(MAIN + byDns, Map.of("CLOUDFLARE_API_TOKEN", "t0ken"))
                .acme()
                .orElseThrow();

        assertThat(acme.settings().orElseThrow().toTree().get("dns_provider"))
                .isEqualTo(Map.of("type", "cloudflare", "api_token", "***"));
        assertThat(faults(MAIN + byDns))
                .containsExactly(
                        "lets_encrypt.dns_provider: CLOUDFLARE_API_TOKEN is not set (expected: a token that may"
                                + " edit DNS in that variable of the environment,"
                                + " or dns_provider: {type: cloudflare, api_token: ${file:…}})");
    }

    @Test
    void faultsOfLetsEncryptAreCalledAsTheyStandInTheFile() {
        assertThat(faults(MAIN + "lets_encrypt: {email: nobody, domains: [a.example.com], key_typ: ec256}"))
                .containsExactly(
                        "lets_encrypt.email: \"nobody\" (expected: an e-mail address)",
                        "lets_encrypt.key_typ: unknown key (expected: a key of lets_encrypt; did you mean \"key_type\"?)");
        assertThat(faults(MAIN + LETS_ENCRYPT + "acme: {domains: [a.example.com], accept_terms: true}"))
                .containsExactly("lets_encrypt: beside acme (expected: one of acme, lets_encrypt)");
        assertThat(faults(MAIN + "lets_encrypt: {domains: []}"))
                .containsExactly("lets_encrypt.domains: missing (expected: at least one name, here or in certificates;"
                        + " or on_demand)");
        assertThat(load(MAIN + "lets_encrypt: {enabled: false}").acme()).isEmpty();
    }

    @Test
    void wasmPluginsAreToldWhatStandsBesideThem() {
        PluginUse auth = load(MAIN + PLUGINS).plugins().get(0);

        assertThat(auth.priority()).contains(100);
        assertThat(auth.paths()).hasToString("[/api/v1/*]");
        assertThat(auth.methods()).hasToString("[GET, POST]");
        assertThat(auth.config()).isEqualTo(Map.of("jwt_secret", "secret", "token_header", "Authorization"));
        assertThat(auth.use().orElseThrow().settings().orElseThrow().value(Wasm.PATH))
                .isEqualTo(folder.resolve("plugins/auth.wasm"));
    }

    @Test
    void pluginsOfOtherKindsMayStandBesideThem() {
        List<PluginUse> plugins = load(MAIN + PLUGINS
                        + "  ids: request_id\n  cors: {use: {type: cors, origins: [\"*\"]}}\n")
                .plugins();

        assertThat(plugins).extracting(PluginUse::name).containsExactly("custom-auth", "rate-limiter", "ids", "cors");
    }

    @Test
    void pluginsThatAreNotEnabledNeedNothing() {
        assertThat(load(MAIN + PLUGINS.replaceFirst("enabled: true", "enabled: false"))
                        .plugins())
                .isEmpty();
        assertThat(load(MAIN + "plugins: {wasm_plugins: [{name: a, path: none.wasm, enabled: false}]}")
                        .plugins()
                        .get(0)
                        .use())
                .isEmpty();
    }

    @Test
    void faultsOfWasmPluginsAreCalledAsTheyStandInTheFile() {
        assertThat(faults(MAIN
                        + "plugins: {wasm_plugins: [{name: a, path: none.wasm, priority: high, memory: 1MiB}, b]}"))
                .containsExactly(
                        "plugins.wasm_plugins.a.path: \"none.wasm\" (expected: a file that can be read)",
                        "plugins.wasm_plugins.a.priority: \"high\" (expected: -1000000..1000000)",
                        "plugins.wasm_plugins.a.memory: unknown key (expected: one of path)",
                        "plugins.wasm_plugins[1]: no section (expected: a section with name and path)");
    }

    @Test
    void aMisspelledListOfWasmPluginsIsToldByItsName() {
        String nearest = "unknown key (expected: enabled, wasm_plugins, or the name of a plugin; did you mean"
                + " \"wasm_plugins\"?)";

        assertThat(faults(MAIN + PLUGINS.replace("wasm_plugins", "wasm_plugin")))
                .containsExactly("plugins.wasm_plugin: " + nearest);
        assertThat(faults(MAIN + "plugins: {wasm-plugins: [{name: a, path: plugins/auth.wasm}]}"))
                .containsExactly("plugins.wasm-plugins: " + nearest);
    }

    @Test
    void http3HasOnePort() {
        assertThat(faults(HTTP3.replace("port: 8443", "port: [8443, 9443]")
                        + "listeners: [{port: 8443, tls: {self_signed: [a]}}]"))
                .containsExactly("http3.port: no port (expected: one port, 0..65535)");
    }

    @Test
    void aKeyThatHttp3DoesNotHaveIsToldAsOneOfHttp3() {
        assertThat(faults(MAIN + HTTP3 + "  max_idle_timout: 1s\n"))
                .containsExactly("http3.max_idle_timout: unknown key (expected: a key of http3; did you mean"
                        + " \"max_idle_timeout\"?)");
    }

    @Test
    void whatIsAbsentIsToldByItsDependency() {
        String yaml = HTTP3 + LETS_ENCRYPT + PLUGINS + """
                clusters:
                  api: {discovery: {providers: [{type: consul, service: api}]}}
                """;

        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class, () -> load(yaml, Map.of(), PartCatalog.of(List.of())));

        assertThat(refused.faults())
                .extracting(Fault::message)
                .containsExactly(
                        "http3: h3 cannot work here (expected: the dependency io.lb4j:lb-http3)",
                        "lets_encrypt: acme cannot work here (expected: the dependency io.lb4j:lb-acme)",
                        "plugins.wasm_plugins.custom-auth: wasm cannot work here"
                                + " (expected: the dependency io.lb4j:lb-plugins-wasm)",
                        "plugins.wasm_plugins.rate-limiter: wasm cannot work here"
                                + " (expected: the dependency io.lb4j:lb-plugins-wasm)",
                        "clusters.api.discovery.providers[0]: consul cannot work here"
                                + " (expected: the dependency io.lb4j:lb-discovery-consul)");
    }

    private static Settings h3(Listener listener) {
        Part transport = listener.transports().get(0);
        assertThat(transport.name()).isEqualTo("h3");
        return transport.settings().orElseThrow();
    }
}
