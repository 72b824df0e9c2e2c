package io.lb4j.http3;

import io.lb4j.http3.H3Client.H3Frame;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tech.kwik.core.QuicStream;

/** One request of an {@link H3Client}, as far as it is told to go. */
final class H3Exchange {
    private final QuicStream stream;

    H3Exchange(QuicStream stream) {
        this.stream = stream;
    }

    QuicStream stream() {
        return stream;
    }

    /** The octets of a request, for who sends them himself. */
    static final class Octets {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Octets head(String method, String path) {
            out.writeBytes(H3Client.frame(H3Client.HEADERS, H3Client.section(fieldsOf(method, path))));
            return this;
        }

        Octets data(byte[] octets) {
            out.writeBytes(H3Client.frame(H3Client.DATA, octets));
            return this;
        }

        byte[] octets() {
            return out.toByteArray();
        }
    }

    private static List<Map.Entry<String, String>> fieldsOf(String method, String path, String... namesAndValues) {
        List<Map.Entry<String, String>> fields = new ArrayList<>(List.of(
                Map.entry(":method", method),
                Map.entry(":scheme", "https"),
                Map.entry(":authority", "localhost"),
                Map.entry(":path", path)));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(Map.entry(namesAndValues[i], namesAndValues[i + 1]));
        }
        return fields;
    }

    H3Exchange head(String method, String path, String... namesAndValues) {
        return fields(fieldsOf(method, path, namesAndValues));
    }

    H3Exchange trailers(String name, String value) {
        return fields(List.of(Map.entry(name, value)));
    }

    H3Exchange fields(List<Map.Entry<String, String>> fields) {
        return raw(H3Client.frame(H3Client.HEADERS, H3Client.section(fields)));
    }

    H3Exchange data(byte[] octets) {
        return raw(H3Client.frame(H3Client.DATA, octets));
    }

    H3Exchange raw(byte[] octets) {
        try {
            stream.getOutputStream().write(octets);
            stream.getOutputStream().flush();
        } catch (IOException e) {
            // the server wants no more of it: what it has answered shows the rest
        }
        return this;
    }

    H3Exchange end() {
        try {
            stream.getOutputStream().close();
        } catch (IOException e) {
            // as above
        }
        return this;
    }

    /** Reads a frame. */
    H3Frame next() throws IOException {
        try {
            return apart(() -> H3Frame.read(stream.getInputStream()));
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Reads in a thread of its own: kwik interrupts a reader whose stream is reset, even when it has just come back. */
    private static <T> T apart(Callable<T> reading) {
        CompletableFuture<T> read = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try {
                        read.complete(reading.call());
                    } catch (Exception e) {
                        read.completeExceptionally(e);
                    }
                },
                "h3-reader");
        reader.setDaemon(true);
        reader.start();
        return read.join();
    }

    /** Reads the answer to its end, or to its reset. */
    H3Answer answer() {
        return apart(this::readAnswer);
    }

    private H3Answer readAnswer() {
        List<List<Map.Entry<String, String>>> sections = new ArrayList<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        InputStream in = stream.getInputStream();
        try {
            for (; ; ) {
                H3Frame frame = H3Frame.read(in);
                if (frame.type() == H3Client.HEADERS) {
                    sections.add(H3Client.fields(frame.payload()));
                } else if (frame.type() == H3Client.DATA) {
                    body.writeBytes(frame.payload());
                }
            }
        } catch (EOFException end) {
            return new H3Answer(sections, body.toByteArray(), "");
        } catch (IOException broken) {
            return new H3Answer(sections, body.toByteArray(), String.valueOf(broken.getMessage()));
        }
    }
}
