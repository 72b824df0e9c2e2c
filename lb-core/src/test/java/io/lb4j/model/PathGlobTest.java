package io.lb4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathGlobTest {
    @ParameterizedTest
    @CsvSource({
        "/api/v1/*, /api/v1/users, true",
        "/api/v1/*, /api/v1/, true",
        "/api/v1/*, /api/v1, false",
        "/api/v1/*, /api/v1/users/7, false",
        "/api/**, /api, true",
        "/api/**, /api/, true",
        "/api/**, /api/v1/users/7, true",
        "/api/**, /apix, false",
        "/**, /, true",
        "/**, /a/b, true",
        "/a, /a, true",
        "/a, /a/, false",
        "/a, /A, false",
        "/a/*/c, /a/b/c, true",
        "/a/*/c, /a/b/b/c, false",
        "/a/**/c, /a/b/b/c, true",
        "/a/**/c, /a/c, false",
        "/*/x/**, /a/x, true",
        "/*/x/**, /a/x/y/z, true",
        "/*/x/**, /a/y/x, false",
        "**.php, /a/b/index.php, true",
        "**.php, /a/b/index.html, false",
        "/img/*.png, /img/a.b.png, true",
        "/img/*.png, /img/a/b.png, false",
        "/v?/x, /v1/x, true",
        "/v?/x, /v/x, false",
        "/v?/x, /v//x, false",
        "/a*b*c, /aXbXbXc, true",
        "/a*b*c, /abX, false",
        "/**a*b, /x/y/aab, true",
        "/**a*b, /x/a/b, false",
        "'*', /a, error",
        "a, /a, error",
        "/a***, /a, error",
        "/a b, /a, error"
    })
    void matchesWholePaths(String pattern, String path, String expected) {
        if (expected.equals("error")) {
            assertThatThrownBy(() -> PathGlob.of(pattern)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(PathGlob.of(pattern).matches(path)).isEqualTo(Boolean.parseBoolean(expected));
        }
    }

    @TimeBound
    @Test
    void takesTimeInProportionToThePathWhateverThePattern() {
        PathGlob nasty = PathGlob.of("/**a*a**a*a**a*a**b");
        String path = "/" + "a".repeat(8_000);
        long beganNanos = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(nasty.matches(path)).isFalse();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void takesALongLiteralAndNotTooMuchBehindTheFirstWildcard() {
        String literal = "/" + "a".repeat(300);
        assertThat(PathGlob.of(literal + "/*").matches(literal + "/b")).isTrue();
        assertThat(PathGlob.of("/*" + "a".repeat(62)).matches("/x" + "a".repeat(62)))
                .isTrue();
        assertThatThrownBy(() -> PathGlob.of("/*" + "a".repeat(63))).hasMessageContaining("at most 63");
    }

    @Test
    void equalPatternsAreEqual() {
        assertThat(PathGlob.of("/a/*")).isEqualTo(PathGlob.of("/a/*")).isNotEqualTo(PathGlob.of("/a/**"));
    }
}
