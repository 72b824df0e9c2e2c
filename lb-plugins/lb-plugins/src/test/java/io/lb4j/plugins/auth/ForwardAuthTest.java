package io.lb4j.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.Script;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A service that decides who may come in. */
final class ForwardAuthTest {
    private static Served served(ScriptedUpstream service, Consumer<ForwardAuthBuilder> description) {
        return Served.with(
                script -> script.onAny().answer(200, "hello"),
                builder -> builder.cluster("auth", cluster -> cluster.endpoint("127.0.0.1", service.port()))
                        .plugin(Plugins.forwardAuth(a -> {
                            a.cluster("auth").path("/check").take("x-tenant").identity("x-user");
                            description.accept(a);
                        })));
    }

    private static ScriptedUpstream service(Consumer<Script> script) {
        return ScriptedUpstream.start(script);
    }

    @Test
    void aConsentLetsInAndTellsTheEndpointWhatTheServiceSays() {
        try (ScriptedUpstream service = service(script -> script.onAny()
                        .answer(Answer.status(200).header("X-User", "ann").header("X-Other", "no")));
                Served served = served(service, a -> {})) {
            RawResponse response = served.ask(Served.request(
                    "POST",
                    "/a?b=c",
                    "body",
                    "Authorization: Bearer t",
                    "X-User: root",
                    "X_Tenant: root",
                    "X-Hidden: 1"));
            assertThat(response.text()).isEqualTo("hello");
            RecordedRequest asked = service.awaitRequest();
            assertThat(asked.method()).isEqualTo("GET");
            assertThat(asked.target()).isEqualTo("/check");
            assertThat(asked.headers().first("authorization")).contains("Bearer t");
            assertThat(asked.headers().first("x-forwarded-method")).contains("POST");
            assertThat(asked.headers().first("x-forwarded-uri")).contains("/a?b=c");
            assertThat(asked.headers().first("x-forwarded-host")).contains("a.example");
            assertThat(asked.headers().contains("x-hidden")).isFalse();
            assertThat(asked.headers().contains("content-length")).isFalse();
            assertThat(served.seen().headers().all("x-user")).containsExactly("ann");
            assertThat(served.seen().headers().contains("x_tenant")).isFalse();
            assertThat(served.seen().headers().contains("x-other")).isFalse();
            assertThat(served.seen().awaitComplete().body().text()).isEqualTo("body");
        }
    }

    @Test
    void aConsentThatSaysNothingLeavesWhatAnotherPluginHasSaid() {
        try (ScriptedUpstream service = service(script -> script.onAny().answer(200));
                Served served = Served.with(
                        script -> script.onAny().answer(200),
                        builder -> builder.cluster("auth", cluster -> cluster.endpoint("127.0.0.1", service.port()))
                                .plugin(Plugins.apiKey(key -> key.client("billing", "k-8c1f0c6f2a9d4e07")
                                        .identityField("x-user")))
                                .plugin(
                                        Plugins.forwardAuth(
                                                a -> a.cluster("auth").take("x-tenant", "x-user")),
                                        use -> use.priority(400)))) {
            assertThat(served.get("/", "X-Api-Key: k-8c1f0c6f2a9d4e07", "X-User: root", "X-Tenant: root")
                            .status())
                    .isEqualTo(200);
            assertThat(served.seen().headers().all("x-user")).containsExactly("billing");
            assertThat(served.seen().headers().contains("x-tenant")).isFalse();
        }
    }

    @Test
    void anyOtherAnswerIsTheClients() {
        try (ScriptedUpstream service = service(script -> script.onAny()
                        .answer(Answer.status(302)
                                .header("Location", "https://login.example/")
                                .header("Set-Cookie", "a=b")
                                .body("go")));
                Served served = served(service, a -> {})) {
            RawResponse response = served.get("/");
            assertThat(response.status()).isEqualTo(302);
            assertThat(response.headers().first("location")).contains("https://login.example/");
            assertThat(response.headers().first("set-cookie")).contains("a=b");
            assertThat(response.text()).isEqualTo("go");
            assertThat(served.upstream().requestCount()).isZero();
        }
    }

    @Test
    void aServiceThatIsAwayOrLateLetsNobodyIn() {
        try (ScriptedUpstream service = service(script -> {
                    script.when(head -> head.fields().contains("cookie")).stall();
                    script.onAny().reset();
                });
                Served served = served(service, a -> a.timeout(Duration.ofMillis(200)))) {
            assertThat(served.get("/", "Cookie: a=b").status()).isEqualTo(503);
            assertThat(served.get("/").status()).isEqualTo(503);
            assertThat(served.upstream().requestCount()).isZero();
            assertThat(served.balancer().stats().plugins().get("plugins.forward_auth"))
                    .satisfies(plugin -> assertThat(plugin.isDegraded()).isTrue());
            service.rescript(script -> script.onAny().answer(200));
            assertThat(served.get("/").status()).isEqualTo(200);
            assertThat(served.balancer().stats().plugins().get("plugins.forward_auth"))
                    .satisfies(plugin -> assertThat(plugin.isDegraded()).isFalse());
            service.release();
        }
    }

    @Test
    void aClusterThatIsNotDeclaredIsAFault() {
        assertThatThrownBy(() -> Served.with(Plugins.forwardAuth(a -> a.cluster("apo"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "plugins.forward_auth.use.cluster: \"apo\" (expected: a cluster that is declared; did you mean \"api\"?)");
        assertThatThrownBy(() -> Served.with(
                        script -> {},
                        builder -> builder.route(
                                "own",
                                route -> route.path("/own")
                                        .to("api")
                                        .plugin(Plugins.forwardAuth(a -> a.cluster("none")), use -> use.name("door")))))
                .hasMessageContaining("routes.own.plugins.door.use.cluster: \"none\"");
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(Plugins.forwardAuth(a -> a.cluster("none")), use -> use.enabled(false)))) {
            assertThat(served.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void faultsNameTheirPlace() {
        assertThatThrownBy(() -> Plugins.forwardAuth(a -> a.path("check")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("forward_auth.cluster: missing")
                .hasMessageContaining("forward_auth.path");
    }
}
