package io.lb4j.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.model.PathPolicy;
import io.lb4j.model.PathPolicy.Ambiguous;
import io.lb4j.model.PathPolicy.Slashes;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathNormalizerTest {
    private final PathNormalizer normalizer = new PathNormalizer(Routes.pathPolicy(p -> {}));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a/b",
                "/a/b/",
                "/.well-known/acme",
                "/...",
                "/a..b/.c",
                "/caf%C3%A9",
                "/a%20b",
                "/a+b=c&d",
                "/a?x=/../%zz//;",
                "/?",
                "/a/?q",
                "*",
            })
    void returnsTheSameTextWhereThereIsNothingToDo(String target) throws ProxyException {
        assertThat(normalizer.normalize(target)).isSameAs(target);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/b/.., /a/",
        "/a/., /a/",
        "/., /",
        "/a/.., /",
        "/a/b/../../c, /c",
        "/%2e%2E/..%2f, refused",
        "/a/%2e%2E/b, /b",
        "/a/.%2e/b, /b",
        "/a/%2E, /a/",
        "/%61%7Eb, /a~b",
        "/%c3%a9, /%C3%A9",
        "/é, /%E9",
        "//a///b//, /a/b/",
        "//, /",
        "/a//../b, /b",
        "/a%2fb, /a%2Fb",
        "/a%2f..%2fb, /a%2F..%2Fb",
        "/%252e%252e/a, /%252e%252e/a",
        "/a;x=1/b, /a;x=1/b",
        "/a/../b?c=/../d, /b?c=/../d",
    })
    void makesOneFormOfAllThatMeanTheSame(String target, String expected) throws ProxyException {
        if (expected.equals("refused")) {
            assertThatThrownBy(() -> normalizer.normalize(target)).isInstanceOf(ProxyException.class);
            return;
        }
        assertThat(normalizer.normalize(target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../a",
                "/a/../../b",
                "/./..",
                "/%2e%2e",
                "/a/%2e%2e/%2e%2e",
                "/%",
                "/%4",
                "/%4?4",
                "/%zz",
                "/%-1",
                "/%00",
                "/a\\b",
                "/a%5cb",
                "/..;/a",
                "/a/.;x/b",
                "/a/..%3bx/b",
                "/a b",
                "/a\nb",
                "/a#b",
                "/a?b#c",
                "/%41?b#c",
                "a/b",
                "http://example.com/",
                "",
                "**",
            })
    void refusesWhatServersReadInDifferentWays(String target) {
        assertThatThrownBy(() -> normalizer.normalize(target))
                .isInstanceOfSatisfying(
                        ProxyException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED_REQUEST));
    }

    @Test
    void saysWhatWasSeenWithoutTheQuery() {
        assertThatThrownBy(() -> normalizer.normalize("/a\r\n%zz?token=secret"))
                .hasMessage("path: \"/a??%zz\" (expected: no space, control character or #)");
    }

    @Test
    void keepsOrRefusesDuplicateSlashesByPolicy() throws ProxyException {
        PathNormalizer keeping = new PathNormalizer(Routes.pathPolicy(p -> p.duplicateSlashes(Slashes.KEEP)));
        PathNormalizer refusing = new PathNormalizer(Routes.pathPolicy(p -> p.duplicateSlashes(Slashes.REFUSE)));

        assertThat(keeping.normalize("/a//b/../c")).isEqualTo("/a//c");
        assertThatThrownBy(() -> refusing.normalize("/a//b")).hasMessageContaining("no empty segment");
        assertThat(refusing.normalize("/a/b/")).isEqualTo("/a/b/");
    }

    @Test
    void refusesEncodedSlashesByPolicy() {
        PathNormalizer refusing = new PathNormalizer(Routes.pathPolicy(p -> p.encodedSlash(Ambiguous.REFUSE)));

        assertThatThrownBy(() -> refusing.normalize("/a%2Fb")).hasMessageContaining("no encoded slash");
    }

    @Test
    void refusesSemicolonsByPolicy() {
        PathNormalizer refusing = new PathNormalizer(Routes.pathPolicy(p -> p.semicolon(Ambiguous.REFUSE)));

        assertThatThrownBy(() -> refusing.normalize("/a;b")).hasMessageContaining("no semicolon");
        assertThatThrownBy(() -> refusing.normalize("/a%3Bb")).hasMessageContaining("no semicolon");
    }

    @Test
    void encodesBackslashesThatThePolicyKeeps() throws ProxyException {
        PathNormalizer keeping = new PathNormalizer(Routes.pathPolicy(p -> p.backslash(Ambiguous.KEEP)));

        assertThat(keeping.normalize("/a\\b%5cc")).isEqualTo("/a%5Cb%5Cc");
    }

    @Test
    void changesNothingTheSecondTime() {
        Random random = new Random(42);
        String alphabet = "/////....%%22eEfF5cCab;\\?é~";
        List<PathNormalizer> normalizers = Stream.of(Slashes.values())
                .map(slashes -> new PathNormalizer(Routes.pathPolicy(p -> p.duplicateSlashes(slashes))))
                .toList();
        int accepted = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder target = new StringBuilder("/");
            int length = random.nextInt(16);
            for (int i = 0; i < length; i++) {
                target.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (PathNormalizer each : normalizers) {
                accepted += checkIdempotent(target.toString(), each) ? 1 : 0;
            }
        }
        assertThat(accepted).isGreaterThan(20_000);
    }

    private static boolean checkIdempotent(String target, PathNormalizer normalizer) {
        String once;
        try {
            once = normalizer.normalize(target);
        } catch (ProxyException e) {
            // Refused: nothing to compare.
            return false;
        }
        try {
            assertThat(normalizer.normalize(once)).as(target).isEqualTo(once);
        } catch (ProxyException e) {
            throw new AssertionError(target + " became " + once + ", which is refused", e);
        }
        String path = once.substring(0, once.indexOf('?') < 0 ? once.length() : once.indexOf('?'));
        assertThat(path.split("/", -1)).as(target).doesNotContain(".", "..");
        assertThat(path).startsWith("/");
        return true;
    }

    @Test
    void allocatesNothingForACanonicalPath() {
        String[] targets = {"/api/v1/users/42?x=1", "/caf%C3%A9/.well-known/x", "/"};

        assertThat(Routes.allocatedBy(() -> normalizeAll(targets))).isZero();
    }

    private void normalizeAll(String[] targets) {
        try {
            for (String target : targets) {
                normalizer.normalize(target);
            }
        } catch (ProxyException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void hasPolicyDefaultsThatAreDocumented() {
        PathPolicy policy = Routes.pathPolicy(p -> {});

        assertThat(policy.duplicateSlashes()).isEqualTo(Slashes.MERGE);
        assertThat(policy.encodedSlash()).isEqualTo(Ambiguous.KEEP);
        assertThat(policy.backslash()).isEqualTo(Ambiguous.REFUSE);
        assertThat(policy.semicolon()).isEqualTo(Ambiguous.KEEP);
    }
}
