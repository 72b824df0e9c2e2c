package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What becomes of octets that come in given pieces, in words. Fails when a buffer is lost. */
final class Transcript {
    private Transcript() {}

    /** Tells what a server makes of requests; it answers each as soon as it has ended. */
    static String ofRequests(byte[] octets, int... cuts) {
        StringBuilder text = new StringBuilder();
        try (EmbeddedServer server = new EmbeddedServer(Samples.LIMITS)) {
            int start = 0;
            for (int cut : cuts) {
                send(server, octets, start, cut);
                start = cut;
            }
            send(server, octets, start, octets.length);
            Received received = server.received();
            for (int i = 0; i < received.count(); i++) {
                Received.Request request = received.request(i);
                text.append(request.request())
                        .append('\n')
                        .append(request.request().fields());
                request.refusal().ifPresent(refusal -> text.append("refused: ").append(refusal.kind()));
                append(text, request);
            }
            text.append(server.client().take()).append(server.client().isOpen() ? "open" : "closed");
        }
        return text.toString();
    }

    private static void send(EmbeddedServer server, byte[] octets, int start, int end) {
        if (start == end || !server.client().isOpen()) {
            return;
        }
        server.client().send(Arrays.copyOfRange(octets, start, end));
        int answered = -1;
        while (answered < server.received().count() && server.received().count() > 0) {
            answered = server.received().count();
            Received.Request request = server.received().last();
            if (request.isEnded()
                    || request.refusal().isPresent()
                    || request.failure().isPresent()) {
                answer(request);
                server.client().turn();
            }
        }
    }

    private static void answer(Received.Request request) {
        if (!request.isAnswered()) {
            request.answer(request.refusal().isPresent() ? 400 : 200, "ok");
        }
    }

    /** Tells what a client makes of what comes after a GET. */
    static String ofResponse(byte[] octets, int... cuts) {
        StringBuilder text = new StringBuilder();
        try (EmbeddedClient client = new EmbeddedClient(Samples.LIMITS)) {
            Heard heard = new Heard();
            client.get(heard);
            int start = 0;
            for (int i = 0; i <= cuts.length; i++) {
                int end = i == cuts.length ? octets.length : cuts[i];
                if (start < end && client.endpoint().isOpen()) {
                    client.endpoint().send(Arrays.copyOfRange(octets, start, end));
                }
                start = end;
            }
            heard.informational().forEach(head -> text.append(head).append('\n').append(head.fields()));
            if (heard.hasHead()) {
                text.append(heard.head()).append('\n').append(heard.head().fields());
            }
            append(text, heard);
            text.append(client.events().calls()).append(client.connection().capacity());
        }
        return text.toString();
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void append(StringBuilder text, Heard heard) {
        text.append(heard.body())
                .append(heard.isEnded() ? " ended " : " not ended ")
                .append(heard.trailers().map(Fields::toString).orElse(""))
                .append(heard.failure()
                        .map(ProxyException::kind)
                        .map(Enum::name)
                        .orElse(""))
                .append('\n');
    }
}
