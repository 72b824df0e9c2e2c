package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.Version;
import io.lb4j.internal.codec.http2.EmbeddedServer.Exchange;
import io.lb4j.internal.codec.http2.Frames.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerRequestTest {
    private final EmbeddedServer server = new EmbeddedServer();
    private final EmbeddedPeer client = server.client();
    private final Frames frames = client.frames();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void takesTheSchemeFromTheConnectionAndNotFromTheClient() {
        server.greeted();
        server.send(client.frames()
                .headers(1, true, ":method", "GET", ":scheme", "https", ":authority", "a.example", ":path", "/"));
        assertThat(server.exchange(0).head().scheme()).isEqualTo("http");
    }

    @Test
    void greetsWithItsSettingsAndALargerWindow() {
        List<Frame> first = client.received();
        assertThat(first.get(0).type()).isEqualTo(FrameType.SETTINGS);
        assertThat(first.get(1).type()).isEqualTo(FrameType.WINDOW_UPDATE);
        assertThat(first.get(1).intAt(0)).isEqualTo(1_048_576 - 65_535);
    }

    @Test
    void acknowledgesSettings() {
        server.greeted();
        assertThat(client.received(FrameType.SETTINGS)).last().matches(frame -> frame.flags() == FrameType.FLAG_ACK);
    }

    @Test
    void deliversAHeadInTheNeutralModel() {
        server.greeted()
                .send(frames.headers(
                        1,
                        true,
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":authority",
                        "a.example:8443",
                        ":path",
                        "/a/b?c=d",
                        "accept",
                        "text/html",
                        "te",
                        "trailers"));
        RequestHead head = server.exchange(0).head();
        assertThat(head.method()).isEqualTo(Method.GET);
        assertThat(head.scheme()).isEqualTo("http");
        assertThat(head.authority()).isEqualTo("a.example:8443");
        assertThat(head.target()).isEqualTo("/a/b?c=d");
        assertThat(head.version()).isEqualTo(Version.HTTP_2);
        assertThat(head.fields().value(FieldName.ACCEPT)).contains("text/html");
        assertThat(head.fields().value(FieldName.TE)).contains("trailers");
    }

    @Test
    void takesTheAuthorityFromHostAndLeavesHostOut() {
        server.greeted()
                .send(frames.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/", "host", "b.example"));
        assertThat(server.exchange(0).head().authority()).isEqualTo("b.example");
        assertThat(server.exchange(0).head().fields().contains(FieldName.HOST)).isFalse();
    }

    @Test
    void joinsThePiecesOfACookie() {
        server.greeted().send(frames.post(1, "cookie", "a=1", "x-between", "y", "cookie", "b=2", "cookie", "c=3"));
        assertThat(server.exchange(0).head().fields().values(FieldName.COOKIE)).containsExactly("a=1; b=2; c=3");
    }

    @Test
    void readsAnUnusualMethod() {
        server.greeted()
                .send(frames.headers(
                        1, true, ":method", "PURGE", ":scheme", "http", ":authority", "a.example", ":path", "/"));
        assertThat(server.exchange(0).head().method().name()).isEqualTo("PURGE");
    }

    @Test
    void deliversTheBodyAndItsEnd() {
        server.greeted().send(frames.post(1), Frames.data(1, "one ", false), Frames.data(1, "two", true));
        Heard heard = server.exchange(0).heard();
        assertThat(heard.body()).isEqualTo("one two");
        assertThat(heard.isEnded()).isTrue();
    }

    @Test
    void deliversTrailers() {
        server.greeted().send(frames.post(1), Frames.data(1, "x", false), frames.headers(1, true, "x-sum", "7"));
        Heard heard = server.exchange(0).heard();
        assertThat(heard.trailers()).isNotNull();
        assertThat(heard.lastFields().value("x-sum")).contains("7");
    }

    @Test
    void dropsPaddingAndDoesNotWaitForIt() {
        ByteBuf padded = Frames.frame(
                FrameType.DATA, FrameType.FLAG_PADDED | FrameType.FLAG_END_STREAM, 1, new byte[] {3, 'a', 'b', 0, 0, 0
                });
        server.greeted().send(frames.post(1), padded);
        assertThat(server.exchange(0).heard().body()).isEqualTo("ab");
        assertThat(server.exchange(0).heard().isEnded()).isTrue();
    }

    @Test
    void readsABlockInPieces() {
        byte[] block = frames.block(":method", "GET", ":scheme", "http", ":authority", "a.example", ":path", "/pieces");
        int third = block.length / 3;
        server.greeted()
                .send(
                        Frames.frame(FrameType.HEADERS, FrameType.FLAG_END_STREAM, 1, slice(block, 0, third)),
                        Frames.frame(FrameType.CONTINUATION, 0, 1, slice(block, third, 2 * third)),
                        Frames.frame(
                                FrameType.CONTINUATION,
                                FrameType.FLAG_END_HEADERS,
                                1,
                                slice(block, 2 * third, block.length)));
        assertThat(server.exchange(0).head().target()).isEqualTo("/pieces");
    }

    @Test
    void respondsWithHeadBodyAndTrailers() {
        server.greeted().send(frames.get(1, "/"));
        Exchange exchange = server.exchange(0);
        exchange.respond(200, false, "server", "lb");
        exchange.write("hello", false);
        exchange.stream().writeTrailers(new io.lb4j.http.Fields().add("x-end", "1"));
        List<Frame> heads = client.received(FrameType.HEADERS, 1);
        assertThat(frames.lines(heads.get(0).payload())).containsExactly(":status: 200", "server: lb");
        assertThat(client.body(1)).isEqualTo("hello");
        assertThat(frames.lines(heads.get(1).payload())).containsExactly("x-end: 1");
        assertThat(heads.get(1).ends()).isTrue();
    }

    @Test
    void passesInformationalHeadsButNot101() {
        server.greeted().send(frames.get(1, "/"));
        Exchange exchange = server.exchange(0);
        exchange.stream().writeInformational(Exchange.head(103, "link", "</a>"));
        exchange.stream().writeInformational(Exchange.head(101));
        exchange.respond(204, true);
        List<Frame> heads = client.received(FrameType.HEADERS, 1);
        assertThat(heads).hasSize(2);
        assertThat(frames.lines(heads.get(0).payload())).contains(":status: 103");
        assertThat(heads.get(0).ends()).isFalse();
        assertThat(frames.lines(heads.get(1).payload())).containsExactly(":status: 204");
    }

    @Test
    void keepsContentLengthOfAResponseToHead() {
        server.greeted().send(frames.get(1, "/"));
        server.exchange(0).respond(200, true, "content-length", "1234");
        assertThat(frames.lines(client.received(FrameType.HEADERS, 1).get(0).payload()))
                .contains("content-length: 1234");
    }

    @Test
    void leavesFieldsOfAConnectionBehind() {
        server.greeted().send(frames.get(1, "/"));
        server.exchange(0)
                .respond(
                        200,
                        true,
                        "connection",
                        "close",
                        "transfer-encoding",
                        "chunked",
                        "keep-alive",
                        "5",
                        "x-kept",
                        "1");
        assertThat(frames.lines(client.received(FrameType.HEADERS, 1).get(0).payload()))
                .containsExactly(":status: 200", "x-kept: 1");
    }

    @Test
    void splitsAHeadThatIsLargerThanAFrame() {
        server.greeted().send(frames.get(1, "/"));
        // Not to be compressed below a frame's size by any coding: five bits at least for each octet.
        server.exchange(0).respond(200, true, "x-large", "0123456789".repeat(3_000));
        List<Frame> parts = client.received(frame -> frame.stream() == 1);
        assertThat(parts).hasSize(2);
        assertThat(parts.get(1).type()).isEqualTo(FrameType.CONTINUATION);
        assertThat(parts.get(0).ends()).isTrue();
        ByteBuf block =
                Unpooled.wrappedBuffer(parts.get(0).payload(), parts.get(1).payload());
        assertThat(block.readableBytes()).isGreaterThan(FrameType.DEFAULT_MAX_FRAME);
        assertThat(new Frames().lines(Frames.octets(block))).hasSize(2);
    }

    @Test
    void resetsTheRestOfARequestThatWasAnsweredEarly() {
        server.greeted().send(frames.post(1));
        server.exchange(0).respond(413, true);
        client.runTasks();
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.NO_ERROR);
        server.send(Frames.data(1, "late", false), frames.get(3, "/next"));
        assertThat(server.exchanges()).hasSize(2);
        assertThat(client.goAwayCode()).isNull();
    }

    @Test
    void resetsTheRestOfARequestWhoseAnswerHadToWaitForItsWindow() {
        server.greeted(PeerSettings.INITIAL_WINDOW_SIZE, 1).send(frames.post(1));
        server.exchange(0).respond(413, false);
        server.exchange(0).write("too large", true);
        client.runTasks();
        assertThat(client.resetCode(1)).isNull();
        server.send(Frames.windowUpdate(1, 100));
        client.runTasks();
        assertThat(client.body(1)).isEqualTo("too large");
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.NO_ERROR);
    }

    @Test
    void doesNotResetARequestThatEndedInTheSameTurn() {
        server.onRequest((exchange, end) -> exchange.respond(404, true));
        server.greeted();
        client.sendTogether(frames.post(1), Frames.data(1, "whole", true));
        assertThat(client.resetCode(1)).isNull();
        assertThat(client.received(FrameType.HEADERS, 1)).hasSize(1);
    }

    @Test
    void tellsTheListenerOfAResetByTheClient() {
        server.greeted().send(frames.post(1), Frames.reset(1, ErrorCode.CANCEL));
        Heard heard = server.exchange(0).heard();
        assertThat(heard.failure()).isNotNull();
        assertThat(heard.reason().kind()).isEqualTo(Kind.CLIENT_GONE);
        assertThat(heard.reason().resetCode()).contains(io.lb4j.http.ResetCode.CANCEL);
    }

    @Test
    void mapsTheCodeOfAReset() {
        server.greeted().send(frames.get(1, "/"));
        server.exchange(0).stream().reset(io.lb4j.http.ResetCode.REFUSED_STREAM);
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.REFUSED_STREAM);
    }

    @Test
    void ignoresWhatIsWrittenAfterTheEnd() {
        server.greeted().send(frames.get(1, "/"));
        Exchange exchange = server.exchange(0);
        exchange.respond(200, true);
        exchange.write("more", true);
        exchange.stream().reset(io.lb4j.http.ResetCode.INTERNAL_ERROR);
        assertThat(client.received(frame -> frame.stream() == 1)).hasSize(1);
    }

    @Test
    void failsOpenStreamsWhenTheConnectionIsLost() {
        server.greeted().send(frames.post(1));
        client.channel().close();
        assertThat(server.exchange(0).heard().failures()).isEqualTo(1);
        assertThat(server.exchange(0).heard().reason().kind()).isEqualTo(Kind.CLIENT_GONE);
    }

    @Test
    void usesAHeadAgainOnlyAfterTheTurn() {
        server.onRequest((exchange, end) -> exchange.respond(200, true));
        server.greeted();
        client.sendTogether(frames.get(1, "/one"), frames.get(3, "/two"));
        server.send(frames.get(5, "/three"));
        RequestHead one = server.exchange(0).head();
        assertThat(server.exchange(1).head()).isNotSameAs(one);
        assertThat(server.exchange(2).head()).isIn(one, server.exchange(1).head());
    }

    private static byte[] slice(byte[] octets, int start, int end) {
        return java.util.Arrays.copyOfRange(octets, start, end);
    }
}
