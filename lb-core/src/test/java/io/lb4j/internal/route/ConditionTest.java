package io.lb4j.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.RequestHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    @ParameterizedTest
    @CsvSource({
        "exact, canary, true",
        "exact, canary2, false",
        "exact, Canary, false",
        "prefix, canary2, true",
        "prefix, can, false",
        "regex, v42, true",
        "regex, v, false",
        "present, anything, true",
        "absent, anything, false",
    })
    void comparesAHeaderField(String kind, String value, boolean expected) {
        Routes routes = header(kind);
        RequestHead head = Routes.request("GET", "x", "/");
        head.fields().add("x-env", value);

        assertThat(routes.router().match(head) != null).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"exact, false", "prefix, false", "regex, false", "present, false", "absent, true"})
    void judgesAHeaderFieldThatIsNotThere(String kind, boolean expected) {
        assertThat(header(kind).match("x", "/") != null).isEqualTo(expected);
    }

    @Test
    void looksAtEveryFieldOfTheName() {
        RequestHead head = Routes.request("GET", "x", "/");
        head.fields().add("x-env", "a").add("x-other", "canary").add("x-env", "canary");

        assertThat(header("exact").router().match(head)).isEqualTo("condition");
    }

    @ParameterizedTest
    @CsvSource({
        "/?v=2, true",
        "/?v=3, false",
        "/?a=1&v=2, true",
        "/?v=1&v=2, true",
        "/?vv=2, false",
        "/?v=22, false",
        "/?%76=%32, true",
        "/?v=%zz, false",
        "/?v, false",
        "/?, false",
        "/, false",
        "/?=2, false",
        "/?&&v=2, true",
    })
    void comparesAParameterOfTheQuery(String target, boolean expected) {
        Routes routes = new Routes().with("condition", r -> r.query("v", "2"));

        assertThat(routes.match("x", target) != null).isEqualTo(expected);
    }

    @Test
    void readsAParameterAsAFormWritesIt() {
        Routes routes = new Routes().with("condition", r -> r.query("full name", "Jane Doe & Söhne"));

        assertThat(routes.match("x", "/?full+name=Jane+Doe%20%26%20S%C3%B6hne")).isEqualTo("condition");
    }

    @ParameterizedTest
    @CsvSource({"/?debug, false", "/?debug=, false", "/?d=debug, true", "/, true"})
    void judgesAParameterThatMustNotBeThere(String target, boolean expected) {
        Routes routes = new Routes().with("condition", r -> r.query("debug", q -> q.absent()));

        assertThat(routes.match("x", target) != null).isEqualTo(expected);
    }

    private static Routes header(String kind) {
        return new Routes()
                .with(
                        "condition",
                        r -> r.header("X-Env", h -> {
                            switch (kind) {
                                case "exact" -> h.exact("canary");
                                case "prefix" -> h.prefix("canary");
                                case "regex" -> h.regex("v\\d+");
                                case "present" -> h.present();
                                default -> h.absent();
                            }
                        }));
    }
}
