package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * What an upstream does on a stream that matches: steps, played in the order in which they are written down, on a thread
 * of the stream's own.
 *
 * <p>Unless {@link #early} is said, the first step waits for the end of the request. Written on one thread before the
 * script starts; played on many.
 */
public final class H2Reaction {
    private final Predicate<Fields> matcher;
    private final List<Step> steps = new ArrayList<>();
    private final AtomicLong timesLeft = new AtomicLong(Long.MAX_VALUE);
    private boolean early;
    private boolean pulling;

    H2Reaction(Predicate<Fields> matcher) {
        this.matcher = matcher;
    }

    /**
     * Default: for ever. Applies to that many matching streams; later ones fall to the reactions that follow in the
     * script.
     *
     * @param count how many streams
     * @return this
     */
    public H2Reaction times(int count) {
        timesLeft.set(count);
        return this;
    }

    /**
     * Default: wait for the end of the request. Plays the steps as soon as the head has arrived.
     *
     * @return this
     */
    public H2Reaction early() {
        early = true;
        return this;
    }

    /**
     * Default: windows open as DATA arrives. Opens them only as {@link H2Exchange#readBody} takes the pieces; implies
     * {@link #early}.
     *
     * @return this
     */
    public H2Reaction pulling() {
        pulling = true;
        return early();
    }

    /**
     * Waits.
     *
     * @param period how long
     * @return this
     */
    public H2Reaction delay(Duration period) {
        return perform(exchange -> exchange.pause(period));
    }

    /**
     * Waits until {@link ScriptedH2Upstream#release}, or until the client gives up.
     *
     * @return this
     */
    public H2Reaction stall() {
        return perform(H2Exchange::awaitRelease);
    }

    /**
     * Sends an informational response, such as 103.
     *
     * @param status from 100 to 199, but not 101
     * @param namesAndValues its fields: name, value, name, value …
     * @return this
     */
    public H2Reaction inform(int status, String... namesAndValues) {
        Fields fields = Fields.of(":status", Integer.toString(status)).and(Fields.of(namesAndValues));
        return perform(exchange -> exchange.headers(fields, false));
    }

    /**
     * Answers without body, and ends the stream.
     *
     * @param status the final status code
     * @return this
     */
    public H2Reaction answer(int status) {
        return perform(exchange -> exchange.status(status, Fields.none(), true));
    }

    /**
     * Answers with a text, and ends the stream.
     *
     * @param status the final status code
     * @param body sent as UTF-8
     * @return this
     */
    public H2Reaction answer(int status, String body) {
        return headers(status).data(body).end();
    }

    /**
     * Sends the head of the final response; the stream stays open.
     *
     * @param status the final status code
     * @param namesAndValues its fields: name, value, name, value …
     * @return this
     */
    public H2Reaction headers(int status, String... namesAndValues) {
        Fields fields = Fields.of(namesAndValues);
        return perform(exchange -> exchange.status(status, fields, false));
    }

    /**
     * Sends body bytes; the stream stays open.
     *
     * @param text sent as UTF-8
     * @return this
     */
    public H2Reaction data(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return perform(exchange -> exchange.data(bytes, false));
    }

    /**
     * Sends a body of {@link io.lb4j.testkit.http.Payload} in constant memory; the stream stays open.
     *
     * @param length in bytes
     * @return this
     */
    public H2Reaction payload(long length) {
        return perform(exchange -> exchange.payload(length, false));
    }

    /**
     * Sends trailer fields, and ends the stream.
     *
     * @param namesAndValues name, value, name, value …
     * @return this
     */
    public H2Reaction trailers(String... namesAndValues) {
        Fields fields = Fields.of(namesAndValues);
        return perform(exchange -> exchange.headers(fields, true));
    }

    /**
     * Ends the stream with an empty DATA frame.
     *
     * @return this
     */
    public H2Reaction end() {
        return perform(exchange -> exchange.data(new byte[0], true));
    }

    /**
     * Resets the stream.
     *
     * @param error why
     * @return this
     */
    public H2Reaction reset(H2Error error) {
        return frame(stream -> Frame.reset(stream, error));
    }

    /**
     * Resets the stream before any processing, so that the client may safely retry (RFC 9113 §8.7).
     *
     * @return this
     */
    public H2Reaction refuse() {
        return early().reset(H2Error.REFUSED_STREAM);
    }

    /**
     * Sends GOAWAY that counts this stream among the processed ones.
     *
     * @param error why
     * @return this
     */
    public H2Reaction goAway(H2Error error) {
        return frame(stream -> Frame.goAway(stream, error, ""));
    }

    /**
     * Sends GOAWAY that counts this stream among those never processed, so that the client may safely retry.
     *
     * @param error why
     * @return this
     */
    public H2Reaction goAwayBefore(H2Error error) {
        return frame(stream -> Frame.goAway(Math.max(0, stream - 2), error, ""));
    }

    /**
     * Sends any frame.
     *
     * @param maker given the number of the stream
     * @return this
     */
    public H2Reaction frame(IntFunction<Frame> maker) {
        return perform(exchange -> exchange.send(maker.apply(exchange.request().id())));
    }

    /**
     * Answers with the request: method and path in {@code x-echo-method} and {@code x-echo-target}, body and trailers as
     * they come, while they come, under backpressure. Serves for extended CONNECT (RFC 8441) too.
     *
     * @return this
     */
    public H2Reaction echo() {
        return pulling().perform(exchange -> {
            RecordedStream request = exchange.request();
            exchange.status(200, Fields.of("x-echo-method", request.method(), "x-echo-target", request.path()), false);
            Optional<byte[]> piece = exchange.readBody();
            while (piece.isPresent()) {
                exchange.data(piece.get(), false);
                piece = exchange.readBody();
            }
            Fields trailers = request.trailers();
            if (trailers.isEmpty()) {
                exchange.data(new byte[0], true);
                return;
            }
            exchange.headers(trailers, true);
        });
    }

    /**
     * Ends the whole connection with a FIN.
     *
     * @return this
     */
    public H2Reaction close() {
        return perform(H2Exchange::close);
    }

    /**
     * Ends the whole connection with an RST.
     *
     * @return this
     */
    public H2Reaction abort() {
        return perform(H2Exchange::abort);
    }

    /**
     * Does anything else.
     *
     * @param step called once for each stream, on the stream's thread
     * @return this
     */
    public H2Reaction perform(Step step) {
        steps.add(step);
        return this;
    }

    boolean claims(Fields head) {
        return matcher.test(head) && timesLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    boolean isPulling() {
        return pulling;
    }

    void play(H2Exchange exchange) throws IOException {
        if (!early) {
            exchange.awaitEnd();
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
        void play(H2Exchange exchange) throws IOException;
    }
}
