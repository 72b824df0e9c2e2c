package io.lb4j.internal.route;

import static io.lb4j.internal.route.Routes.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.model.Route;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private final Routes routes = new Routes();

    @Test
    void findsNothingWithoutRoutes() {
        Router<String> router = Router.of(List.of(), Route::name);

        assertThat(router.match(request("GET", "example.com", "/"))).isNull();
        assertThat(router.allowedMethods(request("GET", "example.com", "/"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.example.com",
                "API.Example.COM",
                "api.example.com:8443",
                "api.example.com.",
                "api.example.com.:443",
            })
    void matchesAHostWithoutRegardToCasePortAndRootDot(String authority) {
        routes.with("host", r -> r.host("Api.example.com"));

        assertThat(routes.match(authority, "/")).isEqualTo("host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.com", "api.example.com.evil", "xapi.example.com", ".", ":80", "[", "[::1"})
    void leavesOtherHostsAlone(String authority) {
        routes.with("host", r -> r.host("api.example.com"));

        assertThat(routes.match(authority, "/")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com, exact",
        "www.example.com, short",
        "a.b.eu.example.com, long",
        "a.eu.example.com, long",
        "eu.example.com, short",
        "example.com, any",
        ".example.com, any",
        "org, any",
    })
    void prefersAnExactHostThenTheLongestWildcardThenAny(String authority, String expected) {
        routes.with("any", r -> {})
                .with("short", r -> r.host("*.example.com"))
                .with("long", r -> r.host("*.eu.example.com"))
                .with("exact", r -> r.host("api.example.com"));

        assertThat(routes.match(authority, "/")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[2001:db8::1]", "[2001:DB8::1]:443", "[2001:db8:0:0:0:0:0:1]", "[2001:0db8::0001]:1"})
    void matchesAnIpv6AddressHoweverItIsWritten(String authority) {
        routes.with("address", r -> r.host("[2001:db8::1]"));

        assertThat(routes.match(authority, "/")).isEqualTo("address");
    }

    @Test
    void servesAllHostsOfARoute() {
        routes.with("hosts", r -> r.host("a.example", "b.example"));

        assertThat(routes.match("a.example", "/")).isEqualTo("hosts");
        assertThat(routes.match("b.example", "/")).isEqualTo("hosts");
    }

    @ParameterizedTest
    @CsvSource({
        "/users, exact",
        "/users/, users-below",
        "/users/7, template",
        "/users/7?x=/, template",
        "/users/7/, open-template",
        "/users/7/a/b, open-template",
        "/users/me, literal-template",
        "/users/me/x/y, literal-below",
        "/users/me/orders/5, two-variables",
        "/files/1.txt, any",
        "/report-2024, regex-shadowed-by-any",
        "/, any",
    })
    void prefersAnExactPathThenATemplateThenTheLongestPrefix(String target, String expected) {
        routes.with("regex", r -> r.pathRegex("/report-\\d+"))
                .with("any", r -> r.path("/**"))
                .with("users-below", r -> r.path("/users/**"))
                .with("open-template", r -> r.path("/users/{id}/**"))
                .with("literal-below", r -> r.path("/users/me/**"))
                .with("template", r -> r.path("/users/{id}"))
                .with("literal-template", r -> r.path("/users/me"))
                .with("two-variables", r -> r.path("/users/{id}/orders/*"))
                .with("exact", r -> r.path("/users"));

        String expectedName = expected.equals("regex-shadowed-by-any") ? "any" : expected;
        assertThat(routes.match("x", target)).isEqualTo(expectedName);
    }

    @Test
    void triesRegularExpressionsInTheOrderOfTheirDeclaration() {
        routes.with("first", r -> r.pathRegex("/r.*")).with("second", r -> r.pathRegex("/re.*"));

        assertThat(routes.match("x", "/report?x")).isEqualTo("first");
        assertThat(routes.match("x", "/other")).isNull();
    }

    @Test
    void requiresAnExpressionToMatchTheWholePath() {
        routes.with("regex", r -> r.pathRegex("/a"));

        assertThat(routes.match("x", "/ab")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/api, below", "/api/, below", "/api/x, below", "/apix, ", "/ap, ", "/API, "})
    void matchesAPrefixSegmentBySegment(String target, String expected) {
        routes.with("below", r -> r.path("/api/**"));

        assertThat(routes.match("x", target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"/users//orders, ", "/users/a%2Fb/orders, template", "/users/orders, ", "/users/1/orders/, "})
    void matchesAVariableWithOneSegmentThatIsNotEmpty(String target, String expected) {
        routes.with("template", r -> r.path("/users/{id}/orders"));

        assertThat(routes.match("x", target)).isEqualTo(expected);
    }

    @Test
    void comparesPathsInCanonicalForm() throws Exception {
        routes.with("exact", r -> r.path("/caf%c3%a9/%7euser"));
        String target = new PathNormalizer(Routes.pathPolicy(p -> {})).normalize("/x/../caf%C3%A9/~%75ser");

        assertThat(routes.match("x", target)).isEqualTo("exact");
    }

    @Test
    void prefersTheLiteralWhereTwoTemplatesFirstDiffer() {
        routes.with("late", r -> r.path("/{a}/b/c")).with("early", r -> r.path("/a/{b}/{c}"));

        assertThat(routes.match("x", "/a/b/c")).isEqualTo("early");
        assertThat(routes.match("x", "/z/b/c")).isEqualTo("late");
    }

    @Test
    void goesBackToAVariableWhereTheLiteralLeadsNowhere() {
        routes.with("variable", r -> r.path("/{a}/c")).with("literal", r -> r.path("/a/b"));

        assertThat(routes.match("x", "/a/c")).isEqualTo("variable");
    }

    @Test
    void prefersTheLongerOpenEndOverTheLiteralOne() {
        routes.with("literal", r -> r.path("/a/**")).with("longer", r -> r.path("/{x}/b/**"));

        assertThat(routes.match("x", "/a/b/c")).isEqualTo("longer");
    }

    @Test
    void putsPriorityBeforeAllOtherRules() {
        routes.with("exact", r -> r.host("a.example").path("/a"))
                .with("urgent", r -> r.pathRegex("/.*").priority(1))
                .with("fallback", r -> r.priority(-1));

        assertThat(routes.match("a.example", "/a")).isEqualTo("urgent");
        assertThat(routes.match("a.example", "*")).isEqualTo("fallback");
    }

    @Test
    void putsPriorityBeforeTheLengthOfAPrefix() {
        routes.with("longer", r -> r.path("/a/b/**"))
                .with("urgent", r -> r.path("/a/**").priority(1));

        assertThat(routes.match("x", "/a/b/c")).isEqualTo("urgent");
    }

    @Test
    void prefersMoreConditionsThenTheOrderOfDeclaration() {
        routes.with("plain", r -> r.path("/a"))
                .with("method", r -> r.path("/a").method("GET"))
                .with("method-and-header", r -> r.path("/a").method("GET").header("x-env", "canary"))
                .with("late", r -> r.path("/a").method("GET"));
        RequestHead canary = request("GET", "x", "/a");
        canary.fields().add("X-Env", "canary");

        assertThat(routes.router().match(canary)).isEqualTo("method-and-header");
        assertThat(routes.match("x", "/a")).isEqualTo("method");
        assertThat(routes.router().match(request("PUT", "x", "/a"))).isEqualTo("plain");
    }

    @Test
    void goesOnWithWildcardsAndAnyHostWhereAHostHasNoRouteThatFits() {
        routes.with("host", r -> r.host("a.example.com").path("/only"))
                .with("wildcard", r -> r.host("*.example.com").path("/below/**"))
                .with("any", r -> r.path("/rest"));

        assertThat(routes.match("a.example.com", "/below/x")).isEqualTo("wildcard");
        assertThat(routes.match("a.example.com", "/rest")).isEqualTo("any");
        assertThat(routes.match("a.example.com", "/none")).isNull();
    }

    @Test
    void servesTheAsteriskByRoutesForAllPaths() {
        routes.with("regex", r -> r.pathRegex("/x"))
                .with("any", r -> r.path("/**"))
                .with("star", r -> r.path("/*"));

        assertThat(routes.match("x", "*")).isEqualTo("any");
    }

    @Test
    void tellsWhichMethodsThePathWouldServe() {
        routes.with("write", r -> r.path("/a").method("PUT", "DELETE"))
                .with("read", r -> r.path("/**").method("GET").header("x-a", "b"))
                .with("post", r -> r.path("/{x}").method("POST"));
        Router<String> router = routes.router();

        assertThat(router.match(request("PATCH", "x", "/a"))).isNull();
        assertThat(router.allowedMethods(request("PATCH", "x", "/a")))
                .extracting(Method::name)
                .containsExactly("DELETE", "POST", "PUT");
        assertThat(router.allowedMethods(request("PATCH", "x", "/a/b"))).isEmpty();
    }

    @Test
    void comparesMethodsWithRegardToCase() {
        routes.with("own", r -> r.method("PURGE"));

        assertThat(routes.router().match(request("PURGE", "x", "/"))).isEqualTo("own");
        assertThat(routes.router().match(request("purge", "x", "/"))).isNull();
    }

    @Test
    void agreesWithAPlainSearchThroughAllRoutes() {
        List<String> paths =
                List.of("/a", "/a/b", "/a/**", "/{x}/b", "/a/{x}/**", "/**", "/{x}/{y}", "/a/b/**", "/{x}/b/**");
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            int priority = i % 4 == 3 ? 1 : 0;
            routes.with("p" + i, r -> r.path(path).priority(priority));
        }
        Router<String> router = routes.router();
        List<Route> all = routes.all();

        for (String target : targets(List.of("a", "b", "c", ""), 3)) {
            RequestHead head = request("GET", "x", target);
            assertThat(router.match(head)).as(target).isEqualTo(PlainRouter.match(all, target));
        }
    }

    private static List<String> targets(List<String> segments, int depth) {
        List<String> targets = new ArrayList<>();
        for (String segment : segments) {
            targets.add("/" + segment);
            if (depth > 1) {
                targets(segments, depth - 1).forEach(rest -> targets.add("/" + segment + rest));
            }
        }
        return targets;
    }
}
