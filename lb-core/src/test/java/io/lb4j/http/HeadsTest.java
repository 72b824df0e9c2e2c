package io.lb4j.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadsTest {
    @Test
    void tellsPathAndQueryOfATarget() {
        RequestHead head = new RequestHead().target("/a/b?c=d?e");

        assertThat(head.path()).isEqualTo("/a/b");
        assertThat(head.query()).contains("c=d?e");
    }

    @Test
    void tellsAnEmptyQueryFromNone() {
        assertThat(new RequestHead().target("/a?").query()).contains("");
        assertThat(new RequestHead().target("/a").query()).isEmpty();
    }

    @Test
    void forgetsThePathOfAnEarlierTarget() {
        RequestHead head = new RequestHead().target("/first?x");
        assertThat(head.path()).isEqualTo("/first");

        head.target("/second");

        assertThat(head.path()).isEqualTo("/second");
        assertThat(head.query()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a b", "/a\r\nx: y", "/\u0000", "/\u007f", "/\u0100"})
    void refusesTargetsThatCouldEndTheLine(String target) {
        assertThatThrownBy(() -> new RequestHead().target(target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("target: ");
    }

    @Test
    void aClearedHeadIsAsGoodAsNew() {
        RequestHead head = new RequestHead()
                .method(Method.POST)
                .target("/x?y")
                .authority("a")
                .scheme("https")
                .protocol("websocket")
                .version(Version.HTTP_2);
        head.fields().add("a", "1");

        head.clear();

        assertThat(head).hasToString(new RequestHead().toString());
        assertThat(head.fields().isEmpty()).isTrue();
        assertThat(head.isUpgrade()).isFalse();
        assertThat(head.query()).isEmpty();
    }

    @Test
    void aCopyDoesNotChangeWithItsOriginal() {
        RequestHead head = new RequestHead().method(Method.PUT).target("/x?y").authority("a");
        head.fields().add("a", "1");
        RequestHead copy = head.copy();

        head.clear();

        assertThat(copy).hasToString("PUT http://a/x HTTP/1.1");
        assertThat(copy.query()).contains("y");
        assertThat(copy.fields().value("a")).contains("1");
    }

    @Test
    void keepsTheQueryOutOfText() {
        assertThat(new RequestHead().target("/a?token=secret").toString()).doesNotContain("secret");
    }

    @Test
    void onlyHeadsBefore200ThatAreNot101AreInformational() {
        assertThat(new ResponseHead().status(100).isInformational()).isTrue();
        assertThat(new ResponseHead().status(103).isInformational()).isTrue();
        assertThat(new ResponseHead().status(101).isInformational()).isFalse();
        assertThat(new ResponseHead().status(200).isInformational()).isFalse();
    }

    @Test
    void refusesAStatusWithoutThreeDigits() {
        assertThatThrownBy(() -> new ResponseHead().status(99)).hasMessage("status: 99 (expected: 100..999)");
        assertThatThrownBy(() -> new ResponseHead().status(1000)).hasMessage("status: 1000 (expected: 100..999)");
    }

    @Test
    void registeredMethodsAreConstants() {
        assertThat(Method.of("GET")).isSameAs(Method.GET);
        assertThat(Method.of("get")).isNotEqualTo(Method.GET);
        assertThat(Method.of("PURGE")).isEqualTo(Method.of("PURGE"));
        assertThat(Method.of("PURGE").isIdempotent()).isFalse();
        assertThatThrownBy(() -> Method.of("G T")).hasMessage("method: \"G T\" (expected: a token)");
    }

    @Test
    void resetCodesSurviveTheWayThroughEachProtocol() {
        for (ResetCode code : new ResetCode[] {ResetCode.REFUSED_STREAM, ResetCode.CANCEL, ResetCode.INTERNAL_ERROR}) {
            assertThat(ResetCode.fromHttp2(code.http2Code())).isEqualTo(code);
            assertThat(ResetCode.fromHttp3(code.http3Code())).isEqualTo(code);
        }
        assertThat(ResetCode.fromHttp2(0xffff)).isEqualTo(ResetCode.INTERNAL_ERROR);
        assertThat(ResetCode.fromHttp3(0xffff)).isEqualTo(ResetCode.NO_ERROR);
    }
}
