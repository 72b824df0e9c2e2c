package io.lb4j.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.RewriteBuilder;
import io.lb4j.error.ProxyException;
import io.lb4j.model.PathPolicy.Slashes;
import io.lb4j.model.Route;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathRewriterTest {
    @Test
    void leavesTheTargetAloneWithoutARewrite() throws ProxyException {
        PathRewriter rewriter = rewriter("/**", w -> {});

        assertThat(rewriter.isIdentity()).isTrue();
        assertThat(rewriter.rewrite("/a?b")).isSameAs("/a?b");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/**, /v2, /api/x/y?q=1, /v2/x/y?q=1",
        "/api/**, /v2, /api, /v2",
        "/api/**, /v2, /api/, /v2/",
        "/api/**, /v2/, /api/x, /v2/x",
        "/api/**, /, /api/x, /x",
        "/api/**, /, /api, /",
        "/api/**, /, /api?q, /?q",
        "/**, /v2, /x, /v2/x",
        "/users/{id}/**, /u, /users/7/a/b, /u/a/b",
    })
    void replacesThePrefix(String path, String prefix, String target, String expected) throws ProxyException {
        assertThat(rewriter(path, w -> w.prefix(prefix)).rewrite(target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/users/{id}/orders/{order}, /o/{order}/of/{id}, /users/7/orders/9?q, /o/9/of/7?q",
        "/users/{id}/**, /u-{id}/{**}, /users/7/a/b, /u-7/a/b",
        "/users/{id}/**, /u/{id}/{**}, /users/7, /u/7/",
        "/a/**, /b, /a/x, /b",
    })
    void fillsTheTemplate(String path, String template, String target, String expected) throws ProxyException {
        assertThat(rewriter(path, w -> w.path(template)).rewrite(target)).isEqualTo(expected);
    }

    @Test
    void replacesWhatTheExpressionFinds() throws ProxyException {
        PathRewriter rewriter = rewriter("/**", w -> w.regex("^/v(?<version>\\d+)/", "/api/${version}/"));

        assertThat(rewriter.rewrite("/v2/x?v3/")).isEqualTo("/api/2/x?v3/");
        assertThat(rewriter.rewrite("/other")).isEqualTo("/other");
    }

    @Test
    void beginsWithExactlyOneSlash() throws ProxyException {
        PathRewriter removing = rewriter("/**", w -> w.regex("^/a", ""));

        assertThat(removing.rewrite("/a//evil.example/x")).isEqualTo("/evil.example/x");
        assertThat(removing.rewrite("/ab")).isEqualTo("/b");
        assertThat(removing.rewrite("/a")).isEqualTo("/");
    }

    @Test
    void beginsWithExactlyOneSlashWhereSlashesAreKept() throws ProxyException {
        Route route = Routes.only(r -> r.path("/api/**").to("any").rewrite(w -> w.prefix("/")));
        PathNormalizer keeping = new PathNormalizer(Routes.pathPolicy(p -> p.duplicateSlashes(Slashes.KEEP)));
        PathRewriter rewriter = new PathRewriter(route.rewrite(), route.path(), keeping);

        assertThat(rewriter.rewrite("/api//evil.example")).isEqualTo("/evil.example");
    }

    @Test
    void removesDotSegmentsThatARewriteMakes() throws ProxyException {
        PathRewriter rewriter = rewriter("/{a}/{b}/**", w -> w.path("/x/{a}{b}/{**}"));

        assertThat(rewriter.rewrite("/.a/b/c")).isEqualTo("/x/.ab/c");
        assertThat(rewriter("/**", w -> w.regex("Z", "")).rewrite("/a/.Z./b")).isEqualTo("/b");
    }

    @Test
    void refusesAPathThatARewriteLeadsAboveTheRoot() {
        assertThatThrownBy(() -> rewriter("/**", w -> w.regex("Z", "")).rewrite("/.Z./etc"))
                .isInstanceOf(ProxyException.class)
                .hasMessageContaining("below its root");
    }

    @Test
    void refusesControlCharactersThatARewriteMakes() {
        assertThatThrownBy(
                        () -> rewriter("/**", w -> w.regex("CRLF", "\r\nx: y")).rewrite("/aCRLF"))
                .isInstanceOf(ProxyException.class)
                .hasMessageContaining("no space, control character");
    }

    @Test
    void encodesAQuestionMarkThatARewriteMakes() throws ProxyException {
        assertThat(rewriter("/**", w -> w.regex("Q", "?")).rewrite("/aQb?c")).isEqualTo("/a%3Fb?c");
    }

    @Test
    void leavesTheAsteriskAlone() throws ProxyException {
        assertThat(rewriter("/**", w -> w.prefix("/v2")).rewrite("*")).isEqualTo("*");
    }

    private static PathRewriter rewriter(String path, Consumer<? super RewriteBuilder> rewrite) {
        Route route = Routes.only(r -> r.path(path).to("any").rewrite(rewrite));
        return new PathRewriter(route.rewrite(), route.path(), new PathNormalizer(Routes.pathPolicy(p -> {})));
    }
}
