package io.lb4j.internal.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random fields between this HPACK and Netty's, block after block on one connection, with tables that change their size. */
class HpackInteropTest {
    private static final int BLOCKS = 400;
    private static final List<String> NAMES = List.of(
            "accept",
            "content-type",
            "cookie",
            "set-cookie",
            "authorization",
            "x-custom",
            "x-other-name",
            "date",
            "etag",
            "a",
            "content-length",
            "cache-control",
            "x-long-name-that-does-not-compress-well-0123456789");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void decodesWhatNettyEncodes(long seed) throws Exception {
        Random random = new Random(seed);
        DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
        HpackDecoder decoder = new HpackDecoder(4_096, 1 << 20, 1_000);
        for (int i = 0; i < BLOCKS; i++) {
            if (random.nextInt(20) == 0) {
                encoder.maxHeaderTableSize(random.nextInt(4_097));
            }
            Fields fields = randomFields(random);
            Http2Headers headers = new DefaultHttp2Headers(false);
            fields.forEach(headers::add);
            ByteBuf out = Unpooled.buffer();
            encoder.encodeHeaders(1, headers, out);
            byte[] block = ByteBufUtil.getBytes(out);
            Collected collected = new Collected();
            assertThat(decoder.decode(block, 0, block.length, collected)).isTrue();
            assertThat(collected.lines()).containsExactlyInAnyOrderElementsOf(lines(fields));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void encodesWhatNettyDecodes(long seed) throws Exception {
        Random random = new Random(seed);
        HpackEncoder encoder = new HpackEncoder(4_096);
        DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
        for (int i = 0; i < BLOCKS; i++) {
            if (random.nextInt(20) == 0) {
                int size = random.nextInt(4_097);
                decoder.configuration().maxHeaderTableSize(size);
                encoder.tableSize(size);
            }
            Fields fields = randomFields(random);
            encoder.begin();
            encoder.status(100 + random.nextInt(500));
            for (int index = 0; index < fields.size(); index++) {
                encoder.field(fields, index);
            }
            ByteBuf out = Unpooled.buffer();
            encoder.writeTo(out, 0, encoder.length());
            Http2Headers headers = decoder.decodeHeaders(1, out);
            headers.remove(":status");
            List<String> decoded = new ArrayList<>();
            headers.forEach(field -> decoded.add(field.getKey() + ": " + field.getValue()));
            assertThat(decoded).containsExactlyInAnyOrderElementsOf(lines(fields));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void decodesWhatItEncodes(long seed) throws Exception {
        Random random = new Random(seed);
        HpackEncoder encoder = new HpackEncoder(4_096);
        HpackDecoder decoder = new HpackDecoder(4_096, 1 << 20, 1_000);
        for (int i = 0; i < BLOCKS; i++) {
            if (random.nextInt(10) == 0) {
                encoder.tableSize(random.nextInt(5_000));
            }
            Fields fields = randomFields(random);
            encoder.begin();
            for (int index = 0; index < fields.size(); index++) {
                encoder.field(fields, index);
            }
            ByteBuf out = Unpooled.buffer();
            encoder.writeTo(out, 0, encoder.length());
            byte[] block = ByteBufUtil.getBytes(out);
            Collected collected = new Collected();
            assertThat(decoder.decode(block, 0, block.length, collected)).isTrue();
            assertThat(collected.lines()).containsExactlyElementsOf(lines(fields));
        }
    }

    private static Fields randomFields(Random random) {
        Fields fields = new Fields();
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            // Few different values, so that tables are hit; now and then a long one, so that they overflow.
            String value = random.nextInt(4) == 0 ? randomText(random) : "value-" + random.nextInt(30);
            fields.add(name, value);
        }
        return fields;
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(10) == 0 ? random.nextInt(5_000) : random.nextInt(60);
        for (int i = 0; i < length; i++) {
            char c = (char) (' ' + random.nextInt(256 - ' '));
            text.append(c == 0x7f ? '~' : c);
        }
        return text.toString();
    }

    private static List<String> lines(Fields fields) {
        List<String> lines = new ArrayList<>();
        fields.forEach((name, value) -> lines.add(name + ": " + value));
        return lines;
    }
}
