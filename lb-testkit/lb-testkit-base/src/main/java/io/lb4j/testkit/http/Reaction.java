package io.lb4j.testkit.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * What an upstream does when a request matches: steps, played in the order in which they are written down.
 *
 * <p>Unless {@link #early} is said, the whole request is read before the first step. Written on one thread before the
 * script starts; played on many.
 */
public final class Reaction {
    private static final String WEBSOCKET_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 §1.3

    private final Predicate<RequestHead> matcher;
    private final List<Step> steps = new ArrayList<>();
    private final AtomicLong timesLeft = new AtomicLong(Long.MAX_VALUE);
    private boolean early;

    Reaction(Predicate<RequestHead> matcher) {
        this.matcher = matcher;
    }

    /**
     * Default: for ever. Applies to that many matching requests; later ones fall to the reactions that follow in the
     * script.
     *
     * @param count how many requests
     * @return this
     */
    public Reaction times(int count) {
        timesLeft.set(count);
        return this;
    }

    /**
     * Default: read the request first. Plays the steps as soon as the head has arrived; what is left of the body is read
     * after the last step.
     *
     * @return this
     */
    public Reaction early() {
        early = true;
        return this;
    }

    /**
     * Waits.
     *
     * @param period how long
     * @return this
     */
    public Reaction delay(Duration period) {
        return perform(exchange -> exchange.pause(period));
    }

    /**
     * Waits until {@link ScriptedUpstream#release}; ends the connection if the client closes it first.
     *
     * @return this
     */
    public Reaction stall() {
        return perform(UpstreamExchange::awaitRelease);
    }

    /**
     * Sends an informational response, such as 103.
     *
     * @param status from 100 to 199, but not 101
     * @param namesAndValues its fields: name, value, name, value …
     * @return this
     */
    public Reaction inform(int status, String... namesAndValues) {
        Fields fields = Fields.of(namesAndValues);
        return perform(exchange -> exchange.inform(status, fields));
    }

    /**
     * Answers without body.
     *
     * @param status the final status code
     * @return this
     */
    public Reaction answer(int status) {
        return answer(Answer.status(status));
    }

    /**
     * Answers with a text.
     *
     * @param status the final status code
     * @param body sent as UTF-8
     * @return this
     */
    public Reaction answer(int status, String body) {
        return answer(Answer.status(status).body(body));
    }

    /**
     * Answers with full control.
     *
     * @param answer what to send, and how
     * @return this
     */
    public Reaction answer(Answer answer) {
        return perform(exchange -> exchange.answer(answer));
    }

    /**
     * Answers with the request: method and target in {@code x-echo-method} and {@code x-echo-target}, each header field
     * as {@code x-echo-<name>}, body and trailers as they come, while they come.
     *
     * @return this
     */
    public Reaction echo() {
        early = true;
        return perform(Echo::play);
    }

    /**
     * Swallows the body and answers 200 with its length and checksum in {@code x-body-length} and
     * {@code x-body-crc32c} (hexadecimal).
     *
     * @return this
     */
    public Reaction sink() {
        return perform(exchange -> {
            Body body = exchange.request().body();
            exchange.answer(Answer.status(200)
                    .header("x-body-length", Long.toString(body.length()))
                    .header("x-body-crc32c", Long.toHexString(body.crc32c())));
        });
    }

    /**
     * Answers 101 and sends every byte back that comes afterwards, until the client ends its sending direction. A client that sends a
     * {@code sec-websocket-key} is told its answer (RFC 6455 §4.2.2).
     *
     * @param protocol the value of {@code upgrade}
     * @return this
     */
    public Reaction upgrade(String protocol) {
        return perform(exchange -> {
            Answer answer = Answer.status(101).header("connection", "Upgrade").header("upgrade", protocol);
            Optional<String> key = exchange.request().headers().first("sec-websocket-key");
            exchange.answer(key.isEmpty() ? answer : answer.header("sec-websocket-accept", acceptOf(key.get())));
            Echo.tunnel(exchange.tunnel());
        });
    }

    private static String acceptOf(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest = sha1.digest((key + WEBSOCKET_MAGIC).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /**
     * Sends bytes as they are.
     *
     * @param text each character a byte (ISO 8859-1)
     * @return this
     */
    public Reaction raw(String text) {
        byte[] bytes = AnswerWriter.latin1(text);
        return perform(exchange -> exchange.write(bytes));
    }

    /**
     * Sends noise where a response should be.
     *
     * @param count how many bytes of {@link Payload}
     * @return this
     */
    public Reaction garbage(int count) {
        byte[] bytes = Payload.bytes(count);
        return perform(exchange -> exchange.write(bytes));
    }

    /**
     * Ends the connection with a FIN, after what was sent before.
     *
     * @return this
     */
    public Reaction close() {
        return perform(UpstreamExchange::close);
    }

    /**
     * Ends the connection with an RST, after what was sent before.
     *
     * @return this
     */
    public Reaction reset() {
        return perform(UpstreamExchange::reset);
    }

    /**
     * Does anything else.
     *
     * @param step called once for each request, on the connection's thread
     * @return this
     */
    public Reaction perform(Step step) {
        steps.add(step);
        return this;
    }

    boolean claims(RequestHead head) {
        return matcher.test(head) && timesLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    void play(UpstreamExchange exchange) throws IOException {
        if (!early) {
            exchange.readBody();
        }
        for (Step step : steps) {
            step.play(exchange);
        }
    }

    /** One step of a reaction. */
    @FunctionalInterface
    public interface Step {
        /**
         * Plays the step.
         *
         * @param exchange the request, and the means to answer it
         * @throws IOException if the client has gone, or to end the connection
         */
        void play(UpstreamExchange exchange) throws IOException;
    }
}
