package io.lb4j.internal.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Blocks that were changed at random: each is decoded or refused, and nothing else happens. */
class HpackMutationTest {
    @Test
    void decodesOrRefuses() {
        Random random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] block = mutated(random);
            HpackDecoder decoder = new HpackDecoder(4_096, 8_192, 50);
            Collected collected = new Collected();
            try {
                boolean fits = decoder.decode(block, 0, block.length, collected);
                assertThat(collected.lines().size()).isLessThanOrEqualTo(50);
                assertThat(fits).isEqualTo(decoder.listSize() <= 8_192 && decoder.fieldCount() <= 50);
            } catch (HpackException e) {
                refused++;
            } catch (RuntimeException e) {
                fail("block " + ByteBufUtil.hexDump(block), e);
            }
        }
        assertThat(refused).isBetween(1_000, 59_000);
    }

    private static byte[] mutated(Random random) {
        HpackEncoder encoder = new HpackEncoder(4_096);
        encoder.begin();
        encoder.status(200);
        Fields fields = new Fields()
                .add("server", "x")
                .add("x-name", "some value " + random.nextInt(9))
                .add("set-cookie", "a=b");
        for (int i = 0; i < fields.size(); i++) {
            encoder.field(fields, i);
        }
        ByteBuf out = Unpooled.buffer();
        encoder.writeTo(out, 0, encoder.length());
        byte[] block = ByteBufUtil.getBytes(out);
        for (int i = random.nextInt(4); i >= 0; i--) {
            block[random.nextInt(block.length)] = (byte) random.nextInt(256);
        }
        return block;
    }
}
