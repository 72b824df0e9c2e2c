package io.lb4j.internal.health;

import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP check under way. Confined to its event loop but for {@link #cancel}. */
final class HttpProbe implements Prober.Probe, Connector.Outcome, ClientConnection.Events, ResponseListener {
    private static final Logger LOG = LoggerFactory.getLogger(HttpProbe.class);
    private static final int MAX_CONTENT = 64 * 1024;

    private final HttpProber.Question question;
    private final Endpoint endpoint;
    private final LoopContext loop;
    private final Consumer<Prober.Result> report;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private @Nullable ClientConnection connection;
    private int status;
    private boolean ended;

    HttpProbe(HttpProber.Question question, Endpoint endpoint, LoopContext loop, Consumer<Prober.Result> report) {
        this.question = question;
        this.endpoint = endpoint;
        this.loop = loop;
        this.report = report;
    }

    void start() {
        if (!ended) {
            question.connector().connect(endpoint, loop, this, this);
        }
    }

    @Override
    public void cancel() {
        if (loop.eventLoop().inEventLoop()) {
            end();
            return;
        }
        try {
            loop.eventLoop().execute(this::end);
        } catch (RejectedExecutionException e) {
            // The event loop has shut down, and has closed its connections by that.
            LOG.debug("check of {} ended with its event loop", endpoint.address(), e);
        }
    }

    @Override
    public void onConnected(ClientConnection made) {
        if (ended) {
            made.close();
            return;
        }
        connection = made;
        made.open(this).writeHead(requestHead(), true);
    }

    @Override
    public void onFailed(ProxyException reason) {
        conclude(Prober.Result.failed(textOf(reason)));
    }

    @Override
    public void onCapacity(ClientConnection ofConnection) {
        // One request is all there is.
    }

    @Override
    public void onDraining(ClientConnection ofConnection) {
        // The request under way goes on.
    }

    @Override
    public void onClosed(ClientConnection ofConnection, ProxyException reason) {
        conclude(Prober.Result.failed(textOf(reason)));
    }

    private RequestHead requestHead() {
        HttpCheck check = question.check();
        RequestHead head = new RequestHead()
                .method(check.method())
                .scheme(question.scheme())
                .authority(check.host().orElse(endpoint.authority()))
                .target(check.path());
        head.fields().add(FieldName.USER_AGENT, "lb4j-health");
        return head;
    }

    @Override
    public void onInformational(ResponseHead head) {
        // An early hint is not the answer.
    }

    @Override
    public void onHead(ResponseHead head, boolean end) {
        HttpCheck check = question.check();
        status = head.status();
        if (!check.isExpected(status)) {
            conclude(Prober.Result.failed("status " + status + " (expected: " + check.expected() + ")"));
        } else if (end || check.content().isEmpty()) {
            judgeContent();
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        try {
            byte[] octets = new byte[Math.min(data.readableBytes(), MAX_CONTENT - content.size())];
            data.readBytes(octets);
            content.writeBytes(octets);
        } finally {
            data.release();
        }
        if (end || content.size() == MAX_CONTENT) {
            judgeContent();
        }
    }

    @Override
    public void onTrailers(Fields trailers) {
        judgeContent();
    }

    private void judgeContent() {
        String expected = question.check().content().orElse("");
        // UTF-8 sought in UTF-8: a match of octets is a match of characters, and a byte cut off at the end spoils none.
        if (content.toString(StandardCharsets.ISO_8859_1)
                .contains(new String(expected.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))) {
            conclude(Prober.Result.passed("status " + status));
        } else {
            conclude(Prober.Result.failed("status " + status + " without the content that is expected"));
        }
    }

    @Override
    public void onFailure(ProxyException failure) {
        conclude(Prober.Result.failed(textOf(failure)));
    }

    @Override
    public void onWritable() {
        // There is nothing more to write.
    }

    private void conclude(Prober.Result result) {
        if (!ended) {
            end();
            report.accept(result);
        }
    }

    private void end() {
        ended = true;
        ClientConnection open = connection;
        if (open != null) {
            connection = null;
            open.close();
        }
    }

    private static String textOf(ProxyException failure) {
        return failure.kind().reason() + ": " + failure.getMessage();
    }
}
