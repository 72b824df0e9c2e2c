package io.lb4j.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.RedirectBuilder;
import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;
import io.lb4j.model.Redirect;
import io.lb4j.model.Route;
import io.lb4j.model.RouteAction;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectLocationTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, /a?b=c, https://example.com/a?b=c",
        "example.com:8080, /, https://example.com/",
        "[::1]:8080, /a, https://[::1]/a",
        "EXAMPLE.com., /, https://EXAMPLE.com/",
    })
    void upgradesToTls(String authority, String target, String expected) throws ProxyException {
        assertThat(locate("/**", d -> d.https(), authority, target)).isEqualTo(expected);
    }

    @Test
    void keepsThePortWhereOnlyTheHostChanges() throws ProxyException {
        assertThat(locate("/**", d -> d.host("other.example"), "example.com:8080", "/a"))
                .isEqualTo("http://other.example:8080/a");
        assertThat(locate("/**", d -> d.host("2001:db8::1"), "example.com", "/a"))
                .isEqualTo("http://[2001:db8::1]/a");
    }

    @Test
    void namesThePortThatWasSet() throws ProxyException {
        assertThat(locate("/**", d -> d.https().port(8443), "example.com", "/a"))
                .isEqualTo("https://example.com:8443/a");
        assertThat(locate("/**", d -> d.https().port(443), "example.com", "/a")).isEqualTo("https://example.com/a");
    }

    @Test
    void makesThePathOfWhatWasMatched() throws ProxyException {
        assertThat(locate("/old/{id}/**", d -> d.path("/new/{**}/{id}"), "x", "/old/7/a/b?q"))
                .isEqualTo("http://x/new/a/b/7?q");
        assertThat(locate("/old/**", d -> d.prefix("/new"), "x", "/old/a")).isEqualTo("http://x/new/a");
    }

    @Test
    void leavesTheQueryOutWhereThatIsAskedFor() throws ProxyException {
        assertThat(locate("/**", d -> d.https().withoutQuery(), "x", "/a?b")).isEqualTo("https://x/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "///evil.example/", "/%5Cevil.example"})
    void neverSendsToAHostThatAPathNames(String target) throws ProxyException {
        assertThat(locate("/**", d -> d.https(), "good.example", target)).startsWith("https://good.example/");
        assertThat(locate("/**", d -> d.https(), "", target)).startsWith("/").doesNotStartWith("//");
    }

    @Test
    void neverSendsToAHostThatTheRestOfAPrefixNames() throws ProxyException {
        assertThat(locate("/go/**", d -> d.prefix("/"), "", "/go//evil.example"))
                .isEqualTo("/evil.example");
        assertThat(locate("/go/**", d -> d.path("/{**}"), "", "/go//evil.example"))
                .isEqualTo("/evil.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example/", "a@b", "a,b", "a\"b", "[::1]x:y", "a:b", "a:0", "a:70000"})
    void refusesToRepeatAHostThatIsNone(String authority) {
        assertThatThrownBy(() -> locate("/**", d -> d.prefix("/x"), authority, "/a"))
                .isInstanceOf(ProxyException.class);
    }

    @Test
    void encodesWhatCannotStandInAReference() throws ProxyException {
        assertThat(locate("/**", d -> d.https(), "x", "/a?<\"é>")).isEqualTo("https://x/a?%3C%22%E9%3E");
    }

    @Test
    void servesTheAsteriskByTheRoot() throws ProxyException {
        assertThat(locate("/**", d -> d.https(), "x", "*")).isEqualTo("https://x/");
    }

    private static String locate(
            String path, Consumer<? super RedirectBuilder> redirect, String authority, String target)
            throws ProxyException {
        Route route = Routes.redirecting(path, redirect);
        Redirect compiled = ((RouteAction.RedirectTo) route.action()).redirect();
        RequestHead head = Routes.request("GET", authority, target);
        return new RedirectLocation(compiled, route.path()).locate(head);
    }
}
