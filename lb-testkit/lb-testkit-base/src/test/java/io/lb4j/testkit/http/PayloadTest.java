package io.lb4j.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_520, 65_521, 65_522, 200_000})
    void bytesStreamAndChecksumAgree(int length) throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        Payload.write(length, stream);
        BodyCapture capture = new BodyCapture(10);
        capture.write(Payload.bytes(length), 0, length);

        assertThat(stream.toByteArray()).isEqualTo(Payload.bytes(length));
        assertThat(capture.body().crc32c()).isEqualTo(Payload.crc32c(length));
        assertThat(capture.body().length()).isEqualTo(length);
        assertThat(capture.body().bytes()).hasSize(Math.min(10, length));
    }
}
