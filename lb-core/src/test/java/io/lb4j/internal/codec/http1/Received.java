package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.RequestReceiver;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A receiver that writes down what it gets and answers by a script, or not at all. Safe to ask from another thread. */
final class Received implements RequestReceiver {
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Consumer<Request> script = request -> {};

    /** A request with the way back. */
    static final class Request extends Heard {
        private final ServerStream stream;
        private final RequestHead requestHead;
        private final Optional<ProxyException> refusal;
        private boolean isAnswered;

        Request(ServerStream stream, RequestHead head, Optional<ProxyException> refusal) {
            this.stream = stream;
            this.requestHead = head.copy();
            this.refusal = refusal;
        }

        ServerStream stream() {
            return stream;
        }

        RequestHead request() {
            return requestHead;
        }

        Optional<ProxyException> refusal() {
            return refusal;
        }

        boolean isAnswered() {
            return isAnswered;
        }

        /** Answers with a status and a body of known length. */
        void answer(int status, String text) {
            isAnswered = true;
            ResponseHead head = new ResponseHead().status(status);
            head.fields().add("content-length", Integer.toString(text.length()));
            stream.writeHead(head, false);
            stream.writeData(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), true);
        }
    }

    /** Says what happens with each request, refused ones included, when its head has come. */
    Received onEach(Consumer<Request> newScript) {
        script = newScript;
        return this;
    }

    @Override
    public StreamListener onRequest(ServerStream stream, RequestHead head, boolean end) {
        Request request = new Request(stream, head, Optional.empty());
        request.headOnly(end);
        requests.add(request);
        script.accept(request);
        return request;
    }

    @Override
    public void onRefusal(ServerStream stream, RequestHead head, ProxyException refusal) {
        Request request = new Request(stream, head, Optional.of(refusal));
        requests.add(request);
        script.accept(request);
    }

    int count() {
        return requests.size();
    }

    Request request(int index) {
        return requests.get(index);
    }

    Request last() {
        return requests.get(requests.size() - 1);
    }
}
