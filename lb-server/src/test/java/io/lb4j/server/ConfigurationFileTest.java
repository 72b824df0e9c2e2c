package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.config.Origin;
import io.lb4j.model.Cluster;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.model.PluginUse;
import io.lb4j.model.Route;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration in YAML may look like. */
final class ConfigurationFileTest {
    private static final String MINIMAL = """
            listeners:
              main: {port: 8080}
            """;

    @TempDir
    Path temporary;

    private ConfigFolder folder;

    @BeforeEach
    void openFolder() {
        folder = new ConfigFolder(temporary);
    }

    @Test
    void readsListenersClustersAndRoutes() {
        Configuration configuration = folder.file("lb4j.yaml", """
                        listeners:
                          main:
                            port: 8080
                            limits: {connections: 500}
                            timeouts: {idle: 1m30s}
                        clusters:
                          api:
                            balance: least_request
                            endpoints: [10.0.0.1:8080, {host: 10.0.0.2, port: 8081, weight: 3}]
                        routes:
                          - name: api
                            path: /api/**
                            cluster: api
                          - respond: {status: 404}
                        """).load("lb4j.yaml");

        Listener main = configuration.listeners().get(0);
        assertThat(main.port()).isEqualTo(8080);
        assertThat(main.timeouts().idle()).isEqualTo(Duration.ofSeconds(90));
        assertThat(configuration.clusters()).extracting(Cluster::name).containsExactly("api");
        assertThat(configuration.routes()).extracting(Route::name).containsExactly("api", "route-2");
        assertThat(main.settings().origin(Listener.PORT))
                .isEqualTo(new Origin.Place(folder.path() + "/lb4j.yaml", 3, 11));
    }

    @Test
    void readsAPartThatIsWrittenAsAnAddress() {
        Configuration configuration = folder.file("lb4j.yaml", MINIMAL + """
                        plugins:
                          - name: auth
                            use: {type: wasm, source: "oci://registry.example/auth:1"}
                        """).load("lb4j.yaml");

        assertThat(configuration.plugins().get(0).settings().toTree().toString())
                .contains("type=oci", "image=oci://registry.example/auth:1");
    }

    @Test
    void readsChoicesThatAreWrittenInCapitals() {
        Configuration configuration = folder.file("keys.json", "{\"keys\": []}")
                .file("lb4j.yaml", MINIMAL + """
                        plugins:
                          users: {use: {type: jwt, jwks_file: keys.json, algorithms: [RS256, ES256]}}
                          machines: {use: {type: jwt, jwks_file: keys.json, algorithms: eddsa}}
                        """)
                .load("lb4j.yaml");

        assertThat(configuration.plugins())
                .extracting(plugin -> plugin.use()
                        .orElseThrow()
                        .settings()
                        .orElseThrow()
                        .toTree()
                        .get("algorithms"))
                .containsExactly(List.of("RS256", "ES256"), List.of("EdDSA"));
    }

    @Test
    void readsAFileWithAByteOrderMarkAndCarriageReturns() {
        byte[] marked = ("\uFEFF" + MINIMAL.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_8);

        assertThat(folder.file("lb4j.yaml", marked).load("lb4j.yaml").listeners())
                .hasSize(1);
    }

    @Test
    void putsTheFilesOfAFolderTogether() {
        Configuration configuration = folder.file("10-listeners.yaml", MINIMAL)
                .file("20-api.yaml", """
                        clusters: {api: {endpoints: [10.0.0.1:80]}}
                        routes:
                          - {name: api, path: /api/**, cluster: api}
                        process: {drain_timeout: 5s}
                        """)
                .file("30-web.yml", """
                        clusters: {web: {endpoints: [10.0.0.2:80]}}
                        routes:
                          - {name: web, cluster: web}
                        process: {event_loops: 2}
                        """)
                .file(".hidden.yaml", "not: [read")
                .file("notes.txt", "not read: either: at all")
                .load();

        assertThat(configuration.clusters()).extracting(Cluster::name).containsExactly("api", "web");
        assertThat(configuration.routes()).extracting(Route::name).containsExactly("api", "web");
        assertThat(configuration.process().drainTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(configuration.process().eventLoops()).contains(2);
    }

    @Test
    void putsVariablesOfTheEnvironmentIn() {
        folder.variable("PORT", "9090")
                .variable("HOST", "10.0.0.9")
                .variable("EMPTY", "")
                .file("lb4j.yaml", """
                listeners:
                  main: {port: "${PORT}", host: "${BIND:-0.0.0.0}", server_header: "${EMPTY:-lb} $${PORT}"}
                clusters:
                  api: {endpoints: ["${HOST}:80"]}
                """);

        Configuration configuration = folder.load("lb4j.yaml");

        Listener main = configuration.listeners().get(0);
        assertThat(main.port()).isEqualTo(9090);
        assertThat(main.host()).isEqualTo("0.0.0.0");
        assertThat(main.serverHeader()).contains("lb ${PORT}");
        assertThat(configuration.clusters().get(0).endpoints().toString()).contains("10.0.0.9");
    }

    @Test
    void takesWhatAVariableHoldsForAValueAndNeverForYaml() {
        folder.variable("INJECTED", "8080}\nroutes: [{respond: {status: 200}}]").file("lb4j.yaml", """
                listeners:
                  main: {port: 1, server_header: "x", reason_header: false}
                plugins:
                  audit: {use: {type: static_response, body: "${INJECTED}"}}
                """);

        assertThat(folder.load("lb4j.yaml").routes()).isEmpty();
    }

    @Test
    void putsSecretsInFromFilesWithoutTheLineFeedAtTheirEnd() {
        Configuration configuration = folder.file("secrets/token", "12345\n")
                .variable("RATE", "7")
                .file("lb4j.yaml", MINIMAL + """
                        plugins:
                          auth:
                            enabled: false
                            config:
                              token: ${file:secrets/token}
                              rate: ${RATE}
                              burst: "${RATE}"
                        """)
                .load("lb4j.yaml");

        PluginUse auth = configuration.plugins().get(0);
        assertThat(auth.config()).isEqualTo(Map.of("token", "12345", "rate", 7L, "burst", "7"));
        assertThat(configuration.toString()).doesNotContain("12345");
    }

    @Test
    void countsRelativePathsFromTheFile() {
        TestCertificate certificate = TestCertificates.create().server("localhost");
        Configuration configuration = folder.file("conf/certs/chain.pem", certificate.chainPem())
                .file("conf/certs/key.pem", certificate.keyPem())
                .file("conf/lb4j.yaml", """
                        listeners:
                          main:
                            port: 8443
                            tls: {certificates: [{chain: ./certs/chain.pem, key: certs/key.pem}]}
                        """)
                .load("conf/lb4j.yaml");

        assertThat(configuration
                        .listeners()
                        .get(0)
                        .tls()
                        .orElseThrow()
                        .certificates()
                        .get(0)
                        .chain())
                .isEqualTo(temporary.resolve("conf/certs/chain.pem"));
    }

    @Test
    void repeatsWhatAnAnchorNamesAndMergesIt() {
        Configuration configuration = folder.file("lb4j.yaml", """
                        x-defaults: &defaults
                          balance: least_request
                          connect_timeout: 1s
                        x-hosts: &hosts [a.example.com, b.example.com]
                        listeners: {main: {port: 0}}
                        clusters:
                          api: {<<: *defaults, endpoints: [10.0.0.1:80]}
                          web: {<<: [*defaults], connect_timeout: 2s, endpoints: [10.0.0.2:80]}
                        routes:
                          - {hosts: *hosts, cluster: api}
                          - {hosts: [c.example.com], cluster: web}
                        """).load("lb4j.yaml");

        List<Cluster> clusters = configuration.clusters();
        assertThat(clusters.get(0).connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(clusters.get(1).connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(configuration.routes().get(0).hosts()).hasSize(2);
    }

    @Test
    void takesAnAcmeSectionWithoutItsType() {
        Configuration configuration = folder.file("lb4j.yaml", """
                        listeners: {main: {port: 8443, tls: {}}}
                        acme: {email: admin@example.com, domains: [api.example.com], accept_terms: true}
                        """).load("lb4j.yaml");

        assertThat(configuration.acme().orElseThrow().name()).isEqualTo("acme");
    }

    @Test
    void isTheSameWhereverItsValuesStand() {
        Configuration one = folder.file("a.yaml", MINIMAL).load("a.yaml");
        Configuration other = folder.file("b.yaml", "\n\nlisteners: [{name: main, port: 8080}]")
                .load("b.yaml");

        assertThat(one).isEqualTo(other);
    }
}
